import { describe, expect, it } from '@jest/globals';
import { type IngestOutput } from '../../../generated/types/outputs/ingest';
import { type FailedExecution } from '../../../src/cli/ingest/follow';
import { runSmoke, type SmokePorts } from '../../../src/cli/release/smoke';
import { writeHeaders, writeRows } from '../../../src/cli/release/smokeFiles';
import { datasetNames } from '../../../src/contract/contracts';
import { type Release } from '../../../src/release/releases';
import { judgeSmoke, type SmokeExpectation, type SmokeRun } from '../../../src/release/smoke';
import { entryItem, FakeClock, FakeRun, FakeTerminal, folderOf } from '../cli/fakes';

const KEY = 'raw/orders/smoke.csv';
const violated = (violations: number) => [{ name: 'unique', violations, passed: violations === 0 }];
const NO_ROWS = {
  ...{ read: 0, inserted: 0, updated: 0, unchanged: 0 },
  ...{ superseded: 0, duplicate: 0, rejected: 0, orphaned: 0 },
};
const loaded = (
  rows: Partial<typeof NO_ROWS> = {},
  state: 'ARCHIVED' | 'FAILED' = 'ARCHIVED',
): IngestOutput => ({
  files: [{ key: KEY, dataset: 'orders', state, reasons: [], rows: { ...NO_ROWS, ...rows } }],
  batches: [{ number: 7, datasets: ['orders'], jobRuns: 1, seconds: 40 }],
  validation: violated(0),
  tables: [],
});
const run = (output = loaded(), more: Partial<SmokeRun> = {}): SmokeRun => ({
  ...{ output, timedOut: false, ranOn: ['machine:2'] },
  ...more,
});
const expected: SmokeExpectation = {
  ...{ release: 'machine:2', datasets: ['orders'], rows: new Map([[KEY, 0]]) },
};
const failed = (seen: SmokeRun, wanted = expected): string[] =>
  judgeSmoke(seen, wanted).flatMap(({ name, passed }) => (passed ? [] : [name]));

