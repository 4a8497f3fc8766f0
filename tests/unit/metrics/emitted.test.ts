import { expect, test } from '@jest/globals';
import { detectArrival } from '../../../src/arrival/detectArrival';
import rules from '../../../schemas/rules.json';
import { planBatch } from '../../../src/batch/planBatch';
import { datasetNames, tables } from '../../../src/contract/contracts';
import { settleJob } from '../../../src/job/settleJob';
import { embeddedMetrics } from '../../../src/metrics/emf';
import { measureStorage, zones } from '../../../src/metrics/measureStorage';
import { metrics } from '../../../src/metrics/metrics';
import { publishOutcome } from '../../../src/outcome/publishOutcome';
import { emittedBy } from '../fakes/emfLines';
import { askForMaintenance } from '../fakes/maintained';
import { LANDING, World } from '../fakes/world';
import { missingAmong, namedMetrics } from './named';

const policy = { jobNamePrefix: 'jobs-', maxAttempts: 3, backoffSeconds: 1 };

/** A file of every dataset with rows that break a rule, loaded after a run of each job failed; then maintenance and a sweep. */
async function day(): Promise<void> {
  const world = new World();
  world.rejects = () => ({ NULL_KEY: 2 });
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
  await measureStorage(ports, { landing: LANDING, warehouse: 'warehouse', artefacts: 'artefacts' });
}

test('every metric that an alarm or a graph names is emitted with exactly its dimensions', async () => {
  const emitted = await emittedBy(day);
  const named = namedMetrics('local');
  expect(named).toContain('RowsRejectedByRule dataset=*,rule=*,stage=local');
  expect(named.length).toBeGreaterThan(80);
  expect(missingAmong(named, emitted)).toEqual([]);
});

test('a graph that searches for a metric under other dimensions than it has finds nothing', async () => {
  const emitted = await emittedBy(day);
  const named = ['RowsRejectedByRule rule=*,stage=local', 'RowsRejectedByRule dataset=*,rule=*,stage=prod'];
  expect(missingAmong(named, emitted)).toEqual(named);
});

test('no metric is emitted with a dimension that names a file, a batch or a run', async () => {
  const emitted = await emittedBy(day);
  const known: Record<string, readonly string[]> = {
    ...{ stage: ['local'], dataset: datasetNames },
    ...{ rule: rules.map(({ name }) => name), table: tables.map(({ name }) => name) },
    zone: Object.keys(zones),
  };
  const strangers = emitted.flatMap(({ dimensions }) =>
    Object.entries(dimensions).filter(([key, value]) => !known[key]?.includes(value)),
  );
  expect(strangers).toEqual([]);
  expect(new Set(emitted.map(({ name }) => name))).toEqual(new Set(Object.keys(metrics)));
});
