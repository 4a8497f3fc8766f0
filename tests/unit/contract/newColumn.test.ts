import { expect, jest, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import products from '../../../schemas/datasets/products.schema.json';
import { detectArrival } from '../../../src/arrival/detectArrival';
import type { Verdicts } from '../../../src/batch/documents';
import type { Lease } from '../../../generated/types/states/lease';
import type { Batch } from '../../../generated/types/states/batch';
import type * as SyncCatalog from '../../../src/catalog/syncCatalog';
import type { Catalog } from '../../../src/catalog/catalog';
import type * as CheckHeaders from '../../../src/verdict/checkHeaders';
import type * as Worlds from '../fakes/world';
import { World as DeployedWorld, LANDING } from '../fakes/world';

const root = path.resolve(__dirname, '../../..');
const colour = { type: ['string', 'null'], maxLength: 10, description: 'Colour of the article.' };
/** The whole change: one nullable column in one contract file. */
const changed = { ...products, properties: { ...products.properties, colour } };
const header = Object.keys(products.properties).join(',');

interface Deploy {
  readonly checkHeaders: typeof CheckHeaders;
  readonly syncCatalog: typeof SyncCatalog;
  readonly world: typeof Worlds;
}

/** All of our code as it is after the contract file has changed. */
function deploy(): Deploy {
  let deployed: Deploy | undefined;
  jest.isolateModules(() => {
    jest.doMock('../../../schemas/datasets/products.schema.json', () => changed);
    deployed = {
      checkHeaders: jest.requireActual('../../../src/verdict/checkHeaders'),
      syncCatalog: jest.requireActual('../../../src/catalog/syncCatalog'),
      world: jest.requireActual('../fakes/world'),
    };
  });
  jest.dontMock('../../../schemas/datasets/products.schema.json');
  return deployed!;
}

const upgraded = deploy();

/** Lands a file of these header names and plans it. */
async function planned(
  world: DeployedWorld,
  stage: string,
  ...headers: string[]
): Promise<{ lease: Lease; batch: Batch }> {
  world.settings = { ...world.settings, stage };
  const uploads = headers.map((names, n) => world.upload(`raw/products/${n}.csv`, `${names}\n`));
  await detectArrival(world, LANDING, { Records: uploads.map((upload) => world.message(upload)) });
  const lease = await world.acquire();
  return { lease, batch: await world.plan(lease) };
}

async function verdicts(
  world: DeployedWorld,
  check: Deploy['checkHeaders']['checkHeaders'],
  { lease, batch }: { lease: Lease; batch: Batch },
): Promise<(string | true)[]> {
  await check(world, { lease, batch, chunk: 0 });
  const document = world.document(`${batch.prefix}verdicts/0000.json`) as Verdicts;
  return document.verdicts.map(({ accepted, reasons }) =>
    accepted ? true : reasons.map(({ rule, column }) => `${rule} ${column}`).join(),
  );
}

test('files with and without the column load where columns may be added; others are refused by name', async () => {
  const world = new upgraded.world.World();
  const batch = await planned(world, 'staging', header, `colour,${header}`, `${header},size`);
  expect(await verdicts(world, upgraded.checkHeaders.checkHeaders, batch)).toEqual([
    true,
    true,
    'UNKNOWN_COLUMN size',
  ]);
});

test('where tables are strict every file must have the column', async () => {
  const world = new upgraded.world.World();
  const batch = await planned(world, 'prod', header, `colour,${header}`);
  expect(await verdicts(world, upgraded.checkHeaders.checkHeaders, batch)).toEqual([
    'MISSING_COLUMN colour',
    true,
  ]);
});

test('a batch that was planned before the deploy does not take the column: its job would drop it', async () => {
  const world = new DeployedWorld();
  const batch = await planned(world, 'staging', header, `colour,${header}`);
  expect(await verdicts(world, upgraded.checkHeaders.checkHeaders, batch)).toEqual([
    true,
    'UNKNOWN_COLUMN colour',
  ]);
});

test('the generator carries the column into the catalog, the dictionary and the types, and nowhere else', () => {
  const copy = mkdtempSync(path.join(tmpdir(), 'new-column-'));
  const read = (file: string): string => readFileSync(path.join(copy, file), 'utf8');
  try {
    const leftOut = ['node_modules', '.tools', '.git', '.lakehouse', '.serverless', '.esbuild', 'tests'];
    cpSync(root, copy, {
      recursive: true,
      filter: (source) => !leftOut.includes(path.relative(root, source)),
    });
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
    writeFileSync(path.join(copy, 'schemas/datasets/products.schema.json'), JSON.stringify(changed));
    const tsx = path.join(root, 'node_modules/tsx/dist/cli.mjs');
    const written = execFileSync(process.execPath, [tsx, path.join(copy, 'src/generate/main.ts')], {
      cwd: copy,
      encoding: 'utf8',
    });
    expect(written.trim().split('\n').sort()).toEqual([
      'wrote docs/data-dictionary.md',
      'wrote generated/catalog.json',
      'wrote generated/types/datasets/products.ts',
    ]);
    expect(JSON.parse(read('generated/catalog.json'))).toMatchObject({
      Resources: {
        ProductsTable: {
          Properties: {
            TableInput: {
              StorageDescriptor: {
                Columns: expect.arrayContaining([
                  { Name: 'colour', Type: 'string', Comment: colour.description },
                ]),
              },
            },
          },
        },
      },
    });
    expect(read('docs/data-dictionary.md')).toMatch(
      /`colour` +\| string +\| yes +\| Colour of the article\./,
    );
    expect(read('generated/types/datasets/products.ts')).toContain('colour?: string | null;');
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test.each([
  ['a table that has it already', 'staging', true, ['colour']],
  ['a table that no batch has met since the deploy', 'staging', false, []],
  ['a strict table that has it already', 'prod', true, /colour string is not in the catalog/],
] as const)('the catalog follows %s', async (_, stage, inTable, expected) => {
  const world = new upgraded.world.World();
  const { lease, batch } = await planned(world, stage, `colour,${header}`);
  const outcomes = await world.load(lease, batch);
  const location = `${batch.prefix.slice('s3://artefacts/'.length)}results/products.json`;
  const before = Object.keys(products.properties).map((name) => ({ name, type: 'string' }));
  const columns = inTable ? [...before, { name: 'colour', type: 'string' }] : before;
  const result = world.document(`s3://artefacts/${location}`) as object;
  world.objects.put(
    'artefacts',
    location,
    JSON.stringify({ ...result, tables: [{ name: 'products', version: 3, rows: 1, columns }] }),
  );
  const added: (string | undefined)[] = [];
  const catalog: Catalog = {
    database: 'lake',
    table: (name: string) =>
      Promise.resolve({
        Name: name,
        StorageDescriptor: { Columns: before.map(({ name, type }) => ({ Name: name, Type: type })) },
      }),
    update: (table) => {
      const after = table.StorageDescriptor?.Columns ?? [];
      added.push(...after.slice(before.length).map(({ Name }) => Name));
      return Promise.resolve();
    },
  };
  const { store, objects } = world;
  const sync = upgraded.syncCatalog.syncCatalog({ store, objects, catalog }, stage, {
    ...{ lease, batch, outcomes },
  });
  if (expected instanceof RegExp) await expect(sync).rejects.toThrow(expected);
  else {
    await sync;
    expect(added).toEqual(expected);
  }
});
