import { tables } from '../../contract/contracts';
import type { TableVersion } from '../../rollback/batchAfter';
import type { RollbackAim } from '../../rollback/plan';
import { UsageError } from '../errors';
import { batchNumber } from '../replay/options';
import { type StageOptions } from '../stage';
import { requireTable } from '../status/history';

/** What `rollback` is called with. */
export interface RollbackOptions extends StageOptions {
  readonly batch?: string;
  readonly table?: string;
  readonly toVersion?: string;
  readonly dryRun?: true;
  readonly timeout: string;
}

/**
 * What the options mean: a batch, or a table with a version.
 *
 * @throws UsageError
 */
export function wantedOf({ batch, table, toVersion }: RollbackOptions): RollbackAim | TableVersion {
  const isBatch = batch !== undefined && table === undefined && toVersion === undefined;
  if (isBatch) return { batch: batchNumber(batch) };
  if (batch !== undefined || table === undefined || toVersion === undefined)
    throw new UsageError('Say what to roll back in one way: --batch N, or --table T with --to-version V');
  if (!/^\d+$/u.test(toVersion))
    throw new UsageError(`${toVersion} is no version: write its number, see lakehouse status ${table}`);
  return { table: requireTable(table, tables).name, version: Number(toVersion) };
}
