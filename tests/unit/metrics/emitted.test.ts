import { expect, test } from '@jest/globals';
import { detectArrival } from '../../../src/arrival/detectArrival';
import { planBatch } from '../../../src/batch/planBatch';
import { datasetNames } from '../../../src/contract/contracts';
import { settleJob } from '../../../src/job/settleJob';
import { embeddedMetrics } from '../../../src/metrics/emf';
import { metrics } from '../../../src/metrics/metrics';
import { publishOutcome } from '../../../src/outcome/publishOutcome';
import { emittedBy } from '../fakes/emfLines';
import { askForMaintenance } from '../fakes/maintained';
import { LANDING, World } from '../fakes/world';
import { inWords, namedMetrics } from './named';

const policy = { jobNamePrefix: 'jobs-', maxAttempts: 3, backoffSeconds: 1 };

/** A file of every dataset, loaded after a run of each job failed; then maintenance and a sweep. */
async function day(): Promise<void> {
  const world = new World();
  const ports = Object.assign(world, { measure: embeddedMetrics('local'), random: () => 0.5 });
  await world.arrive(...datasetNames.map((dataset) => `raw/${dataset}/a.csv`));
  const lease = await world.acquire();
  const batch = await world.plan(lease);
  for (const dataset of datasetNames)
    await settleJob(ports, policy, {
      lease,
      batch,
      dataset,
      attempt: 1,
      error: { Error: 'States.TaskFailed' },
    });
  const outcomes = await world.load(lease, batch);
  await publishOutcome(ports, { lease, batch, outcomes, validation: [{ name: 'keys', violations: 0 }] });
  await askForMaintenance(world);
  const maintenance = { ...world.settings.maintenance, minFiles: 1 };
  const startedAt = world.now().toISOString();
  const planned = await planBatch(world, { ...world.settings, maintenance }, { lease, startedAt });
  if (planned.status !== 'OPERATING') throw new Error(`planning answered ${planned.status}`);
  const maintained = await world.maintain(lease, planned.batch, planned.datasets);
  await publishOutcome(ports, { lease, batch: planned.batch, outcomes: maintained, validation: [] });
  await detectArrival(ports, LANDING, { sweep: true });
}

test('every metric that an alarm or a graph names is emitted with exactly its dimensions', async () => {
  const emitted = new Set((await emittedBy(day)).map(inWords));
  const named = namedMetrics('local');
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((metric) => !emitted.has(metric))).toEqual([]);
});

test('no metric is emitted with a dimension that names a file, a batch or a run', async () => {
  const emitted = await emittedBy(day);
  const values = new Set(emitted.flatMap(({ dimensions }) => Object.values(dimensions)));
  expect([...values].sort()).toEqual([...datasetNames, 'local'].sort());
  expect(new Set(emitted.map(({ name }) => name))).toEqual(new Set(Object.keys(metrics)));
});
