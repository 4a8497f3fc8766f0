/** Before the first test file: deploys the service once, to a local cloud that each file starts a copy of. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run, succeeded, TEMPLATE } from './command';

export default async function deployTemplate(): Promise<void> {
  const home = mkdtempSync(path.join(tmpdir(), 'lakehouse-e2e-template-'));
  process.env[TEMPLATE] = home;
  const env = { ...process.env, LAKEHOUSE_HOME: home, LOCALCLOUD_RECORD_CALLS: '1' };
  for (const command of ['up', 'down']) succeeded(await run('node', ['bin/lakehouse.cjs', command], { env }));
}
