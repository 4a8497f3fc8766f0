/** The policies of the packaged roles, as one recorded stack has them. */
import { ofType, type Template } from '../template/packaging';
import { Intrinsics } from './intrinsics';

/** An Allow statement of a role, resolved. */
export interface Statement {
  readonly sid: string;
  readonly actions: readonly string[];
  /** As the template writes them, beside what they are in this stack. */
  readonly resources: readonly { readonly written: string; readonly arn: string }[];
  readonly condition: unknown;
}

export interface Role {
  /** Logical name. */
  readonly id: string;
  /** Physical name, which is the key that its calls are signed with. */
  readonly name: string;
  readonly statements: readonly Statement[];
}

interface Written {
  Sid?: string;
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** `${LandingBucket.Arn}/raw/*`, whichever intrinsic says it. */
function written(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const [[name, argument] = ['', '']] = Object.entries(resource as Record<string, string | string[]>);
  if (name === 'Fn::Sub') return String(argument);
  return `\${${list(argument).join('.')}}`;
}

function statementOf(role: string, statement: Written, intrinsics: Intrinsics): Statement {
  const { Sid, Effect, Action, Resource, Condition } = statement;
  if (Sid === undefined) throw new Error(`${role}: a statement without a Sid cannot be reasoned about`);
  if (Effect !== 'Allow')
    throw new Error(`${role} ${Sid}: only Allow is judged; removing a Deny makes nothing denied`);
  const resources = list(Resource).map((resource) => ({
    written: written(resource),
    arn: String(intrinsics.resolve(resource)),
  }));
  return { sid: Sid, actions: list(Action), resources, condition: intrinsics.resolve(Condition) };
}

/** The roles that this stack has, and the logical names of those roles and policies that it has not. */
export function readRoles(
  template: Template,
  resources: Readonly<Record<string, string>>,
): { roles: Role[]; absent: string[] } {
  const intrinsics = new Intrinsics(template, resources);
  const all = ofType(template, 'AWS::IAM::Role');
  const managed = ofType(template, 'AWS::IAM::ManagedPolicy').map(([id]) => id);
  const present = managed.filter((id) => intrinsics.exists(id));
  if (present.length > 0) throw new Error(`managed policies are not judged yet: ${present.join(', ')}`);
  const roles = all
    .filter(([id]) => intrinsics.exists(id))
    .map(([id, { Properties }]) => {
      const policies = Properties['Policies'] as { PolicyDocument: { Statement: Written[] } }[];
      const statements = policies
        .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
        .map((statement) => statementOf(id, statement, intrinsics));
      const sids = statements.map(({ sid }) => sid);
      if (new Set(sids).size < sids.length) throw new Error(`${id}: two statements have the same Sid`);
      return { id, name: String(intrinsics.resolve({ Ref: id })), statements };
    });
  const absent = [...all.map(([id]) => id).filter((id) => !intrinsics.exists(id)), ...managed];
  return { roles, absent };
}
