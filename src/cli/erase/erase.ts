import { type EraseOutput } from '../../../generated/types/outputs/erase';
import { readCertificate } from '../../batch/documents';
import { digestOf, ensureKey } from '../../erasure/digest';
import { requireNoHold } from '../../erasure/refused';
import { isOpen } from '../../ledger/entries';
import { ask } from '../../ledger/requests';
import { CommandFailed, ExitCode, UsageError } from '../errors';
import { followRequest } from '../request/followRequest';
import { type RequestPorts } from '../request/ports';
import { waitsBefore } from '../request/waitsBefore';

export interface EraseRunOptions {
  /** The person's id, as files write it. It goes nowhere: everything that is written knows its digest alone. */
  readonly user: string;
  readonly artefactsBucket: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface EraseResult {
  readonly output: EraseOutput;
  readonly exitCode: number;
}

/**
 * Asks to erase a person and follows it. When it is interrupted or out of time, the erasure goes on all the same.
 *
 * @throws ErasureRefused under a legal hold; CommandFailed when a request for something else waits, or a hold came in between;
 *   UsageError for an id that no row can have.
 */
export async function runErase(options: EraseRunOptions, ports: RequestPorts): Promise<EraseResult> {
  const { artefactsBucket, timeoutMs, signal } = options;
  const { store, objects, executions, terminal, clock } = ports;
  const user = options.user.trim();
  if (user === '') throw new UsageError('--user needs the id of a person');
  const startedAt = clock.now();
  await requireNoHold(store);
  const digest = digestOf(user, await ensureKey(objects, artefactsBucket));
  const asked = { id: ports.newId(), operation: 'erasure', digest } as const;
  const waiting = await ask(store, asked, new Date(startedAt));
  if (waiting.operation !== 'erasure' || waiting.digest !== digest) throw waitsBefore(waiting);
  await executions.start({ trigger: 'command' });
  terminal.note('the person is erased as soon as no batch is open');
  const { request, entry } = await followRequest(
    waiting.id,
    { startedAt, timeoutMs, signal, doing: 'erases' },
    ports,
  );
  if (request.state === 'REFUSED') throw new CommandFailed(request.reason ?? 'The erasure was refused');
  if (entry === undefined || isOpen(entry) || entry.certificate === undefined) {
    terminal.note('it goes on without this command: see "lakehouse status"');
    const state = entry === undefined ? ('PENDING' as const) : ('OPEN' as const);
    const output = { state, entry: entry?.number ?? null, certificateKey: null, certificate: null };
    return { output, exitCode: ExitCode.stillRunning };
  }
  const { number, certificate: key } = entry;
  const certificate = await readCertificate(objects, { bucket: artefactsBucket, key });
  return {
    output: { state: 'DONE', entry: number, certificateKey: key, certificate },
    exitCode: ExitCode.ok,
  };
}
