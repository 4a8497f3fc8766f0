import { type RollbackRequest } from '../../../generated/types/documents/requestItem';
import { type RollbackOutput } from '../../../generated/types/outputs/rollback';
import { readManifest } from '../../batch/documents';
import { isOpen } from '../../ledger/entries';
import { readFiles } from '../../ledger/files';
import { type EntryItem, keys, read } from '../../ledger/items';
import { ask } from '../../ledger/requests';
import { uri } from '../../objects/objects';
import { findRollbackTo, type TableVersion } from '../../rollback/batchAfter';
import { type RollbackAim, type RollbackPlan } from '../../rollback/plan';
import { findRollback, type RollbackSettings } from '../../rollback/readLog';
import { RollbackRefused } from '../../rollback/refused';
import { CommandFailed, ExitCode } from '../errors';
import { follow } from '../ingest/follow';
import { followRequest } from '../request/followRequest';
import { type RequestPorts } from '../request/ports';
import { waitsBefore } from '../request/waitsBefore';
import { planOf, rollbackOutput } from './output';

export interface RollbackRunOptions {
  readonly wanted: RollbackAim | TableVersion;
  readonly settings: RollbackSettings;
  readonly dryRun: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface RollbackResult {
  readonly output: RollbackOutput;
  readonly exitCode: number;
}

/**
 * Asks for a rollback and follows it, and then the files that load again. When it is interrupted or out of time, it goes on
 * all the same.
 *
 * @throws CommandFailed when the rollback is refused, or another request waits.
 */
export async function runRollback(options: RollbackRunOptions, ports: RequestPorts): Promise<RollbackResult> {
  const { wanted, settings, dryRun } = options;
  const { store, executions, terminal, clock } = ports;
  const startedAt = clock.now();
  const plan = await planned(ports, settings, wanted);
  if (dryRun)
    return { output: await outputOf(ports, plan, { state: 'PLANNED', entry: null }), exitCode: ExitCode.ok };
  const { batch, dataset } = plan.rollback;
  const asked = { id: ports.newId(), operation: 'rollback', ...aimOf(plan) } as const;
  const request = await ask(store, asked, new Date(clock.now()));
  if (request.operation !== 'rollback' || request.batch !== batch || request.dataset !== dataset)
    throw waitsBefore(request);
  await executions.start({ trigger: 'command' });
  terminal.note(`${dataset ?? `batch ${batch}`} is rolled back as soon as no other batch is open`);
  const entry = await closed(request.id, options, startedAt, ports).catch((error: unknown) => {
    if (options.signal.aborted) terminal.note('it is rolled back all the same: see "lakehouse status"');
    throw error;
  });
  return resultOf(options, startedAt, ports, plan, entry);
}

function aimOf({ rollback: { batch, dataset } }: RollbackPlan): Pick<RollbackRequest, 'batch' | 'dataset'> {
  return dataset === undefined ? { batch } : { batch, dataset };
}

async function planned(
  { store, objects }: RequestPorts,
  settings: RollbackSettings,
  wanted: RollbackAim | TableVersion,
): Promise<RollbackPlan> {
  const item = await store.get(keys.control);
  const control = item === undefined ? { nextNumber: 1 } : read.control(item);
  try {
    return 'table' in wanted
      ? await findRollbackTo({ store, objects }, settings, control, wanted)
      : await findRollback({ store, objects }, settings, control, wanted);
  } catch (error) {
    throw error instanceof RollbackRefused ? new CommandFailed(error.message, { cause: error.cause }) : error;
  }
}

/** The entry that serves the request, closed; or as far as it is at the timeout. @throws CommandFailed */
async function closed(
  id: string,
  { timeoutMs, signal }: RollbackRunOptions,
  startedAt: number,
  ports: RequestPorts,
): Promise<EntryItem | undefined> {
  const options = { startedAt, timeoutMs, signal, doing: 'restores' };
  const { request, entry } = await followRequest(id, options, ports);
  if (request.state === 'REFUSED') throw new CommandFailed(request.reason ?? 'The rollback was refused');
  return entry;
}

/** What was done, and after it what became of the files that load again. */
async function resultOf(
  { settings, timeoutMs, signal }: RollbackRunOptions,
  startedAt: number,
  ports: RequestPorts,
  asked: RollbackPlan,
  entry: EntryItem | undefined,
): Promise<RollbackResult> {
  const { view, terminal, clock } = ports;
  if (entry === undefined || isOpen(entry)) {
    terminal.note('still running; it goes on without this command: see "lakehouse status"');
    const progress =
      entry === undefined
        ? ({ state: 'PENDING', entry: null } as const)
        : ({ state: 'OPEN', entry: entry.number } as const);
    return { output: await outputOf(ports, asked, progress), exitCode: ExitCode.stillRunning };
  }
  const plan = (await planIn(ports, settings, entry)) ?? asked;
  terminal.note(`the tables are as before batch ${plan.rollback.batch}`);
  const { queued } = plan.rollback;
  const followed = await follow(queued, view, terminal, clock, {
    ...{ after: entry.number, startedAt, timeoutMs, signal },
  });
  const output = await outputOf(ports, plan, { state: 'DONE', entry: entry.number });
  if (followed.timedOut) return { output, exitCode: ExitCode.stillRunning };
  const settled = queued.every((id) =>
    ['ARCHIVED', 'REJECTED'].includes(followed.files.get(id)?.state ?? ''),
  );
  return { output, exitCode: settled ? ExitCode.ok : ExitCode.failed };
}

/** The plan by which the entry went: files may have arrived since the command made its own. */
async function planIn(
  { objects }: RequestPorts,
  { artefactsBucket }: RollbackSettings,
  { number, manifestKey, manifestHash }: EntryItem,
): Promise<RollbackPlan | undefined> {
  const manifest = uri({ bucket: artefactsBucket, key: manifestKey });
  return planOf(await readManifest(objects, { manifest, manifestHash, number, prefix: '' }));
}

async function outputOf(
  { store }: RequestPorts,
  plan: RollbackPlan,
  progress: Pick<RollbackOutput, 'state' | 'entry'>,
): Promise<RollbackOutput> {
  const { withdrawn, queued } = plan.rollback;
  return rollbackOutput(plan, await readFiles(store, [...withdrawn, ...queued]), progress);
}
