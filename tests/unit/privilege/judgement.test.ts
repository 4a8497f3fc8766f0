/** The check of the policies (tests/privilege) finds what it is for: each kind of fault, planted in a small stack. */
import { describe, expect, it } from '@jest/globals';
import {
  callsMade,
  denied,
  isListed,
  isReasoned,
  needless,
  outdated,
  overlaps,
  partText,
  removable,
  unusedParts,
} from '../../privilege/judgement';
import { readRoles } from '../../privilege/policies';
import type { Reasons } from '../../privilege/reasons';
import type { Call } from '../../privilege/recordings';
import type { Template } from '../../template/packaging';

interface Written {
  Sid: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}
const READ: Written = {
  Sid: 'Read',
  Action: 's3:GetObject',
  Resource: { 'Fn::Sub': '${Files.Arn}/in/*' },
};
const WRITE: Written = {
  Sid: 'Write',
  Action: ['s3:PutObject'],
  Resource: [{ 'Fn::Sub': '${Files.Arn}/out/*' }],
};
const LEASE: Written = {
  Sid: 'Lease',
  Action: 'dynamodb:GetItem',
  Resource: { 'Fn::GetAtt': ['Table', 'Arn'] },
  Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['control'] } },
};
const none: Reasons = { everywhere: [], absent: [], unused: [], shared: [] };
const resources = { Files: 'files-1', Table: 'table-1', Reader: 'reader-1', Writer: 'writer-1' };

function stack(reader: Written[], writer: Written[]): Template {
  const role = (statements: Written[]) => ({
    Type: 'AWS::IAM::Role',
    Properties: {
      Policies: [{ PolicyDocument: { Statement: statements.map((each) => ({ Effect: 'Allow', ...each })) } }],
    },
  });
  return {
    Parameters: { Keyed: { Default: 'false' } },
    Conditions: { HasKey: { 'Fn::Equals': [{ Ref: 'Keyed' }, 'true'] } },
    Outputs: {},
    Resources: {
      Files: { Type: 'AWS::S3::Bucket', Properties: {} },
      Table: { Type: 'AWS::DynamoDB::Table', Properties: {} },
      Reader: role(reader),
      Writer: role(writer),
      UseKey: { Type: 'AWS::IAM::ManagedPolicy', Condition: 'HasKey', Properties: {} },
    },
  };
}

const call = (role: string, action: string, resource: string, context: Call['context'] = {}): Call => ({
  role,
  action,
  resource,
  context,
});
const READING = call('reader-1', 's3:GetObject', 'arn:aws:s3:::files-1/in/a*b.csv');
const WRITING = call('writer-1', 's3:PutObject', 'arn:aws:s3:::files-1/out/a.csv');
const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/table-1';
const asking = (key: string) =>
  call('reader-1', 'dynamodb:GetItem', table, { 'dynamodb:LeadingKeys': [key] });

const made = (template: Template, calls: Call[]) =>
  callsMade(template, [{ name: 'run', folder: '', calls, unknown: [], resources }]);

describe('the check of the policies', () => {
  it('has nothing to say about roles that may do exactly what they did', async () => {
    const template = stack([READ, LEASE], [WRITE]);
    const calls = made(template, [READING, asking('control'), WRITING]);

    expect(await denied(calls)).toEqual([]);
    expect(await overlaps(calls)).toEqual([]);
    expect(await unusedParts(calls, readRoles(template, resources).roles)).toEqual([]);
    expect(await removable(calls, none)).toEqual([]);
    expect(readRoles(template, resources).absent).toEqual(['UseKey']);
  });

  it('finds a call that its role may not make, by resource, by action and by condition', async () => {
    const template = stack([READ, LEASE], [WRITE]);
    const elsewhere = { ...READING, resource: 'arn:aws:s3:::files-1/other/a.csv' };
    const otherwise = { ...READING, action: 's3:DeleteObject' };

    expect(await denied(made(template, [elsewhere, otherwise, asking('entry'), WRITING]))).toEqual([
      'Reader: s3:GetObject on arn:aws:s3:::files-1/other/a.csv {}',
      'Reader: s3:DeleteObject on arn:aws:s3:::files-1/in/a*b.csv {}',
      `Reader: dynamodb:GetItem on ${table} {"dynamodb:LeadingKeys":["entry"]}`,
    ]);
  });

  it('finds a role that may do what another did, until a reason names both', async () => {
    const template = stack([READ], [WRITE, READ]);
    const found = await overlaps(made(template, [READING, WRITING]));
    const reason = {
      actions: ['s3:GetObject'],
      resources: ['${Files.Arn}/in/*'],
      roles: ['Reader', 'Writer'],
      reason: '',
    };

    expect(found.map(({ by, other }) => [by.id, other.id])).toEqual([['Reader', 'Writer']]);
    expect(found.map((overlap) => isReasoned(overlap, reason))).toEqual([true]);
    expect(found.map((overlap) => isReasoned(overlap, { ...reason, roles: ['Reader', 'Other'] }))).toEqual([
      false,
    ]);
    expect(
      found.map((overlap) => isReasoned(overlap, { ...reason, resources: ['${Files.Arn}/out/*'] })),
    ).toEqual([false]);
    expect(needless(found, [reason])).toEqual([]);
    expect(needless(found, [{ ...reason, actions: ['s3:GetObject', 's3:PutObject'] }])).toEqual([
      'shared[0] s3:PutObject',
    ]);
  });

  it('finds an action and a resource that nobody uses, until a reason names them', async () => {
    const wide = { ...READ, Action: ['s3:GetObject', 's3:PutObject'], Resource: [READ.Resource, '*'] };
    const template = stack([wide], [WRITE]);
    const calls = made(template, [{ ...READING, resource: 'arn:aws:s3:::files-1/in/a.csv' }, WRITING]);
    const unused = await unusedParts(calls, readRoles(template, resources).roles);
    const entry = { roles: ['Reader'], statement: 'Read', actions: ['s3:PutObject'], reason: '' };

    expect(unused.map(partText)).toEqual(['Reader Read: s3:PutObject']);
    expect(unused.map((part) => isListed(part, entry))).toEqual([true]);
    expect(outdated(unused, { ...none, unused: [entry] })).toEqual([]);
    expect(outdated(unused, { ...none, unused: [{ ...entry, actions: ['s3:GetObject'] }] })).toEqual([
      'Reader Read: nothing of it is unused',
    ]);
    const both = { ...entry, actions: ['s3:PutObject', 's3:GetObject'] };
    expect(outdated(unused, { ...none, unused: [both] })).toEqual(['Reader Read: s3:GetObject']);
  });

  it('finds a statement that can go, because another allows the same', async () => {
    const again = { ...READ, Sid: 'ReadAgain' };
    const template = stack([READ, again], [WRITE]);

    expect(await removable(made(template, [READING, WRITING]), none)).toEqual([
      'Reader Read',
      'Reader ReadAgain',
    ]);
  });

  it('refuses a call of a role that the template has not', () => {
    expect(() => made(stack([READ], [WRITE]), [{ ...READING, role: 'stranger' }])).toThrow(
      'no role stranger',
    );
  });

  it('refuses what it cannot resolve, rather than guess', () => {
    const template = stack([{ ...READ, Resource: { 'Fn::ImportValue': 'x' } }], [WRITE]);
    expect(() => made(template, [READING])).toThrow('Fn::ImportValue');
  });
});
