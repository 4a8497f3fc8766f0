import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { renderCost } from '../../../src/cli/commands/cost';
import { datasetNames } from '../../../src/contract/contracts';
import { type BatchUsagePorts, chargedDpuSeconds, readUsage, usageOfBatch } from '../../../src/cost/batch';
import { billFor, priceList } from '../../../src/cost/bill';
import { assumptions, type CostSettings, expectedUsage } from '../../../src/cost/day';
import list from '../../../src/cost/prices.json';
import { costSettings } from '../../../src/cost/settings';
import { parametersOf, type StageParams } from '../../../plugins/stage-parameters/parameters';

const service = parse(readFileSync(path.resolve(__dirname, '../../../serverless.yml'), 'utf8')) as {
  params: StageParams;
  provider: { memorySize: number; region: string };
  functions: { detectArrival: { events: { sqs?: { batchSize: number } }[] } };
};
const settings: CostSettings = {
  ...{ maxBatchFiles: 100, maxBatchBytes: 10 ** 12, filesPerChunk: 10 },
  workers: { smallest: 'G.1X', largest: 'G.1X', fewest: 2, most: 10 },
};

describe('a bill', () => {
  it('is amounts at the prices of the list, dearest first', () => {
    const { lines, usd } = billFor({ transitions: 2_000, dpuSeconds: 7_200, s3Writes: 1_000 }, 0.44);
    expect(lines).toEqual([
      { what: 'Glue, DPU-seconds', amount: 7_200, usd: 0.88 },
      { what: 'Step Functions, transitions', amount: 2_000, usd: 0.05 },
      { what: 'S3, PUT, COPY and LIST', amount: 1_000, usd: 0.005 },
    ]);
    expect(usd).toBeCloseTo(0.935, 10);
  });

  it('has a source, a region and a day for its prices', () => {
    expect(priceList.region).toBe(/'(us-[^']+)'/u.exec(service.provider.region)?.[1]);
    expect(priceList.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/u);
    for (const { source, usd, per } of Object.values(list.prices)) {
      expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/.*pricing/u);
      expect(usd * per).toBeGreaterThan(0);
    }
  });
});

describe('the usage that is expected of a day', () => {
  const day = (files: number, bytesPerFile = 1_000) => expectedUsage({ files, bytesPerFile }, settings);

  it('has three runs of two workers for a minute when the day fits into one batch', () => {
    expect(Math.round(day(30).dpuSeconds)).toBe(3 * 2 * 60);
  });

  it('has the transitions of one execution, of its chunks, and of those that find the lease held', () => {
    // 23 states of the execution, 6 in its branches, 3 of a round of settling, 2 of each chunk
    expect(day(30).transitions).toBe(23 + 6 + 3 + 3 * 2);
    // four batches of 75 files in 8 chunks; three calls for 300 messages start no fifth execution
    expect(day(300).transitions).toBe(3 * (23 + 6 + 3) + 30 * 2);
    expect(
      expectedUsage({ files: 300, bytesPerFile: 1 }, { ...settings, maxBatchFiles: 300 }).transitions,
    ).toBe(23 + 6 + 3 + 30 * 2 + 2 * 3);
  });

  it('scans at least what Athena charges a query for', () => {
    expect(day(1, 1).athenaBytes).toBe(10_000_000);
  });

  it('never shrinks when more arrives', () => {
    const most = { max: 100_000 };
    fc.assert(
      fc.property(fc.nat(most), fc.nat(most), fc.integer({ min: 1, max: 10 ** 8 }), (files, more, bytes) => {
        const [one, other] = [day(1 + files, bytes), day(1 + files + more, bytes)];
        for (const name of [
          'transitions',
          's3Writes',
          'athenaBytes',
          'ledgerWrites',
          'lambdaRequests',
        ] as const) {
          expect(other[name]).toBeGreaterThanOrEqual(one[name]);
        }
      }),
    );
  });

  it('takes for granted what the service really is set to', () => {
    expect(assumptions.datasets.value).toBe(datasetNames.length);
    expect(assumptions.lambdaGb.value).toBe(service.provider.memorySize / 1_024);
    const [event] = service.functions.detectArrival.events.flatMap(({ sqs }) => sqs ?? []);
    expect(assumptions.messagesPerCall.value).toBe(event?.batchSize);
  });

  it.each(Object.keys(service.params))('can be told for stage %s', (stage) => {
    const found = costSettings(parametersOf(service.params, stage, []));
    expect(
      billFor(expectedUsage({ files: 31, bytesPerFile: 2 ** 20 }, found), found.dpuHourUsd).usd,
    ).toBeGreaterThan(0);
  });

  it('cannot be told without the parameters', () => {
    expect(() => costSettings({})).toThrow('the parameters of the stage');
  });
});

describe('the usage of a batch', () => {
  it('charges each run for a minute at least, at its size', () => {
    expect(chargedDpuSeconds({ seconds: 20, dpuSeconds: 40 })).toBe(120);
    expect(chargedDpuSeconds({ seconds: 90, dpuSeconds: 180 })).toBe(180);
    expect(chargedDpuSeconds({ seconds: 0, dpuSeconds: 0 })).toBe(0);
  });

  it('counts a transition for each state that was entered, of every type', () => {
    const events = [
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStateExited',
      'MapStateEntered',
    ];
    expect(usageOfBatch([{ seconds: 20, dpuSeconds: 40 }], events)).toEqual({
      dpuSeconds: 120,
      transitions: 2,
    });
  });

  it('has the runs of every job that started between its plan and its end', async () => {
    const run = (startedAt: string) => ({
      ...{ id: 'jr', startedAt: new Date(startedAt), endedAt: undefined, succeeded: true, error: undefined },
      ...{ seconds: 60, dpuSeconds: 120 },
    });
    const asked: [string, string][] = [];
    const ports: BatchUsagePorts = {
      entry: (number) =>
        Promise.resolve(
          number === 7
            ? {
                ...{ openedAt: '2026-01-01T10:00:00Z', closedAt: '2026-01-01T10:10:00Z' },
                executionArn: 'arn:7',
              }
            : undefined,
        ),
      history: {
        since: (job, moment) => {
          asked.push([job, moment.toISOString()]);
          return Promise.resolve([run('2026-01-01T10:05:00Z'), run('2026-01-01T10:11:00Z')]);
        },
      },
      jobNamePrefix: 'lakehouse-prod-',
      eventTypes: (arn) => Promise.resolve(arn === 'arn:7' ? ['PassStateEntered'] : undefined),
    };
    expect(await readUsage(ports, 7)).toEqual({ usage: { dpuSeconds: 360, transitions: 1 }, runs: 3 });
    expect(asked).toEqual(datasetNames.map((name) => [`lakehouse-prod-${name}`, '2026-01-01T10:00:00.000Z']));
    expect(await readUsage(ports, 8)).toBeUndefined();
  });

  it('leaves out the transitions when the execution is forgotten', () => {
    expect(usageOfBatch([], undefined)).toEqual({ dpuSeconds: 0 });
  });
});

describe('what the command shows', () => {
  it('is a table with the sum and the day of the prices', () => {
    const text = renderCost({
      region: 'us-east-1',
      asOf: '2026-01-02',
      bills: [{ of: 'A day', lines: [{ what: 'Things', amount: 12.4, usd: 1.23456 }], usd: 1.23456 }],
    });
    expect(text).toMatch(/^A day\n/u);
    expect(text).toMatch(/Things +│ 12 +│ 1\.2346/u);
    expect(text).toMatch(/all +│ +│ 1\.2346/u);
    expect(text).toContain('List prices of us-east-1, 2026-01-02');
  });
});