describe('a smoke', () => {
  it('passes when the release loaded every row and brought no violation', () => {
    expect(failed(run())).toEqual([]);
    const sample = { ...expected, rows: new Map([[KEY, 40]]) };
    expect(failed(run(loaded({ read: 40, unchanged: 40 })), sample)).toEqual([]);
  });

  it.each<[string, SmokeRun, Partial<SmokeExpectation>, string]>([
    ['a file is not archived', run(loaded({}, 'FAILED')), {}, 'files'],
    ['rows were read that the file has not', run(loaded({ read: 1, inserted: 1 })), {}, 'files'],
    [
      'a row is set aside',
      run(loaded({ read: 2, inserted: 1, rejected: 1 })),
      { rows: new Map([[KEY, 2]]) },
      'files',
    ],
    ['a job did not run', run(), { datasets: ['orders', 'products'] }, 'jobs'],
    ['another release took the files', run(loaded(), { ranOn: ['machine:1'] }), {}, 'release'],
    ['nothing ran', run(loaded(), { ranOn: [] }), {}, 'release'],
    ['a batch brought a violation', run({ ...loaded(), validation: violated(1) }), {}, 'validation'],
    ['nothing was validated', run({ ...loaded(), validation: [] }), {}, 'validation'],
    ['the time was over', run(loaded(), { timedOut: true }), {}, 'finished'],
  ])('fails when %s', (_, seen, more, name) => {
    expect(failed(seen, { ...expected, ...more })).toEqual([name]);
  });

  const release = (number: number, weight: number): Release => ({
    ...{ number, arn: `machine:${number}`, name: 'commit', createdAt: '', weight },
    ...{ withdrawn: false, functions: [] },
  });

  const settings = { stage: 'local', datasets: ['orders'], signal: new AbortController().signal };

  function ports(
    ranOn: string[],
    more: Partial<SmokePorts> = {},
    output = loaded(),
  ): SmokePorts & { landed: number[] } {
    const landed: number[] = [];
    const view = new FakeRun([{ files: [], entries: [entryItem(7, 'DONE')] }]);
    return {
      ...{ terminal: new FakeTerminal(), landed },
      releases: { list: () => Promise.resolve([release(2, 100), release(1, 0)]) },
      view: {
        files: (ids) => view.files(ids),
        entry: () => Promise.resolve(entryItem(7, 'DONE')),
        failedExecutions: () => view.failedExecutions(),
        sweep: () => view.sweep(),
      },
      versionOf: () => Promise.resolve(ranOn[landed.length - 1]),
      land: (attempt) => {
        landed.push(attempt);
        return Promise.resolve({ files: new Map([[KEY, 0]]), result: { output, exitCode: 0 } });
      },
      samples: (series) => Promise.resolve(series.map(() => landed.length)),
      clock: new FakeClock(),
      ...more,
    };
  }

  it('lands other files when a former release, still at work, took the first', async () => {
    const tried = ports(['machine:1', 'machine:2']);
    expect(await runSmoke(settings, tried)).toMatchObject({
      exitCode: 0,
      output: { release: 2, passed: true },
    });
    expect(tried.landed).toEqual([1, 2]);
  });

  it('fails when it never met the release that is live', async () => {
    const tried = ports(['machine:1', 'machine:1', 'machine:1']);
    expect(await runSmoke(settings, tried)).toMatchObject({ exitCode: 1 });
    expect(tried.landed).toHaveLength(3);
  });

  it('ends at once when an execution of the release fails, not when one of another does', async () => {
    const failure: FailedExecution = { arn: 'x', status: 'FAILED', error: 'PlanFailed', cause: 'no' };
    const failing = (version: string): SmokePorts => {
      const base = ports(['machine:2']);
      return {
        ...base,
        view: { ...base.view, failedExecutions: () => Promise.resolve([failure]) },
        versionOf: (arn) => Promise.resolve(arn === 'x' ? version : 'machine:2'),
        land: async (attempt, view) => {
          await view.failedExecutions(new Date());
          return base.land(attempt, view);
        },
      };
    };
    await expect(runSmoke(settings, failing('machine:2'))).rejects.toThrow(
      'The release fails: execution x ended FAILED: PlanFailed',
    );
    expect(await runSmoke(settings, failing('machine:1'))).toMatchObject({ exitCode: 0 });
  });

  it('waits until CloudWatch has every metric of the load, and takes none of an earlier one for it', async () => {
    const looks: number[] = [];
    const late = ports(['machine:2'], {
      samples: (series, since) => {
        const look = looks.push(since.getTime());
        // three of each are there before; the load's first comes at once, the others at the fifth look
        return Promise.resolve(series.map((_, index) => (look >= (index === 0 ? 2 : 5) ? 4 : 3)));
      },
    });
    const began = late.clock.now();
    expect(await runSmoke(settings, late)).toMatchObject({ exitCode: 0, output: { passed: true } });
    expect(looks).toEqual(Array.from({ length: 5 }, () => began));
    expect(late.clock.now() - began).toBe(15_000);
  });

  /** A load whose metric of that name never comes, and whose batches have so many violations. */
  function unmeasured(metric: string, violations: number): SmokePorts {
    let looks = 0;
    const samples: SmokePorts['samples'] = (series) => {
      looks += 1;
      return Promise.resolve(series.map(({ name }) => (name === metric ? 1 : looks)));
    };
    return ports(['machine:2'], { samples }, { ...loaded(), validation: violated(violations) });
  }

  it('fails with the names of the metrics that never come', async () => {
    const tried = unmeasured('FreshnessSeconds', 0);
    const began = tried.clock.now();
    const { exitCode, output } = await runSmoke(settings, tried);
    expect([exitCode, output.checks.filter(({ passed }) => !passed)]).toEqual([
      1,
      [
        {
          ...{ name: 'metrics', passed: false },
          problems: ['CloudWatch has no FreshnessSeconds (dataset=orders, stage=local) of this load'],
        },
      ],
    ]);
    expect(tried.clock.now() - began).toBe(300_000);
  });

  it('does not wait for metrics when another check has failed', async () => {
    const tried = unmeasured('FreshnessSeconds', 1);
    const began = tried.clock.now();
    expect(await runSmoke(settings, tried)).toMatchObject({ exitCode: 1 });
    expect(tried.clock.now()).toBe(began);
  });

  it('judges no release while two are live, and says that it is not over at the timeout', async () => {
    const two = { list: () => Promise.resolve([release(2, 20), release(1, 80)]) };
    await expect(runSmoke(settings, ports([], { releases: two }))).rejects.toThrow('2 releases are live');
    const late = ports(['machine:2'], {
      land: () =>
        Promise.resolve({ files: new Map(), result: { output: loaded({}, 'FAILED'), exitCode: 3 } }),
    });
    expect(await runSmoke(settings, late)).toMatchObject({ exitCode: 3 });
  });
});

describe('the files of a smoke', () => {
  it('are a header and nothing else, one a dataset, or the same sample each time', async () => {
    const { path, remove } = folderOf({});
    const sample = folderOf({});
    try {
      const rows = await writeHeaders(path, 'smoke-1');
      expect([...rows.keys()]).toEqual(datasetNames.map((name) => `raw/${name}/smoke-1.csv`));
      expect(new Set(rows.values())).toEqual(new Set([0]));
      const counts = await writeRows(sample.path);
      expect(counts.size).toBe(3);
      for (const count of counts.values()) expect(count).toBeGreaterThan(10);
    } finally {
      remove();
      sample.remove();
    }
  });
});
