import { describe, expect, test } from '@jest/globals';
import { settleJob } from '../../../src/job/settleJob';
import { World } from '../fakes/world';

const policy = { jobNamePrefix: 'jobs-', maxAttempts: 3, backoffSeconds: 10 };

/** A batch whose orders job ended: the last run, and the run and family of the failure document. */
async function ended(state: string, document?: { run: string; family: string }) {
  const world = new World();
  await world.arrive('raw/orders/a.csv');
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  const stopped: string[] = [];
  if (document !== undefined) {
    const error = { name: 'RowsUnaccounted', family: document.family, message: 'off by one' };
    const body = { dataset: 'orders', number: batch.number, jobRunId: document.run, error };
    world.objects.put(
      'artefacts',
      `${batch.prefix.slice('s3://artefacts/'.length)}failures/orders.json`,
      JSON.stringify(body),
    );
  }
  const runs = {
    latest: () =>
      Promise.resolve([
        { id: 'jr2', state },
        { id: 'jr1', state: 'FAILED' },
      ]),
    stop: (job: string, ids: readonly string[]) => {
      stopped.push(job, ...ids);
      return Promise.resolve();
    },
  };
  const ports = { store: world.store, objects: world.objects, runs, random: () => 1, measure: world.measure };
  const error = { Error: 'States.TaskFailed', Cause: 'why' };
  const settle = (attempt: number) =>
    settleJob(ports, policy, { lease, batch, dataset: 'orders', attempt, error });
  world.measured.length = 0;
  return { settle, stopped, measured: world.measured };
}

describe('after a job run that did not succeed', () => {
  test('an active run is stopped and waited for', async () => {
    const { settle, stopped, measured } = await ended('RUNNING');
    expect(await settle(1)).toEqual({ action: 'WAIT', seconds: 10 });
    expect(measured).toEqual([]);
    expect(stopped).toEqual(['jobs-orders', 'jr2']);
  });

  test('a run that is stopping already is only waited for', async () => {
    const { settle, stopped } = await ended('STOPPING');
    expect(await settle(1)).toMatchObject({ action: 'WAIT' });
    expect(stopped).toEqual([]);
  });

  test('a terminal error of the last run fails the dataset', async () => {
    const { settle, measured } = await ended('FAILED', { run: 'jr2', family: 'terminal' });
    const failure = { name: 'RowsUnaccounted', family: 'terminal', message: 'off by one' };
    expect(await settle(1)).toEqual({ action: 'FAIL', seconds: 0, failure });
    expect(measured).toEqual([
      { name: 'JobFailures', value: 1, dataset: 'orders' },
      { name: 'RowsUnaccounted', value: 1, dataset: 'orders' },
    ]);
  });

  test('the document of an earlier run says nothing about the last', async () => {
    const { settle } = await ended('FAILED', { run: 'jr1', family: 'terminal' });
    expect(await settle(1)).toEqual({ action: 'RETRY', seconds: 10 });
  });

  test('transient errors are retried with growing delays until the attempts are used up', async () => {
    const { settle } = await ended('FAILED', { run: 'jr2', family: 'transient' });
    expect(await settle(1)).toEqual({ action: 'RETRY', seconds: 10 });
    expect(await settle(2)).toEqual({ action: 'RETRY', seconds: 20 });
    expect(await settle(3)).toMatchObject({ action: 'STALL', failure: { name: 'RowsUnaccounted' } });
  });

  test('a run that left no word was interrupted', async () => {
    const { settle } = await ended('TIMEOUT');
    const failure = { name: 'JobInterrupted', family: 'transient', message: 'States.TaskFailed: why' };
    expect(await settle(3)).toEqual({ action: 'STALL', seconds: 0, failure });
  });
});
