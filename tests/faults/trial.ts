/** One fault point on the lab: its files, its fault, and what came of them. */
import { datasetNames, hasOrphans } from '../../src/contract/contracts';
import type { FileItem } from '../../src/ledger/items';
import { until } from '../e2e/lakehouse';
import { bodyOf, type DataFile, keyOf, type Wave } from './deliveries';
import type { Lab } from './lab';
import { asStored, type Delivered, type Expected, keyColumn } from './oracle';
import type { FaultPoint, Meanwhile } from './points';

/** Longer than Step Functions waits for a job here. */
const REST_SECONDS = 240;
const NORMAL_JOB_TIMEOUT = 120;
const STRIKE_SECONDS = 240;

export class Trial {
  private readonly files: DataFile[] = [];
  private readonly fileIds: string[] = [];
  /** Sweeps that it took to come to rest. */
  sweeps = 0;

  constructor(
    private readonly lab: Lab,
    readonly point: FaultPoint,
  ) {}

  /** Delivers the point's files with its fault and waits for rest. */
  async run(): Promise<void> {
    const waves = this.point.waves(this.point.id);
    const faulty = (this.point.wave ?? waves.length) - 1;
    for (const [index, wave] of waves.entries()) {
      if (index === faulty) this.sweeps = await this.underFault(wave);
      else await this.undisturbed(wave);
    }
  }

  /** Delivers the same files again, under the same keys and in the same order. */
  async again(): Promise<string[]> {
    const fileIds: string[] = [];
    for (const file of this.files) fileIds.push(await this.lab.put(keyOf(file), bodyOf(file)));
    return fileIds;
  }

  /** How often each of its rules has struck. */
  get struck(): number[] {
    return this.point.rules.map((_, index) => this.lab.cloud.faultsFired(this.rule(index)));
  }

  /** Its rows as they lie in the tables, with the file, line and batch that wrote them. */
  lineage(): Promise<Record<string, string | null>[][]> {
    const like = `'${this.point.id}.%'`;
    return Promise.all(
      datasetNames.map(async (dataset) =>
        sorted(
          await this.lab.query(
            `SELECT ${keyColumn(dataset)}, _file, _sequence, _line, _batch FROM ${dataset} WHERE ${keyColumn(dataset)} LIKE ${like}`,
          ),
        ),
      ),
    );
  }

  async delivered(): Promise<Delivered[]> {
    const items = await this.items();
    return this.files.map((file, index) => ({ file, batch: items[index]?.batch ?? 0 }));
  }

  /** What is in the lake of this point's keys, in the form of `wanted`. */
  async found(): Promise<unknown> {
    const like = `'${this.point.id}.%'`;
    const tables: Record<string, unknown> = {};
    for (const dataset of datasetNames) {
      const names = Object.keys(asStored(dataset, {}));
      const sql = (table: string): string =>
        `SELECT ${names.join(', ')} FROM ${table} WHERE ${keyColumn(dataset)} LIKE ${like}`;
      tables[dataset] = sorted(await this.lab.query(sql(dataset)));
      if (hasOrphans(dataset)) tables['orphans'] = sorted(await this.lab.query(sql(`${dataset}_orphans`)));
    }
    const items = await this.items();
    return {
      ...tables,
      rejects: (await this.rejects()).sort(),
      files: items.map(({ key, state, rows }) => ({ key, state, rows })),
    };
  }

  /** What the oracle says of this point's keys. */
  wanted({ tables, orphans, rejects, counts }: Expected): unknown {
    const rows = datasetNames.map(
      (dataset) =>
        [dataset, sorted([...tables[dataset].values()].map((cells) => asStored(dataset, cells)))] as const,
    );
    return {
      ...Object.fromEntries(rows),
      orphans: sorted([...orphans.values()].map((cells) => asStored('order_items', cells))),
      rejects: [...rejects].sort(),
      files: this.files.map((file, index) => ({ key: keyOf(file), state: 'ARCHIVED', rows: counts[index] })),
    };
  }

