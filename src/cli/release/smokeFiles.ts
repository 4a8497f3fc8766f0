import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contracts, datasetNames } from '../../contract/contracts';
import { writeSample } from '../../sample/generate';

/** Files of a smoke and how many rows each has, by the key that it gets. */
export type SmokeFiles = ReadonlyMap<string, number>;

const SAMPLE = { products: 20, orders: 40, days: 1, seed: 20_250_501, defects: 0 };

/** One file a dataset with a header and no rows: it goes the whole way and can leave nothing in a table. */
export async function writeHeaders(folder: string, name: string): Promise<SmokeFiles> {
  const rows = new Map<string, number>();
  for (const dataset of datasetNames) {
    await mkdir(join(folder, dataset));
    const header = Object.keys(contracts[dataset].properties).join(',');
    await writeFile(join(folder, dataset, `${name}.csv`), `${header}\n`);
    rows.set(`raw/${dataset}/${name}.csv`, 0);
  }
  return rows;
}

/** A small sample without defects, always the same: a second smoke changes nothing that the first has loaded. */
export async function writeRows(folder: string): Promise<SmokeFiles> {
  const { files } = await writeSample(folder, SAMPLE);
  return new Map(files.map(({ path, rows }) => [`raw/${path}`, rows?.read ?? 0]));
}
