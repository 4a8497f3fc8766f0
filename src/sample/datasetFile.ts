import { type DatasetName } from '../contract/contracts';
import { CsvFile, type Dialect } from './csvFile';
import { Tally } from './expected';
import { type Row, type RowDefect, rowDefects, sampleColumns } from './rows';

/** Hands out a dataset's row defects in turn, and knows which have not had theirs yet. */
export class DefectCycle {
  private taken = 0;

  constructor(private readonly dataset: DatasetName) {}

  next(): RowDefect | undefined {
    const defects = rowDefects[this.dataset];
    const defect = defects[this.taken % defects.length];
    this.taken += 1;
    return defect;
  }

  get complete(): boolean {
    return this.taken >= rowDefects[this.dataset].length;
  }
}

/** Good CSV comes in variants; files take them in turn: plain, BOM, CRLF, other column order. */
function dialectOf(dataset: DatasetName, variant: number): Dialect {
  const columns: readonly string[] = sampleColumns[dataset];
  return {
    bom: variant % 4 === 1,
    lineEnd: variant % 4 === 2 ? '\r\n' : '\n',
    columns: variant % 4 === 3 ? columns.toReversed() : columns,
  };
}

/** A file of the sample together with what the service will have to make of its rows. */
export class DatasetFile {
  readonly tally = new Tally();

  private constructor(
    private readonly csv: CsvFile,
    private readonly cycle: DefectCycle,
  ) {}

  static async create(
    path: string,
    dataset: DatasetName,
    variant: number,
    cycle: DefectCycle,
  ): Promise<DatasetFile> {
    return new DatasetFile(await CsvFile.create(path, dialectOf(dataset, variant)), cycle);
  }

  async write(row: Row): Promise<void> {
    await this.csv.row(row);
    this.tally.count('inserted');
  }

  async writeDuplicate(row: Row): Promise<void> {
    await this.csv.row(row);
    this.tally.count('duplicate');
  }

  async writeOrphan(row: Row): Promise<void> {
    await this.csv.row(row);
    this.tally.count('orphaned');
  }

  /** Writes a spoilt copy of the row with the dataset's next defect. */
  async writeDefect(row: Row): Promise<void> {
    const defect = this.cycle.next();
    if (defect === undefined) return;
    const spoilt = { ...row, ...defect.cells };
    if (defect.line === undefined) await this.csv.row(spoilt);
    else await this.csv.line(defect.line(this.csv.textOf(spoilt), this.csv.header));
    this.tally.reject(defect.rule);
  }

  /** Every defect that no row has had so far, so that each rule is broken at least once. */
  async writeMissingDefects(row: Row): Promise<void> {
    while (!this.cycle.complete) await this.writeDefect(row);
  }

  close(): Promise<void> {
    return this.csv.close();
  }

  discard(): Promise<void> {
    return this.csv.discard();
  }
}
