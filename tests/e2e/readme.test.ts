import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { json, Lakehouse, projectDir, succeeded } from './lakehouse';

jest.setTimeout(900_000);

const cloud = new Lakehouse({ recorded: false });
afterAll(() => cloud.remove());

/** The commands of the README's bash blocks; `text` blocks show options and AWS. */
function commands(): string[] {
  const readme = readFileSync(path.join(projectDir, 'README.md'), 'utf8');
  return [...readme.matchAll(/```bash\n(.*?)```/gs)].flatMap(([, block = '']) => block.trim().split('\n'));
}

describe('the README', () => {
  const listed = commands();

  it('shows the two commands first', () => {
    expect(listed.slice(0, 2)).toEqual(['npm start', 'npm test']);
  });

  // npm test would run this test again
  for (const command of listed.filter((line) => line !== 'npm test')) {
    it(`is right about: ${command}`, async () => {
      const finished = succeeded(await cloud.run('bash', ['-c', command]));
      expect(finished.stdout + finished.stderr).not.toBe('');
    });
  }

  it('is right that npm start leaves the sample’s rows to be queried', async () => {
    const [counts] = await cloud.query(
      'SELECT (SELECT count(*) FROM orders) AS o, (SELECT count(*) FROM order_items) AS i',
    );
    expect(Number(counts?.['o'])).toBeGreaterThan(1000);
    expect(Number(counts?.['i'])).toBeGreaterThan(1000);
  });

  it('is right that the doctor examines this machine, or the account that another stage would go to', async () => {
    const account = { AWS_ENDPOINT_URL: cloud.endpoint, AWS_REGION: 'us-east-1' };
    const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const variables = Object.entries({ ...account, ...keys }).map(([name, value]) => `${name}=${value}`);
    const examine = async (...args: string[]): Promise<Record<string, string>> => {
      const command = [...variables, 'npx lakehouse doctor --json', ...args].join(' ');
      const findings = json(succeeded(await cloud.run('bash', ['-c', command]))) as {
        name: string;
        found: string;
      }[];
      return Object.fromEntries(findings.map(({ name, found }) => [name, found]));
    };
    expect(Object.keys(await examine())).toEqual(expect.arrayContaining(['node', 'python', 'java', 'disk']));
    const bucketOf = (stage: string) => `bucket lakehouse-dwh-${stage}-000000000000`;
    expect(await examine('--stage staging')).toMatchObject({
      credentials: 'arn:aws:iam::000000000000:root',
      [bucketOf('staging')]: 'free',
      glue: expect.stringContaining('not deployed'),
    });
    await new S3Client({ ...cloud.client, forcePathStyle: true }).send(
      new CreateBucketCommand({ Bucket: 'lakehouse-dwh-staging-000000000000' }),
    );
    expect(await examine('--stage staging')).toMatchObject({ [bucketOf('staging')]: 'ours' });
  });

  it('is right that sls remove removes the stack', async () => {
    succeeded(await cloud.run('bash', ['-c', 'npx sls remove --stage local']));
    expect((await cloud.lakehouse('status')).stderr).toContain('lakehouse-local');
  });
});
