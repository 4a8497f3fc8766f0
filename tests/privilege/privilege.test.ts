/** Least privilege: the packaged policies against every call that the roles made in the end-to-end runs. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Template, Workspace } from '../template/packaging';
import {
  callsMade,
  denied,
  isListed,
  isReasoned,
  type Made,
  needless,
  outdated,
  overlaps,
  type Overlap,
} from './judgement';
import { describe as told, type Part, partText, removable, unusedParts } from './judgement';
import { readRoles, type Role } from './policies';
import { type Reasons, readReasons, REASONS_FILE } from './reasons';
import { readRecordings, type Recording } from './recordings';

const workspace = new Workspace();
let recordings: Recording[];
let template: Template;
let reasons: Reasons;
let roles: Role[];
let absent: string[];
let made: Made[];
let shared: Overlap[];
let unused: Part[];

beforeAll(async () => {
  recordings = readRecordings();
  template = workspace.package('local').template;
  reasons = readReasons();
  ({ roles, absent } = readRoles(template, recordings[0]!.resources));
  made = callsMade(template, recordings);
  shared = await overlaps(made);
  unused = await unusedParts(made, roles);
}, 240_000);
afterAll(() => {
  workspace.remove();
});

describe('the recording', () => {
  it('knows what IAM checks for every request', () => {
    expect(recordings.flatMap(({ name, unknown }) => unknown.map((request) => [name, request]))).toEqual([]);
  });

  it('has calls of every role', () => {
    const silent = roles.filter(({ id }) => !made.some(({ by }) => by.id === id));
    expect(silent.map(({ id }) => id)).toEqual([]);
    expect(made.length).toBeGreaterThan(150);
  });
});

describe('the policy of each role', () => {
  it('allows every call that the role made', async () => {
    expect(await denied(made)).toEqual([]);
  });

  it(`denies the calls of every other role, but for those that ${REASONS_FILE} says both need`, () => {
    const unexplained = shared.filter(
      (overlap) => !reasons.shared.some((entry) => isReasoned(overlap, entry)),
    );
    expect(unexplained.map((overlap) => `${told(overlap)} is allowed to ${overlap.other.id}`)).toEqual([]);
    expect(needless(shared, reasons.shared)).toEqual([]);
  });

  it(`grants no action and names no resource that no call used, but for those in ${REASONS_FILE}`, () => {
    const unlisted = unused.filter((part) => !reasons.unused.some((entry) => isListed(part, entry)));
    expect(unlisted.map(partText)).toEqual([]);
    expect(outdated(unused, reasons)).toEqual([]);
  });

  it(`loses a call with every statement that is taken away, but for those in ${REASONS_FILE}`, async () => {
    expect(await removable(made, reasons)).toEqual([]);
  });

  it('names its resources, but where a reason says why it cannot', () => {
    const statements = roles.flatMap((role) => role.statements);
    const wide = statements.filter(({ resources }) => resources.some(({ written }) => written === '*'));
    const sids = new Set(wide.map(({ sid }) => sid));
    expect([...sids].sort()).toEqual(reasons.everywhere.map(({ statement }) => statement).sort());
  });

  it('is judged, or a reason says why a local stack has not got it', () => {
    expect(absent.sort()).toEqual(reasons.absent.map(({ resource }) => resource).sort());
  });
});
