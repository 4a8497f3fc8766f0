import { type MaintainOutput } from '../../../generated/types/outputs/maintain';
import { readManifest } from '../../batch/documents';
import { isOpen } from '../../ledger/entries';
import { type EntryItem } from '../../ledger/items';
import { ask } from '../../ledger/requests';
import { findMaintenance, type MaintenanceSettings } from '../../maintenance/findMaintenance';
import { uri } from '../../objects/objects';
import { ExitCode } from '../errors';
import { followRequest } from '../request/followRequest';
import { type RequestPorts } from '../request/ports';
import { waitsBefore } from '../request/waitsBefore';
import { plannedTable } from './output';

export interface MaintainRunOptions {
  /** The one table to look at; undefined: all. */
  readonly table: string | undefined;
  readonly settings: MaintenanceSettings & { readonly artefactsBucket: string };
  readonly dryRun: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface MaintainResult {
  readonly output: MaintainOutput;
  readonly exitCode: number;
}

/**
 * Asks for maintenance and follows it; a dry run only looks. When it is interrupted or out of time, maintenance goes on all the
 * same.
 *
 * @throws CommandFailed when a request for something else waits.
 */
export async function runMaintain(options: MaintainRunOptions, ports: RequestPorts): Promise<MaintainResult> {
  const { table, settings, dryRun, timeoutMs, signal } = options;
  const { store, objects, executions, terminal, clock } = ports;
  const startedAt = clock.now();
  if (dryRun) {
    const found = await findMaintenance(objects, settings, new Date(startedAt), table);
    const state = found.length === 0 ? 'NEEDLESS' : 'PLANNED';
    return resultOf({ entry: null, state, planned: found.map(plannedTable), tables: [] });
  }
  const asked = {
    id: ports.newId(),
    operation: 'maintenance',
    ...(table === undefined ? {} : { table }),
  } as const;
  const waiting = await ask(store, asked, new Date(startedAt));
  if (waiting.operation !== 'maintenance') throw waitsBefore(waiting);
  await executions.start({ trigger: 'command' });
  terminal.note('tables are maintained as soon as no batch is open');
  const answered = await followRequest(
    waiting.id,
    { startedAt, timeoutMs, signal, doing: 'maintains tables' },
    ports,
  );
  const { request, entry } = answered;
  if (entry === undefined) {
    if (request.state === 'NEEDLESS') return resultOf({ ...NONE, state: 'NEEDLESS' });
    terminal.note('still waiting; it goes on without this command: see "lakehouse status"');
    return resultOf({ ...NONE, state: 'PENDING' });
  }
  return resultOf(await outputOf(ports, settings.artefactsBucket, entry));
}

const NONE = { entry: null, planned: [], tables: [] };

async function outputOf(
  { objects }: RequestPorts,
  artefactsBucket: string,
  entry: EntryItem,
): Promise<MaintainOutput> {
  const { number, manifestKey, manifestHash, state, maintenance = [] } = entry;
  const manifest = uri({ bucket: artefactsBucket, key: manifestKey });
  const plan = await readManifest(objects, { manifest, manifestHash, number, prefix: '' });
  return {
    entry: number,
    state: isOpen(entry) ? 'OPEN' : state === 'FAILED' ? 'FAILED' : 'DONE',
    planned: (plan.maintenance?.tables ?? []).map(plannedTable),
    tables: maintenance,
  };
}

const EXIT_CODES: Readonly<Record<MaintainOutput['state'], number>> = {
  ...{ PLANNED: ExitCode.ok, NEEDLESS: ExitCode.ok, DONE: ExitCode.ok, FAILED: ExitCode.failed },
  ...{ PENDING: ExitCode.stillRunning, OPEN: ExitCode.stillRunning },
};

function resultOf(output: MaintainOutput): MaintainResult {
  return { output, exitCode: EXIT_CODES[output.state] };
}
