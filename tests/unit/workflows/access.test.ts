import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const GITHUB = path.resolve(__dirname, '../../../.github');

interface Statement {
  readonly Sid: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
interface Role {
  readonly AssumeRolePolicyDocument: { readonly Statement: readonly Statement[] };
  readonly Policies: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
}

describe('the roles of GitHub Actions', () => {
  const { Resources } = parse(readFileSync(path.join(GITHUB, 'aws', 'deploy-roles.yml'), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: Role }>;
  };
  const roles = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');

  it('are given to one environment of one repository, by equality', () => {
    const trusted = roles.map(([id, { Properties }]) => [
      id,
      Properties.AssumeRolePolicyDocument.Statement.map(({ Condition }) => Condition),
    ]);
    const only = (suffix: string) => [
      {
        StringEquals: {
          'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
          'token.actions.githubusercontent.com:sub': {
            'Fn::Sub': `repo:\${Repository}:environment:\${Stage}${suffix}`,
          },
        },
      },
    ];
    expect(trusted).toEqual([
      ['DeployRole', only('')],
      ['WatchRole', only('-watch')],
    ]);
  });

  it('reach nothing without the stage in its name, its tag or the request, but for what takes no resource', () => {
    const statements = roles.flatMap(([, { Properties }]) =>
      Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
    );
    const unbound = statements.filter((statement) => {
      const arns = [statement.Resource].flat().map((arn) => JSON.stringify(arn));
      const named = arns.every((arn) => arn.includes('${Stage}') || arn.endsWith(':catalog"}'));
      return !named && !JSON.stringify(statement.Condition ?? '').includes('${Stage}');
    });
    expect(unbound.map(({ Sid }) => Sid)).toEqual(['WithoutResource', 'CompareStatus']);
    for (const { Action } of unbound)
      expect([Action].flat().filter((name) => name.includes('*'))).toEqual([]);
  });
});

describe('the rules of the repository', () => {
  it('are set by a script whose requests are whole', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'protect-'));
    try {
      const gh = path.join(folder, 'gh');
      // stands in for the GitHub CLI: says what it was asked, with the body as one line
      writeFileSync(gh, '#!/bin/sh\necho "$3 $4 $(tr -d "\\n")"\n');
      chmodSync(gh, 0o755);
      const { status, stdout } = spawnSync(path.join(GITHUB, 'protect.sh'), ['o/n', '42'], {
        encoding: 'utf8',
        env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
      });
      expect(status).toBe(0);
      const asked = stdout
        .trim()
        .split('\n')
        .map((line) => {
          const [method, url, ...body] = line.split(' ');
          return [method, url, JSON.parse(body.join(' ')) as Record<string, unknown>] as const;
        });
      expect(asked.map(([method, url]) => `${method ?? ''} ${url ?? ''}`)).toEqual(
        [
          'branches/main/protection',
          ...['staging', 'prod', 'staging-watch', 'prod-watch'].map((name) => `environments/${name}`),
          'actions/permissions/workflow',
        ].map((rest) => `PUT repos/o/n/${rest}`),
      );
      const [, , prod] = asked;
      expect(prod?.[2]).toMatchObject({ reviewers: [{ type: 'Team', id: 42 }], prevent_self_review: true });
      expect(asked[0]?.[2]).toMatchObject({ enforce_admins: true, allow_force_pushes: false });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('wait for the check that ci has', () => {
    const script = readFileSync(path.join(GITHUB, 'protect.sh'), 'utf8');
    const ci = parse(readFileSync(path.join(GITHUB, 'workflows', 'ci.yml'), 'utf8')) as { jobs: object };
    const [, contexts = '[]'] = /"contexts": (\[.*?\])/.exec(script) ?? [];
    expect(Object.keys(ci.jobs)).toEqual(JSON.parse(contexts));
  });
});
