import { type SmokeOutput } from '../../../generated/types/outputs/smoke';
import { type ValidationResult } from '../../../generated/types/outputs/ingest';
import { type EntryItem } from '../../ledger/items';
import { liveReleases, type Releases } from '../../release/releases';
import { judgeSmoke, ranOnRelease, type SmokeRun } from '../../release/smoke';
import { CommandFailed, ExitCode } from '../errors';
import { type RunView } from '../ingest/follow';
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
  /** The newest validation on record. */
  readonly lastValidation: () => Promise<readonly ValidationResult[]>;
  readonly validate: () => Promise<readonly ValidationResult[]>;
}

/** An execution of the release under test failed: waiting for its files would only end at the timeout. */
export class ReleaseFailed extends CommandFailed {}

/** While an execution of a former release holds the lease it takes the files; then it is over, and others can. */
const ATTEMPTS = 3;

/**
 * Lands files, waits for their end, and judges the release that is live.
 *
 * @throws ReleaseFailed when an execution of the release fails; CommandFailed when two releases are live.
 */
export async function runSmoke(
  { datasets }: { readonly datasets: readonly string[] },
  ports: SmokePorts,
): Promise<{ output: SmokeOutput; exitCode: number }> {
  const live = liveReleases(await ports.releases.list());
  const [release] = live;
  if (release === undefined || live.length > 1) {
    throw new CommandFailed(
      `${live.length} releases are live: wait for the end of the shift, or promote one, then repeat the smoke`,
    );
  }
  const before = await ports.lastValidation();
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
    const checks = judgeSmoke(run, {
      ...{ release: release.arn, datasets, rows: files, before },
      after: timedOut ? [] : await ports.validate(),
    });
    const passed = checks.every((check) => check.passed);
    const output = { release: release.number, name: release.name, passed, checks };
    if (timedOut) return { output, exitCode: ExitCode.stillRunning };
    return { output, exitCode: passed ? ExitCode.ok : ExitCode.failed };
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
