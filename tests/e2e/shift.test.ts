/**
 * A file of its own, not the end of release.test.ts: after a failed execution the alarm stays on for five minutes, and meanwhile
 * it refuses every shift.
 */
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ReleaseOutput } from '../../generated/types/outputs/release';
import { type Finished, json, Lakehouse, succeeded, until } from './lakehouse';
import { csv, row } from './rows';
import { copyService } from './serviceCopy';

jest.setTimeout(1_200_000);

const cloud = new Lakehouse();
const checkout = copyService();

/** The names of the releases that get new executions, the newest first. */
async function live(): Promise<string[]> {
  const listed = json(succeeded(await cloud.lakehouse('release', 'list', '--json'))) as ReleaseOutput;
  return listed.filter((release) => release.live > 0).map(({ name }) => name);
}

beforeAll(() => cloud.up());
afterAll(async () => {
  await cloud.remove();
  checkout.remove();
});

describe('a bad release that takes over by and by', () => {
  const BY_HAND = {
    stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:lakehouse-local-ingest:live',
    input: JSON.stringify({ trigger: 'command' }),
  };

  it('is taken back by its deploy when executions fail on it, and what it failed on is loaded', async () => {
    const handler = path.join(checkout.folder, 'src/handlers/planBatch.ts');
    writeFileSync(handler, 'export const handler = () => { throw new TypeError("a bad release"); };\n');
    const shift = ['Shift=CANARY', 'ShiftPercent=50', 'ShiftMinutes=30', '=gradual'];
    const parameters = shift.map((parameter) => `--param release${parameter}`).join(' ');
    const deploy = `cd '${checkout.folder}'; npx sls deploy --stage local ${parameters}`;
    let deployed: Finished | undefined;
    const deploying = cloud.run('bash', ['-e', '-c', deploy]).then((end) => {
      deployed = end;
    });
    const both = async () => (await live()).length === 2;
    await until('both releases are live', async () => deployed !== undefined || (await both()), 600);
    // what ended the deploy is the first thing to know when it ended too early
    expect(deployed).toBeUndefined();
    expect(await live()).toEqual(['gradual', 'unnamed']);

    const machines = new SFNClient(cloud.client);
    const loading = cloud.ingest(cloud.file('products/shift.csv', csv('products', [row('products', 7)])));
    await until(
      'the deploy ends',
      async () => {
        // every second start is one of the bad release
        if (await both()) await machines.send(new StartExecutionCommand(BY_HAND));
        return deployed !== undefined;
      },
      600,
    );
    await deploying;
    expect(deployed?.code).not.toBe(0);
    expect((deployed?.stdout ?? '') + (deployed?.stderr ?? '')).toContain('executions-failed went off');
    expect(await live()).toEqual(['unnamed']);
    const { files } = await loading;
    expect(files.map(({ state }) => state)).toEqual(['ARCHIVED']);
  });
});
