import { type StatusEntry, type StatusOutput } from '../../../generated/types/outputs/status';
import { isOpen } from '../../ledger/entries';
import { type ControlItem, type EntryItem, type RequestItem } from '../../ledger/items';
import { renderMaintained } from '../maintain/output';
import { latestTables } from '../ingest/outcome';
import { renderTable } from '../table';

const SHOWN_ENTRIES = 10;

export const fileStates = ['PENDING', 'PLANNED', 'ARCHIVED', 'REJECTED', 'FAILED', 'WITHDRAWN'] as const;

/** What `status` reads. */
export interface LedgerView {
  control(): Promise<ControlItem | undefined>;
  /** Those of the numbers that exist. */
  entries(numbers: readonly number[]): Promise<readonly EntryItem[]>;
  /** undefined when the ledger has none with this id. */
  request(id: string): Promise<RequestItem | undefined>;
  /** From an index: a moment behind. */
  countFiles(state: string): Promise<number>;
}

/** Where everything stands. */
export async function status(stage: string, ledger: LedgerView): Promise<StatusOutput> {
  const control = await ledger.control();
  const last = (control?.nextNumber ?? 1) - 1;
  const numbers = Array.from({ length: Math.min(last, SHOWN_ENTRIES) }, (_, index) => last - index);
  const [entries, request, counts] = await Promise.all([
    ledger.entries(numbers),
    control?.request === undefined ? undefined : ledger.request(control.request),
    Promise.all(fileStates.map(async (state) => [state, await ledger.countFiles(state)] as const)),
  ]);
  const oldestFirst = [...entries].sort((a, b) => a.number - b.number);
  return {
    stage,
    files: Object.fromEntries(counts),
    entries: oldestFirst.map(statusEntry).reverse(),
    tables: latestTables(oldestFirst),
    orphans: Object.entries(control?.orphans ?? {}).map(([dataset, { waiting, oldestSince }]) => ({
      dataset,
      waiting,
      oldestSince,
    })),
    lease:
      control?.owner === undefined
        ? null
        : { owner: control.owner, since: control.ownerSince ?? null, fence: control.fence },
    openEntry: control?.openEntry ?? null,
    request: waitingRequest(request),
    waitingFiles: Math.max(0, (control?.arrived ?? 0) - (control?.planned ?? 0)),
  };
}

/** null also for one that was answered since the control item was read. */
function waitingRequest(request: RequestItem | undefined): StatusOutput['request'] {
  if (request?.state !== 'PENDING') return null;
  const { id, operation, requestedAt } = request;
  const batch = request.operation === 'rollback' ? request.batch : null;
  const table = request.operation === 'maintenance' ? (request.table ?? null) : null;
  return { id, operation, batch, table, requestedAt };
}

function aimOf({ operation, batch, table }: NonNullable<StatusOutput['request']>): string {
  if (operation === 'erasure') return 'a person';
  if (batch !== null) return `batch ${batch}`;
  return table === null ? 'all tables' : `table ${table}`;
}

function statusEntry(entry: EntryItem): StatusEntry {
  const { number, kind, state, rollsBack, datasets, files, jobRuns } = entry;
  const { openedAt, seconds, validation, lastError, maintenance } = entry;
  const violations = validation?.reduce((sum, result) => sum + result.violations, 0);
  return {
    number,
    kind,
    state,
    rollsBack: rollsBack ?? null,
    datasets,
    files,
    jobRuns,
    openedAt,
    seconds: seconds ?? null,
    violations: violations ?? null,
    lastError: lastError ?? null,
    maintenance: maintenance ?? null,
  };
}

/** The status for people. */
export function renderStatus(output: StatusOutput): string {
  const { files, entries, tables, orphans, lease, openEntry, request, waitingFiles, stage } = output;
  const errors = entries.filter((entry) => entry.lastError !== null && isOpen(entry));
  return [
    `stage ${stage}: ${lease === null ? 'nobody works on the log' : `at work: ${lease.owner}`}`,
    openEntry === null ? '' : `, batch ${openEntry} is open`,
    waitingFiles === 0 ? '\n' : `, ${waitingFiles} files wait for a batch\n`,
    request === null
      ? ''
      : `${request.operation === 'erasure' ? 'an' : 'a'} ${request.operation} of ${aimOf(request)} waits to be served since ${request.requestedAt} (request ${request.id})\n`,
    renderTable(Object.keys(files), [Object.values(files)]),
    renderTable(
      ['batch', 'state', 'datasets', 'files', 'job runs', 'seconds', 'violations', 'opened'],
      entries.map((entry) => [
        entry.number,
        stateOf(entry),
        entry.datasets.join(', '),
        entry.files,
        entry.jobRuns,
        entry.seconds,
        entry.violations,
        entry.openedAt,
      ]),
    ),
    renderTable(
      ['table', 'rows', 'version'],
      tables.map(({ name, rows, version }) => [name, rows, version]),
    ),
    ...entries
      .filter(({ maintenance }) => maintenance !== null)
      .slice(0, 1)
      .map(({ number, maintenance }) => `batch ${number} maintained\n${renderMaintained(maintenance ?? [])}`),
    ...orphans
      .filter(({ waiting }) => waiting > 0)
      .map(
        ({ dataset, waiting, oldestSince }) =>
          `${dataset}: ${waiting} rows wait for a parent, the oldest since ${oldestSince ?? 'an unknown moment'}\n`,
      ),
    ...errors.map(({ number, lastError }) => `batch ${number} stopped: ${lastError ?? ''}\n`),
  ].join('');
}

function stateOf({ state, kind, rollsBack }: StatusEntry): string {
  if (rollsBack !== null) return `${state} (rollback of ${rollsBack})`;
  return kind === 'maintenance' || kind === 'erasure' ? `${state} (${kind})` : state;
}
