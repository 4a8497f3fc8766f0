import { type RolledBackFile, type RollbackOutput } from '../../../generated/types/outputs/rollback';
import { type Manifest } from '../../batch/documents';
import { type FileItem } from '../../ledger/items';
import { type RollbackPlan } from '../../rollback/plan';
import { renderTable } from '../table';

/** How far a rollback has come. */
export type Progress = Pick<RollbackOutput, 'state' | 'entry'>;

export function rollbackOutput(
  { rollback, tables }: Pick<RollbackPlan, 'rollback' | 'tables'>,
  files: ReadonlyMap<string, FileItem>,
  { state, entry }: Progress,
): RollbackOutput {
  const { batch, dataset = null, undone, restore, withdrawn, queued } = rollback;
  const outputs = (fileIds: readonly string[], fate: RolledBackFile['fate']): RolledBackFile[] =>
    fileIds.flatMap((fileId) => {
      const file = files.get(fileId);
      if (file === undefined) return [];
      const { key, dataset } = file;
      return [{ key, dataset, batch: file.batch ?? null, fate, state: file.state }];
    });
  return {
    ...{ batch, dataset, entry, state, batches: undone },
    tables: Object.entries(restore).map(([name, to]) => ({ name, from: tables[name] ?? null, to })),
    files: [...outputs(withdrawn, 'WITHDRAWN'), ...outputs(queued, 'QUEUED')],
  };
}

/** A rollback that has begun, as its manifest tells. */
export function planOf({ rollback, tables, confirmations }: Manifest): RollbackPlan | undefined {
  return rollback === undefined ? undefined : { rollback, tables, confirmations };
}

const SENTENCES: Readonly<Record<RollbackOutput['state'], string>> = {
  PLANNED: 'would be rolled back; nothing was written',
  PENDING: 'waits to be rolled back',
  OPEN: 'is being rolled back',
  DONE: 'is rolled back',
};

/** The output for people. */
export function renderRollback(output: RollbackOutput): string {
  const { batch, dataset, entry, state, batches, tables, files } = output;
  const [, ...later] = batches;
  return [
    `${dataset === null ? `batch ${batch}` : `${dataset} to before batch ${batch}`} ${SENTENCES[state]}`,
    entry === null ? '\n' : `, entry ${entry} of the log\n`,
    later.length === 0 ? '' : `with it the later batches: ${later.join(', ')}\n`,
    renderTable(
      ['table', 'version', 'returns to'],
      tables.map(({ name, from, to }) => [name, from, to]),
    ),
    renderTable(
      ['file', 'batch', 'what becomes of it', 'state'],
      files.map((file) => [
        file.key.replace(/^raw\//u, ''),
        file.batch,
        file.fate === 'QUEUED' ? 'loads again' : 'only by replay',
        file.state,
      ]),
    ),
  ].join('');
}
