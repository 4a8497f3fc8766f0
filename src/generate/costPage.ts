import { billFor, priceList } from '../cost/bill';
import { assumptions, type CostSettings, type Day, expectedUsage } from '../cost/day';

const MIB = 2 ** 20;
const DAYS: readonly Day[] = [31, 1_000, 10_000].map((files) => ({ files, bytesPerFile: MIB }));
const DIGITS = 4;

/** docs/cost.md: what a day is expected to cost at a stage, and what that goes by. */
export function costPage(
  stages: Readonly<Record<string, CostSettings & { readonly dpuHourUsd: number }>>,
): string {
  const tables = Object.entries(stages).map(([stage, settings]) => {
    const bills = DAYS.map((day) => billFor(expectedUsage(day, settings), settings.dpuHourUsd));
    const [first] = bills;
    const rows = (first?.lines ?? []).map(({ what }) => {
      const cells = bills.map(({ lines }) => {
        const line = lines.find((one) => one.what === what);
        return `${thousands(line?.amount ?? 0)} | ${(line?.usd ?? 0).toFixed(DIGITS)}`;
      });
      return `| ${[what, ...cells].join(' | ')} |`;
    });
    return [
      `### Stage ${stage}`,
      [
        `| | ${DAYS.map(({ files }) => `${thousands(files)} files | USD`).join(' | ')} |`,
        `| --- | ${DAYS.map(() => '---: | ---:').join(' | ')} |`,
        ...rows,
        `| **all** | ${bills.map(({ usd }) => ` | **${usd.toFixed(DIGITS)}**`).join(' | ')} |`,
      ].join('\n'),
    ].join('\n\n');
  });
  return [
    '# Cost',
    'Generated from src/cost, src/job/workers.ts and serverless.yml by `npm run generate`.',
    'What a day of files of 1 MiB is expected to cost on AWS, arriving in one burst and spread evenly over three datasets. `npx lakehouse cost` prints the same for other ' +
      'numbers and sizes of files; `npx lakehouse cost --batch N --stage STAGE` what the job runs and the execution of a batch have really used.',
    ...tables,
    '## What it goes by',
    `List prices of ${priceList.region} on ${priceList.asOf} (${priceList.sources.map((source) => `[${nameOf(source)}](${source})`).join(', ')}); a data processing unit by the parameter ` +
      '`dpuHourUsd`. Without free tiers, storage, data transfer, CloudWatch ([metrics](metrics.md)) and the queries of users. Batches, chunks and workers follow from the ' +
      'parameters of the stage, transitions from the definition of the state machine; the rest is assumed, and nothing of it was measured on AWS. (*) is about what the end-to-end runs on the ' +
      'local cloud call:',
    [
      '| assumption | value | why |',
      '| --- | --- | --- |',
      ...Object.entries(assumptions).map(([name, { value, why }]) => `| ${name} | ${value} | ${why} |`),
    ].join('\n'),
    'The metric `DpuSeconds` and the dashboard show what jobs really take; correct the assumptions by them. Files that arrive one by one, more than `settleSeconds` apart, are a batch ' +
      'each: then the minimum of three job runs a file decides, so let them arrive together or raise `settleSeconds` and `batchWindowSeconds`.',
  ].join('\n\n');
}

function nameOf(source: string): string {
  return /amazon\.com\/([^/]+)/u.exec(source)?.[1] ?? source;
}

function thousands(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/gu, ',');
}
