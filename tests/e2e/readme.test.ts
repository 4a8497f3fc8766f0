import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Lakehouse, projectDir, succeeded } from './lakehouse';

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

  it('is right that sls remove removes the stack', async () => {
    succeeded(await cloud.run('bash', ['-c', 'npx sls remove --stage local']));
    expect((await cloud.lakehouse('status')).stderr).toContain('lakehouse-local');
  });
});
