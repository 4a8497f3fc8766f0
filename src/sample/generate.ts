import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { base, en, Faker } from '@faker-js/faker';
import { type DatasetName } from '../contract/contracts';
import { expectedOutcome, type ExpectedFile, type ExpectedOutcome } from './expected';
import { headerDefects } from './headerDefects';
import {
  correctOrder,
  makeOrder,
  makeProduct,
  type OrderRows,
  orphanItem,
  type Row,
  sampleColumns,
} from './rows';
import { DatasetFile, DefectCycle } from './datasetFile';

/** How much to generate. The same parameters give the same bytes. */
export interface SampleParameters {
  readonly products: number;
  readonly orders: number;
  readonly days: number;
  readonly seed: number;
  /** Share (0 to 1) of spoilt, duplicate, corrected and orphaned rows each; 0 gives clean files only. */
  readonly defects: number;
}

/** A sample that follows another one, or is written for readers that know one dialect only. */
export interface SamplePlan extends SampleParameters {
  /** Where it starts: number of its first order, number of its first line, days after the first day; 1, 1, 0 by default. */
  readonly from?: { readonly order: number; readonly item: number; readonly day: number };
  /** Every file in the same dialect: no byte order mark, LF, the usual order of columns. */
  readonly plain?: boolean;
}

/** A sample small enough for a laptop's first run: about 5,000 order items. */
export const defaultSample: SampleParameters = {
  products: 200,
  orders: 1_500,
  days: 5,
  seed: 20_250_501,
  defects: 0.01,
};

const FIRST_DAY = Date.UTC(2025, 4, 1);
const DAY = 86_400_000;
const LATE_SHARE = 0.01;

/**
 * Writes the sample into the folder `dir` (products/, orders/, order_items/) and says what loading it has to give.
 * Memory does not grow with the number of rows. When it fails or `signal` aborts, no half-written file stays.
 */
export async function writeSample(
  dir: string,
  parameters: SamplePlan,
  signal?: AbortSignal,
): Promise<ExpectedOutcome> {
  const sample = new Sample(dir, parameters, signal);
  return sample.write();
}

class Sample {
  private readonly faker = new Faker({ locale: [en, base] });
  private readonly cycles = {
    products: new DefectCycle('products'),
    orders: new DefectCycle('orders'),
    order_items: new DefectCycle('order_items'),
  } satisfies Record<DatasetName, DefectCycle>;
  private readonly files: ExpectedFile[] = [];
  private readonly from: NonNullable<SamplePlan['from']>;
  private orders = 0;
  private items = 0;
  /** Orders of yesterday that today's files bring: late ones with their lines, corrected ones without. */
  private late: OrderRows[] = [];
  private corrected: Row[] = [];

  constructor(
    private readonly dir: string,
    private readonly parameters: SamplePlan,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.faker.seed(parameters.seed);
    this.from = parameters.from ?? { order: 1, item: 1, day: 0 };
  }

  async write(): Promise<ExpectedOutcome> {
    await this.writeProducts();
    for (let day = 0; day < this.parameters.days; day += 1) await this.writeDay(day);
    if (this.parameters.defects > 0) await this.writeHeaderDefects();
    return expectedOutcome(this.parameters.seed, this.files);
  }

  private dateOf(day: number): string {
    return new Date(FIRST_DAY + (this.from.day + day) * DAY).toISOString().slice(0, 10);
  }

  private happens(share: number): boolean {
    return share > 0 && this.faker.number.float() < share;
  }

  private async writeProducts(): Promise<void> {
    await this.withFile('products', 'products.csv', 0, async (file) => {
      for (let number = 1; number <= this.parameters.products; number += 1) {
        await this.writeRow(file, makeProduct(this.faker, number));
      }
      if (this.parameters.defects > 0)
        await file.writeMissingDefects(makeProduct(this.faker, this.parameters.products + 1));
    });
  }

  private async writeDay(day: number): Promise<void> {
    const name = `${this.dateOf(day)}.csv`;
    const last = day === this.parameters.days - 1;
    await this.withFile('orders', name, day, (orders) =>
      this.withFile('order_items', name, day, async (items) => {
        for (const late of this.late.splice(0)) await this.writeOrder(orders, items, late, false);
        for (const row of this.corrected.splice(0)) await orders.write(row);
        const until = Math.round((this.parameters.orders * (day + 1)) / this.parameters.days);
        while (this.orders < until) {
          this.signal?.throwIfAborted();
          const order = this.nextOrder(day);
          if (!last && this.happens(LATE_SHARE)) this.late.push(order);
          else await this.writeOrder(orders, items, order, !last);
        }
        if (!last || this.parameters.defects === 0) return;
        const spoilt = this.nextOrder(day);
        await orders.writeMissingDefects(spoilt.order);
        for (const item of spoilt.items.slice(0, 1)) await items.writeMissingDefects(item);
      }),
    );
  }

  private nextOrder(day: number): OrderRows {
    const { order: firstOrder, item: firstItem } = this.from;
    const number = firstOrder + this.orders;
    const order = makeOrder(this.faker, this.parameters, this.dateOf(day), number, firstItem + this.items);
    this.orders += 1;
    this.items += order.items.length;
    return order;
  }

  private async writeOrder(
    orders: DatasetFile,
    items: DatasetFile,
    rows: OrderRows,
    correctable: boolean,
  ): Promise<void> {
    const { defects } = this.parameters;
    if (correctable && this.happens(defects)) {
      await orders.write(rows.order);
      orders.tally.supersede();
      this.corrected.push(correctOrder(rows.order));
    } else {
      await this.writeRow(orders, rows.order);
    }
    for (const item of rows.items) {
      if (this.happens(defects)) await items.writeOrphan(orphanItem(item));
      else await this.writeRow(items, item);
    }
  }

  /** A row, now and then followed by its duplicate or by a spoilt copy under the same key. */
  private async writeRow(file: DatasetFile, row: Row): Promise<void> {
    await file.write(row);
    if (this.happens(this.parameters.defects)) await file.writeDuplicate(row);
    if (this.happens(this.parameters.defects)) await file.writeDefect(row);
  }

  private async writeHeaderDefects(): Promise<void> {
    const { order } = this.nextOrder(0);
    for (const { name, dataset, rules, content } of headerDefects('orders', sampleColumns.orders, [order])) {
      const path = `${dataset}/${this.dateOf(0)}-${name}.csv`;
      await writeFile(join(this.dir, `${path}.partial`), content);
      await rename(join(this.dir, `${path}.partial`), join(this.dir, path));
      this.files.push({ path, dataset, state: 'REJECTED', headerRules: rules, rows: null, rejects: {} });
    }
  }

  private async withFile(
    dataset: DatasetName,
    name: string,
    variant: number,
    work: (file: DatasetFile) => Promise<void>,
  ): Promise<void> {
    await mkdir(join(this.dir, dataset), { recursive: true });
    const path = `${dataset}/${name}`;
    const dialect = this.parameters.plain === true ? 0 : variant;
    const file = await DatasetFile.create(join(this.dir, path), dataset, dialect, this.cycles[dataset]);
    try {
      await work(file);
      await file.close();
    } catch (error) {
      await file.discard();
      throw error;
    }
    const { rows, rejects } = file.tally;
    this.files.push({ path, dataset, state: 'ARCHIVED', headerRules: [], rows, rejects });
  }
}
