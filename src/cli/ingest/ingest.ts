import { type IngestOutput } from '../../../generated/types/outputs/ingest';
import { type ControlItem } from '../../ledger/items';
import { type Terminal } from '../terminal';
import { type Clock, follow, type Followed, type RunView } from './follow';
import { exitCodeOf, type IdentifiedFile, ingestOutput } from './outcome';
import { type Sources } from './sources';
import { type Put, uploadAll } from './upload';

/** What `ingest` works on. */
export interface IngestPorts {
  readonly terminal: Terminal;
  readonly view: RunView;
  readonly put: Put;
  readonly control: () => Promise<ControlItem | undefined>;
  readonly fileId: (key: string, versionId: string) => string;
  readonly clock: Clock;
}

export interface IngestOptions {
  readonly sources: Sources;
  readonly datasets: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface IngestResult {
  readonly output: IngestOutput;
  readonly exitCode: number;
}

/**
 * Uploads the files and waits until each is archived or set aside. When it is interrupted or out of time, what was
 * uploaded is processed all the same.
 */
export async function ingest(
  { sources: { files: sources, ignored }, datasets, timeoutMs, signal }: IngestOptions,
  { terminal, view, put, control, fileId, clock }: IngestPorts,
): Promise<IngestResult> {
  const startedAt = clock.now();
  for (const path of ignored) terminal.note(`not uploaded: ${path} (no .csv file of a dataset)`);
  await resumeLeftovers(await control(), view, terminal);
  const uploaded = await uploadAll(sources, put, signal, (count) => {
    terminal.progress(`uploaded: ${count} of ${sources.length} files`);
  });
  const files = uploaded
    .map((file) => ({ ...file, fileId: fileId(file.key, file.versionId) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const ids = files.map((file) => file.fileId);
  const run = { after: 0, startedAt, timeoutMs, signal };
  const followed = await follow(ids, view, terminal, clock, run).catch((error: unknown) => {
    if (signal.aborted) terminal.note('what was uploaded is loaded all the same: see "lakehouse status"');
    throw error;
  });
  return resultOf(files, followed, { datasets, timeoutMs }, terminal);
}

/** The document and the exit status of a run that was followed to its end, or to the timeout. */
export function resultOf(
  files: readonly IdentifiedFile[],
  followed: Followed,
  { datasets, timeoutMs }: Pick<IngestOptions, 'datasets' | 'timeoutMs'>,
  terminal: Terminal,
): IngestResult {
  const output = ingestOutput(files, followed, datasets);
  if (followed.timedOut) {
    terminal.note(
      `still running after ${Math.round(timeoutMs / 1000)} s; it goes on without this command: see "lakehouse status"`,
    );
  }
  return { output, exitCode: exitCodeOf(output, followed.timedOut) };
}

/** A batch that a failed execution left open comes first; the sweep changes nothing where one is at work. */
async function resumeLeftovers(
  control: ControlItem | undefined,
  view: RunView,
  terminal: Terminal,
): Promise<void> {
  if (control === undefined) return;
  const { openEntry, arrived, planned } = control;
  if (openEntry === undefined && arrived <= planned) return;
  terminal.note(
    openEntry === undefined
      ? `${arrived - planned} files that arrived before are not in a batch yet: they are loaded too`
      : `batch ${openEntry} is still open: it comes first`,
  );
  await view.sweep();
}
