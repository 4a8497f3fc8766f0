/** Each fault point end to end on the local cloud, with real Spark; see docs/reliability.md. */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chosenPoints } from './choice';
import { bodyOf, firstRows, keyOf } from './deliveries';
import { Lab } from './lab';
import { expected } from './oracle';
import { type Result, saveResults } from './results';
import { Trial } from './trial';

jest.setTimeout(900_000);

const lab = new Lab();
const results: Result[] = [];
const rested: { trial: Trial; result: Result }[] = [];

// waits and retry delays of the state machine: a test need not wait as long as a stage
process.env['LOCALCLOUD_WAIT_SCALE'] ??= '0.2';

beforeAll(async () => {
  await lab.open();
  // every table exists and the JVM is warm before the first fault
  const fileIds = await Promise.all(firstRows('first').map((file) => lab.put(keyOf(file), bodyOf(file))));
  await lab.rest(fileIds, 240);
});
afterAll(async () => {
  // with what the replay has shown since
  saveResults(process.env, results);
  await lab.close();
});

describe('a pipeline that is cut', () => {
  it.each(chosenPoints(process.env).map(({ kind, point }) => ({ kind, point, ...point })))(
    'at $id ($where: $fault) ends with the tables of an undisturbed one',
    async ({ kind, point }) => {
      const trial = new Trial(lab, point);
      const begin = performance.now();
      await trial.run();
      const seconds = (performance.now() - begin) / 1000;

      // a rule that never struck would prove nothing
      expect(trial.struck.every((times) => times > 0)).toBe(true);
      const found = await trial.found();
      const wanted = trial.wanted(expected(await trial.delivered()));
      const { id, where, fault } = point;
      const equal = isDeepStrictEqual(found, wanted);
      const result: Result = { kind, id, where, fault, sweeps: trial.sweeps, seconds, equal };
      results.push(result);
      saveResults(process.env, results);
      expect(found).toEqual(wanted);
      if (point.recovers === 'itself') expect(trial.sweeps).toBe(0);
      rested.push({ trial, result });
    },
  );

  it('changes nothing when every file is replayed', async () => {
    const before = await lineages();
    const versions = await lab.versions();

    await lab.replayEverything();

    const same = (await lineages()).map((lineage, index) => lineage === before[index]);
    const sameVersions = JSON.stringify(await lab.versions()) === JSON.stringify(versions);
    rested.forEach(({ result }, index) => (result.unchanged = (same[index] ?? false) && sameVersions));
    expect(await lab.versions()).toEqual(versions);
    expect(rested.filter(({ result }) => result.unchanged !== true)).toEqual([]);
  });

  it('changes no row when every file is delivered again', async () => {
    const before = await lineages();
    const versions = withoutRejects(await lab.versions());

    const fileIds: string[] = [];
    for (const { trial } of rested) fileIds.push(...(await trial.again()));
    await lab.rest(fileIds, 600);

    expect(await lineages()).toEqual(before);
    expect(withoutRejects(await lab.versions())).toEqual(versions);
  });
});

/** The rows of each point with the file, line and batch that wrote them. */
async function lineages(): Promise<string[]> {
  return Promise.all(rested.map(async ({ trial }) => JSON.stringify(await trial.lineage())));
}

/** A file that comes again is a file of its own, and so are its rejects. */
function withoutRejects(versions: Record<string, number | null>): Record<string, number | null> {
  return Object.fromEntries(Object.entries(versions).filter(([name]) => !name.endsWith('_rejects')));
}