  private async undisturbed(wave: Wave): Promise<number> {
    for (const file of wave) await this.deliver(file);
    return this.lab.rest(this.fileIds, REST_SECONDS);
  }

  private async underFault(wave: Wave): Promise<number> {
    await this.arm();
    try {
      for (const file of wave) await this.deliver(file);
      await this.act();
      return await this.lab.rest(this.fileIds, REST_SECONDS);
    } finally {
      // a fault that outlived its point would strike at the next
      await this.disarm();
    }
  }

  private async deliver(file: DataFile): Promise<void> {
    this.files.push(file);
    this.fileIds.push(await this.lab.put(keyOf(file), bodyOf(file)));
  }

  private async items(): Promise<FileItem[]> {
    const items = await this.lab.files(this.fileIds);
    return this.fileIds.flatMap((fileId) => items.get(fileId) ?? []);
  }

  private async rejects(): Promise<string[]> {
    const ids = this.fileIds.map((fileId) => `'${fileId}'`).join(', ');
    const found = await Promise.all(
      datasetNames.map((dataset) =>
        this.lab.query(
          `SELECT file, line, reasons[1].rule AS rule FROM ${dataset}_rejects WHERE file_id IN (${ids})`,
        ),
      ),
    );
    return found.flat().map(({ file, line, rule }) => `${file ?? ''}:${line ?? ''}:${rule ?? ''}`);
  }

  private rule(index: number): string {
    return `${this.point.id}-${index}`;
  }

  private async arm(): Promise<void> {
    const { jobTimeout, functionTimeout, rules } = this.point;
    if (jobTimeout !== undefined) await this.lab.setJobTimeout(jobTimeout);
    if (functionTimeout !== undefined) await this.lab.setFunctionTimeout(...functionTimeout);
    rules.forEach((rule, index) => {
      this.lab.cloud.putFault(this.rule(index), rule);
    });
  }

  private async disarm(): Promise<void> {
    const { jobTimeout, functionTimeout, rules } = this.point;
    if (jobTimeout !== undefined) await this.lab.setJobTimeout(NORMAL_JOB_TIMEOUT);
    if (functionTimeout !== undefined) await this.lab.setFunctionTimeout(functionTimeout[0], 60);
    rules.forEach((_, index) => {
      this.lab.cloud.removeFault(this.rule(index));
    });
  }

  /** What the point does while its fault lasts. */
  private async act(): Promise<void> {
    const { meanwhile, rules, id } = this.point;
    if (meanwhile === undefined) return;
    const { lab } = this;
    const untilStruck = (rule: number): Promise<void> =>
      until(`fault ${id}-${rule}`, () => lab.cloud.faultsFired(this.rule(rule)) > 0, STRIKE_SECONDS);
    await untilStruck(0);
    const caught = await lab.runs('products').then(
      ([run]) => run,
      // the fault has killed the cloud
      () => undefined,
    );
    const control: Meanwhile = {
      ...{ lab, untilStruck, deliver: (file) => this.deliver(file) },
      untilState: (name, state) =>
        until(
          `${name} ${state}`,
          async () =>
            (await this.items()).some(({ key, state: of }) => key.endsWith(`/${name}`) && of === state),
          REST_SECONDS,
        ),
      untilRunEnded: () =>
        until(
          'the end of the run',
          async () => {
            const run = (await lab.runs('products')).find(({ id: of }) => of === caught?.id);
            return run !== undefined && !['STARTING', 'RUNNING', 'STOPPING'].includes(run.state);
          },
          REST_SECONDS,
        ),
      release: (rule) => {
        lab.cloud.releaseFault(this.rule(rule));
      },
      untilFinished: (rule) => until('the held request', () => lab.cloud.faultFinished(this.rule(rule))),
    };
    await meanwhile(control);
    rules.forEach((rule, index) => {
      if (rule.action === 'hold') control.release(index);
    });
  }
}

function sorted<Row extends object>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}
