import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readSnapshot } from '../../../src/delta/snapshot';
import { MemoryObjects } from '../fakes/memoryObjects';

const add = (file: string, rows?: number): string =>
  JSON.stringify({
    add: {
      ...{ path: file, size: 100, partitionValues: { date: '2025-05-01' }, modificationTime: 0 },
      ...{ dataChange: true, stats: rows === undefined ? undefined : JSON.stringify({ numRecords: rows }) },
    },
  });
const remove = (file: string, deletionTimestamp?: number): string =>
  JSON.stringify({ remove: { path: file, deletionTimestamp, dataChange: true } });

function table(commits: Readonly<Record<number, readonly string[]>>): MemoryObjects {
  const objects = new MemoryObjects(() => new Date(0));
  for (const [version, lines] of Object.entries(commits)) {
    objects.put('w', `orders/_delta_log/${version.padStart(20, '0')}.json`, `${lines.join('\n')}\n`);
  }
  return objects;
}

describe('the snapshot of a Delta table', () => {
  it('is the files that its commits added and none removed', async () => {
    const objects = table({
      0: ['{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}', '{"metaData":{"id":"x"}}'],
      1: [add('a', 3), add('b', 4)],
      2: ['{"commitInfo":{"operation":"MERGE"}}', remove('a'), add('c')],
    });
    expect(await readSnapshot(objects, 'w', 'orders')).toEqual({
      version: 2,
      files: [
        { path: 'b', bytes: 100, partition: { date: '2025-05-01' }, rows: 4 },
        { path: 'c', bytes: 100, partition: { date: '2025-05-01' }, rows: null },
      ],
      removed: new Map([['a', 0]]),
    });
  });

  it('names the files that have left it with their time, until they come back', async () => {
    const objects = table({
      0: [add('a'), add('b')],
      1: [remove('a', 1_000), remove('b', 2_000)],
      2: [add('b')],
    });
    const snapshot = await readSnapshot(objects, 'w', 'orders');
    expect(snapshot?.files.map(({ path }) => path)).toEqual(['b']);
    expect(snapshot?.removed).toEqual(new Map([['a', 1_000]]));
  });

  it('is none before the first load', async () => {
    expect(await readSnapshot(table({}), 'w', 'orders')).toBeUndefined();
  });

  it('is not told when a commit is missing: the sums would be wrong', async () => {
    await expect(readSnapshot(table({ 1: [add('a')], 0: [] }), 'w', 'orders')).resolves.toBeDefined();
    await expect(readSnapshot(table({ 2: [add('a')], 0: [] }), 'w', 'orders')).rejects.toThrow(
      'has no commit 1',
    );
  });

  it('is not told from an action that has another shape than Delta writes', async () => {
    const wrong = table({ 0: ['{"add":{"path":"a"}}'] });
    await expect(readSnapshot(wrong, 'w', 'orders')).rejects.toThrow('size');
  });

  it('goes by the last checkpoint when the commits before it are gone', async () => {
    const objects = new MemoryObjects(() => new Date(0));
    const log = path.join(__dirname, 'checkpoint');
    for (const name of readdirSync(log)) {
      objects.put('w', `orders/_delta_log/${name}`, readFileSync(path.join(log, name)));
    }
    const snapshot = await readSnapshot(objects, 'w', 'orders');
    // written by delta-rs 1.6.6: ten appends of one row each, of which the commit after the checkpoint deletes one
    expect(snapshot?.version).toBe(10);
    expect(snapshot?.files).toHaveLength(9);
    expect(snapshot?.files.map(({ rows }) => rows)).toEqual(Array.from({ length: 9 }, () => 1));
    expect(new Set(snapshot?.files.map(({ partition }) => partition['day']))).toEqual(new Set(['d0', 'd1']));
    expect(snapshot?.files.every(({ bytes }) => bytes > 0)).toBe(true);
    expect([...(snapshot?.removed.values() ?? [])].every((moment) => moment > 1_700_000_000_000)).toBe(true);
    expect(snapshot?.removed.size).toBe(1);
  });
});
