/** Calls against policies: who may do what, and what nobody has done. */
import { Intrinsics } from './intrinsics';
import { type Role, readRoles, type Statement } from './policies';
import type { Reasons, Shared, Unused } from './reasons';
import type { Call, Recording } from './recordings';
import { allowing } from './simulate';
import type { Template } from '../template/packaging';

/** One call of a role in one recorded stack. */
export interface Made {
  readonly call: Call;
  readonly by: Role;
  /** All roles of the stack in which it was made. */
  readonly roles: readonly Role[];
  readonly intrinsics: Intrinsics;
}

/** A call that another role may make too. */
export interface Overlap extends Made {
  readonly other: Role;
}

export const describe = ({ call, by }: Made): string =>
  `${by.id}: ${call.action} on ${call.resource} ${JSON.stringify(call.context)}`;

/** What differs only in numbers, hashes and ids is one call: no policy tells them apart. */
function kindOf({ role, action, resource, context }: Call): string {
  const text = JSON.stringify([role, action, resource, context]);
  return text.replaceAll(/[0-9a-f]{8,}(-[0-9a-f]{4,})*|\d+/g, '#');
}

/**
 * The calls of all recordings, one of each kind.
 *
 * @throws Error for a call of a role that the template has not
 */
export function callsMade(template: Template, recordings: readonly Recording[]): Made[] {
  const kinds = new Map<string, Made>();
  for (const { name, calls, resources } of recordings) {
    const { roles } = readRoles(template, resources);
    const intrinsics = new Intrinsics(template, resources);
    for (const call of calls) {
      const by = roles.find((role) => role.name === call.role);
      if (by === undefined) throw new Error(`${name}: the template has no role ${call.role}`);
      const made = { call, by, roles, intrinsics };
      kinds.set(kindOf({ ...call, role: by.id }), made);
    }
  }
  return [...kinds.values()];
}

export async function denied(made: readonly Made[]): Promise<string[]> {
  const found: string[] = [];
  for (const each of made)
    if ((await allowing(each.call, each.by.statements)).length === 0) found.push(describe(each));
  return found;
}

export async function overlaps(made: readonly Made[]): Promise<Overlap[]> {
  const found: Overlap[] = [];
  for (const each of made)
    for (const other of each.roles.filter(({ id }) => id !== each.by.id))
      if ((await allowing(each.call, other.statements)).length > 0) found.push({ ...each, other });
  return found;
}

/** `${Bucket.Arn}/a/*` -> whether an ARN of the recorded stack is meant. */
function covers(pattern: string, arn: string, intrinsics: Intrinsics): boolean {
  const resolved = String(intrinsics.resolve({ 'Fn::Sub': pattern }));
  const expression = resolved.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${expression.join('.*')}$`, 's').test(arn);
}

export const isReasoned = ({ call, by, other, intrinsics }: Overlap, shared: Shared): boolean =>
  shared.actions.includes(call.action) &&
  shared.roles.includes(by.id) &&
  shared.roles.includes(other.id) &&
  shared.resources.some((pattern) => covers(pattern, call.resource, intrinsics));

/** What of the shared reasons no overlap needs: whole entries, or actions, resources and roles of one. */
export function needless(found: readonly Overlap[], shared: readonly Shared[]): string[] {
  return shared.flatMap((entry, index) => {
    if (entry.sometimes === true) return [];
    const met = found.filter((overlap) => isReasoned(overlap, entry));
    const unmet = [
      ...entry.actions.filter((action) => !met.some(({ call }) => call.action === action)),
      ...entry.roles.filter((id) => !met.some(({ by, other }) => id === by.id || id === other.id)),
      ...entry.resources.filter(
        (pattern) => !met.some(({ call, intrinsics }) => covers(pattern, call.resource, intrinsics)),
      ),
    ];
    return unmet.map((what) => `shared[${index}] ${what}`);
  });
}

/** A grant of the template: an action or a resource of a statement, of a whole role or of one recorded stack. */
export interface Part {
  readonly role: string;
  readonly statement: string;
  readonly action?: string;
  readonly resource?: string;
}

export const partText = ({ role, statement, action, resource }: Part): string =>
  `${role} ${statement}: ${action ?? resource ?? ''}`;

const partsOf = (role: Role, { sid, actions, resources }: Statement): Part[] => [
  ...actions.map((action) => ({ role: role.id, statement: sid, action })),
  ...resources.map(({ written }) => ({ role: role.id, statement: sid, resource: written })),
];

/** Every action and every resource that no call has used. */
export async function unusedParts(made: readonly Made[], roles: readonly Role[]): Promise<Part[]> {
  const used = new Set<string>();
  for (const { call, by } of made)
    for (const { statement, resource } of await allowing(call, by.statements)) {
      const { written = '' } = statement.resources.find(({ arn }) => arn === resource) ?? {};
      const whose = { role: by.id, statement: statement.sid };
      used.add(partText({ ...whose, action: call.action })).add(partText({ ...whose, resource: written }));
    }
  return roles
    .flatMap((role) => role.statements.flatMap((statement) => partsOf(role, statement)))
    .filter((part) => !used.has(partText(part)));
}

export function isListed({ role, statement, action, resource }: Part, entry: Unused): boolean {
  if (entry.statement !== statement || !(entry.roles.includes('*') || entry.roles.includes(role)))
    return false;
  const whole = entry.actions === undefined && entry.resources === undefined;
  if (action !== undefined) return whole || (entry.actions?.includes(action) ?? false);
  return whole || (resource !== undefined && (entry.resources?.includes(resource) ?? false));
}

/** What of the reasons for unused parts is in use, or not in the template. */
export function outdated(unused: readonly Part[], { unused: entries }: Reasons): string[] {
  return entries.flatMap((entry) => {
    if (entry.sometimes === true) return [];
    const whose = `${entry.roles.join()} ${entry.statement}`;
    const parts = unused.filter((part) => isListed(part, entry));
    if (parts.length === 0) return [`${whose}: nothing of it is unused`];
    const missing = [
      ...entry.roles.filter((role) => role !== '*' && !parts.some((part) => part.role === role)),
      ...(entry.actions ?? []).filter((action) => !parts.some((part) => part.action === action)),
      ...(entry.resources ?? []).filter((resource) => !parts.some((part) => part.resource === resource)),
    ];
    return missing.map((what) => `${whose}: ${what}`);
  });
}

/** Statements that can go without any call being denied, but for those that are listed as a whole. */
export async function removable(made: readonly Made[], { unused }: Reasons): Promise<string[]> {
  const essential = new Set<string>();
  const all = new Set<string>();
  for (const { call, by } of made) {
    for (const { sid } of by.statements) all.add(`${by.id} ${sid}`);
    for (const statement of new Set((await allowing(call, by.statements)).map((grant) => grant.statement))) {
      const name = `${by.id} ${statement.sid}`;
      if (essential.has(name)) continue;
      const rest = by.statements.filter((other) => other !== statement);
      if ((await allowing(call, rest)).length === 0) essential.add(name);
    }
  }
  const listed = (name: string): boolean =>
    unused.some(({ roles, statement, actions, resources }) => {
      const whole = actions === undefined && resources === undefined;
      return (
        whole &&
        (roles.includes('*')
          ? name.endsWith(` ${statement}`)
          : roles.some((role) => name === `${role} ${statement}`))
      );
    });
  return [...all].filter((name) => !essential.has(name) && !listed(name));
}
