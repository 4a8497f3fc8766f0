import { describe, expect, it } from '@jest/globals';
import statusSchema from '../../../schemas/outputs/status.schema.json';
import statusTableSchema from '../../../schemas/outputs/statusTable.schema.json';
import { CommandFailed, UsageError } from '../../../src/cli/errors';
import { history, renderHistory, requireTable } from '../../../src/cli/status/history';
import { type LedgerView, renderStatus, status } from '../../../src/cli/status/status';
import { type ControlItem, type EntryItem, type RequestItem } from '../../../src/ledger/items';
import { type Objects } from '../../../src/objects/objects';
import { checker } from '../../../src/schema/validator';
import { entryItem } from './fakes';

function ledger(
  control: Awaited<ReturnType<LedgerView['control']>>,
  entries: EntryItem[],
  request?: RequestItem,
): LedgerView {
  return {
    request: (id) => Promise.resolve(request?.id === id ? request : undefined),
    control: () => Promise.resolve(control),
    entries: (numbers) => Promise.resolve(entries.filter(({ number }) => numbers.includes(number))),
    countFiles: (state) => Promise.resolve(state === 'ARCHIVED' ? 31 : 0),
  };
}

describe('status', () => {
  it('shows files, the last ten batches, the newest state of each table, orphans and the lease', async () => {
    const entries = Array.from({ length: 12 }, (_, index) =>
      entryItem(index + 1, 'DONE', {
        seconds: 5,
        validation: [{ name: 'keys', violations: 1 }],
        tables: [{ name: 'orders', version: index, rows: 10 * index }],
      }),
    );
    entries[11] = entryItem(12, 'OPEN', { lastError: 'driver lost' });
    const output = await status(
      'local',
      ledger(
        {
          pk: 'control',
          sk: 'control',
          epoch: 'e',
          fence: 3,
          owner: 'arn:run-1',
          ownerSince: '2025-05-01T00:00:00Z',
          arrived: 5,
          planned: 3,
          nextNumber: 13,
          openEntry: 12,
          orphans: { order_items: { waiting: 2, oldestSince: '2025-05-01T00:00:00Z' } },
        },
        entries,
      ),
    );
    expect(checker(statusSchema)(output)).toMatchObject({ ok: true });
    expect(output.entries.map(({ number }) => number)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
    expect(output.entries[1]).toMatchObject({ state: 'DONE', seconds: 5, violations: 1 });
    expect(output.tables).toEqual([{ name: 'orders', version: 10, rows: 100 }]);
    expect(output).toMatchObject({ openEntry: 12, waitingFiles: 2, files: { ARCHIVED: 31, PENDING: 0 } });
    expect(output.lease).toEqual({ owner: 'arn:run-1', since: '2025-05-01T00:00:00Z', fence: 3 });
    const text = renderStatus(output);
    for (const part of ['at work: arn:run-1', 'batch 12 stopped: driver lost', '2 rows wait for a parent']) {
      expect(text).toContain(part);
    }
  });

  const waits: RequestItem = {
    ...{ pk: 'request', sk: 'r-1', id: 'r-1', operation: 'rollback', batch: 7, state: 'PENDING' },
    requestedAt: '2025-05-01T00:00:00Z',
  };
  const asked: ControlItem = {
    ...{ pk: 'control', sk: 'control', epoch: 'e', fence: 3, arrived: 5, planned: 5, nextNumber: 1 },
    request: 'r-1',
  };

  it('names the request that waits, and which batch it is about', async () => {
    const output = await status('local', ledger(asked, [], waits));
    expect(checker(statusSchema)(output)).toMatchObject({ ok: true });
    const { id, operation, requestedAt } = waits;
    expect(output.request).toEqual({ id, operation, batch: 7, table: null, requestedAt });
    expect(renderStatus(output)).toContain(
      'a rollback of batch 7 waits to be served since 2025-05-01T00:00:00Z',
    );
  });

  it.each([
    ['orders', 'table orders'],
    [undefined, 'all tables'],
  ])('names a maintenance of %s', async (table, named) => {
    const { pk, sk, id, state, requestedAt } = waits;
    const request: RequestItem = {
      ...{ pk, sk, id, state, requestedAt, operation: 'maintenance' },
      ...(table !== undefined && { table }),
    };
    const output = await status('local', ledger(asked, [], request));
    expect(checker(statusSchema)(output)).toMatchObject({ ok: true });
    expect(renderStatus(output)).toContain(`a maintenance of ${named} waits to be served`);
  });

  it('names no request that was answered a moment ago, or that the ledger does not know', async () => {
    for (const request of [{ ...waits, state: 'OPENED' as const }, undefined]) {
      const output = await status('local', ledger(asked, [], request));
      expect(output.request).toBeNull();
      expect(renderStatus(output)).not.toContain('waits to be served');
    }
  });

  it('shows what the last maintenance did', async () => {
    const table: NonNullable<EntryItem['maintenance']>[number] = {
      ...{ name: 'orders', filesBefore: 90, filesAfter: 9, bytesBefore: 9_000, bytesAfter: 6_000 },
      ...{ partitionsDone: 3, partitionsLeft: 1, vacuum: 'LEFT', filesRemoved: 0, seconds: 7 },
    };
    const entry = { ...entryItem(1, 'DONE', {}), kind: 'maintenance' as const, maintenance: [table] };
    const control = {
      ...{ pk: 'control', sk: 'control', epoch: 'e', fence: 3, arrived: 0, planned: 0, nextNumber: 2 },
    };
    const output = await status('local', ledger(control, [entry]));
    expect(checker(statusSchema)(output)).toMatchObject({ ok: true });
    expect(output.entries[0]).toMatchObject({ kind: 'maintenance', maintenance: [table] });
    const text = renderStatus(output);
    expect(text).toContain('DONE (maintenance)');
    expect(text).toMatch(
      /batch 1 maintained\n[^]*orders[ │]+90[ │]+9[ │]+9000[ │]+6000[ │]+3[ │]+1[ │]+0 \(left\)[ │]+7/,
    );
  });

  it('works before anything was ever loaded', async () => {
    const output = await status('local', ledger(undefined, []));
    expect(checker(statusSchema)(output)).toMatchObject({ ok: true });
    expect(output).toMatchObject({ entries: [], tables: [], orphans: [], lease: null, openEntry: null });
    expect(output.request).toBeNull();
    expect(renderStatus(output)).toContain('nobody works on the log');
  });
});

describe('the history of a table', () => {
  const commit = (info: object): string =>
    `${JSON.stringify({ commitInfo: info })}\n${JSON.stringify({ add: { path: 'x'.repeat(70_000) } })}\n`;
  const log = (files: Record<string, string>): Objects => ({
    ...unused,
    async *keys() {
      await Promise.resolve();
      yield* Object.keys(files);
    },
    read: ({ key }, limit) => Promise.resolve(Buffer.from(files[key]!).subarray(0, limit)),
  });
  const refuse = (): never => {
    throw new Error('the history only lists and reads');
  };
  const unused: Objects = {
    read: refuse,
    write: refuse,
    writeOnce: refuse,
    copy: refuse,
    remove: refuse,
    versions: refuse,
    keys: refuse,
  };
  const name = (version: number): string => `orders/_delta_log/${String(version).padStart(20, '0')}.json`;

  it('is every commit, newest first, with the batch that its metadata names', async () => {
    const output = await history(
      'orders',
      'warehouse',
      log({
        [name(0)]: commit({ timestamp: 1_746_057_600_000, operation: 'CREATE TABLE', engineInfo: 'Spark' }),
        [name(10)]: commit({
          timestamp: 1_746_057_601_000,
          operation: 'MERGE',
          operationMetrics: {
            numTargetRowsInserted: '3',
            numTargetRowsUpdated: '2',
            numTargetRowsDeleted: '0',
          },
          engineInfo: 'Spark',
          userMetadata: '{"batch":7,"manifest":"a"}',
        }),
        [name(9)]: commit({ operation: 'OPTIMIZE', userMetadata: 'by hand' }),
        'orders/_delta_log/00000000000000000010.checkpoint.parquet': 'PAR1',
      }),
    );
    expect(checker(statusTableSchema)(output)).toMatchObject({ ok: true });
    expect(output.history).toEqual([
      {
        version: 10,
        timestamp: '2025-05-01T00:00:01.000Z',
        operation: 'MERGE',
        engineInfo: 'Spark',
        batch: 7,
        rows: { inserted: 3, updated: 2, deleted: 0 },
      },
      { version: 9, timestamp: null, operation: 'OPTIMIZE', engineInfo: null, batch: null, rows: null },
      {
        version: 0,
        timestamp: '2025-05-01T00:00:00.000Z',
        operation: 'CREATE TABLE',
        engineInfo: 'Spark',
        batch: null,
        rows: null,
      },
    ]);
    expect(renderHistory(output)).toContain('MERGE');
  });

  it('finds the provenance also behind the first 64 KiB', async () => {
    const late = `${JSON.stringify({ add: { path: 'x'.repeat(70_000) } })}\n${commit({ operation: 'WRITE' })}`;
    const output = await history('orders', 'warehouse', log({ [name(0)]: late }));
    expect(output.history[0]?.operation).toBe('WRITE');
  });

  it('fails when the table was never created, and for a name that is no table', async () => {
    await expect(history('orders', 'warehouse', log({}))).rejects.toThrow(CommandFailed);
    expect(() => {
      requireTable('nope', [{ name: 'orders' }]);
    }).toThrow(UsageError);
  });
});
