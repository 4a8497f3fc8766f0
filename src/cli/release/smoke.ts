import { type SmokeOutput } from '../../../generated/types/outputs/smoke';
import { type EntryItem } from '../../ledger/items';
import { type MetricSeries, seriesOfLoad } from '../../release/loadMetrics';
import { liveReleases, type Releases } from '../../release/releases';
import { judgeMetrics, judgeSmoke, ranOnRelease, type SmokeRun } from '../../release/smoke';
import { CommandFailed, ExitCode } from '../errors';
import { type Clock, type RunView } from '../ingest/follow';
import { type IngestResult } from '../ingest/ingest';
import { type Terminal } from '../terminal';
import { type SmokeFiles } from './smokeFiles';

/** What a smoke works on. */
export interface SmokePorts {
  readonly terminal: Terminal;
  readonly releases: Pick<Releases, 'list'>;
  readonly view: RunView;
  /** Version that an execution runs on. */
  readonly versionOf: (executionArn: string) => Promise<string | undefined>;
  /** Lands files under a name of their own and follows them; what it sees of failures goes through `view`. */
  readonly land: (attempt: number, view: RunView) => Promise<{ files: SmokeFiles; result: IngestResult }>;
  /** How many values CloudWatch has of each series since the minute of the moment, in their order. */
  readonly samples: (series: readonly MetricSeries[], since: Date) => Promise<readonly number[]>;
  readonly clock: Clock;
}

export interface SmokeSettings {
  readonly stage: string;
  readonly datasets: readonly string[];
  readonly signal: AbortSignal;
}

/** An execution of the release under test failed: waiting for its files would only end at the timeout. */
export class ReleaseFailed extends CommandFailed {}

/** While an execution of a former release holds the lease it takes the files; then it is over, and others can. */
const ATTEMPTS = 3;

/** CloudWatch takes metrics out of logs within a minute or two; nothing promises it. */
const MEASURED_WITHIN_MS = 5 * 60_000;
const LOOK_EVERY_MS = 5_000;

/**
 * Lands files, waits for their end, and judges the release that is live.
 *
 * The metrics are waited for only when nothing else is wrong: what failed already shall be gone back from at once.
 *
 * @throws ReleaseFailed when an execution of the release fails; CommandFailed when two releases are live.
 */
export async function runSmoke(
  { stage, datasets, signal }: SmokeSettings,
  ports: SmokePorts,
): Promise<{ output: SmokeOutput; exitCode: number }> {
  const live = liveReleases(await ports.releases.list());
  const [release] = live;
  if (release === undefined || live.length > 1) {
    throw new CommandFailed(
      `${live.length} releases are live: wait for the end of the shift, or promote one, then repeat the smoke`,
    );
  }
  const series = seriesOfLoad(stage, datasets);
  const since = new Date(ports.clock.now());
  const samplesBefore = await ports.samples(series, since);
  const unmeasured = async (): Promise<MetricSeries[]> => {
    const now = await ports.samples(series, since);
    return series.filter((_, index) => (now[index] ?? 0) <= (samplesBefore[index] ?? 0));
  };
  const view = failingFast(ports, release.arn);
  for (let attempt = 1; ; attempt += 1) {
    const { files, result } = await ports.land(attempt, view);
    const timedOut = result.exitCode === ExitCode.stillRunning;
    const entries = await Promise.all(result.output.batches.map(({ number }) => ports.view.entry(number)));
    const ranOn = await Promise.all(
      entries.map(({ executionArn }: EntryItem) => ports.versionOf(executionArn)),
    );
    const run: SmokeRun = { output: result.output, timedOut, ranOn };
    if (!timedOut && attempt < ATTEMPTS && !ranOnRelease(run, release.arn)) {
      ports.terminal.note('an execution of another release took the files: once more');
      continue;
    }
    const judged = judgeSmoke(run, { release: release.arn, datasets, rows: files });
    const patience = judged.every((check) => check.passed) ? MEASURED_WITHIN_MS : 0;
    const missing = await untilNone(unmeasured, patience, ports, signal);
    const checks = [...judged, judgeMetrics(missing)];
    const passed = checks.every((check) => check.passed);
    const output = { release: release.number, name: release.name, passed, checks };
    if (timedOut) return { output, exitCode: ExitCode.stillRunning };
    return { output, exitCode: passed ? ExitCode.ok : ExitCode.failed };
  }
}

/** Looks until nothing is missing or the time is over, and gives what is missing then. */
async function untilNone<T>(
  missing: () => Promise<T[]>,
  withinMs: number,
  { clock, terminal }: Pick<SmokePorts, 'clock' | 'terminal'>,
  signal: AbortSignal,
): Promise<T[]> {
  const deadline = clock.now() + withinMs;
  for (;;) {
    const found = await missing();
    if (found.length === 0 || clock.now() >= deadline) return found;
    terminal.progress(`waiting for ${found.length} metrics of the load ...`);
    await clock.pause(LOOK_EVERY_MS, signal);
  }
}

/** The view of a run that ends it when an execution of the release under test failed. */
function failingFast({ view, versionOf }: SmokePorts, release: string): RunView {
  return {
    ...view,
    async failedExecutions(since) {
      const failures = await view.failedExecutions(since);
      for (const { arn, status, error, cause } of failures) {
        if ((await versionOf(arn)) !== release) continue;
        throw new ReleaseFailed(`The release fails: execution ${arn} ended ${status}: ${error}: ${cause}`);
      }
      return failures;
    },
  };
}
