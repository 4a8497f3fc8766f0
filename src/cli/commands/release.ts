import { type ReleaseOutput } from '../../../generated/types/outputs/release';
import { prune } from '../../release/prune';
import { type Move, promote, type Release, rollBack } from '../../release/releases';
import { lambdaClient, stepFunctionsClient } from '../aws/clients';
import { pruningWith, releasesWith } from '../aws/releases';
import { UsageError } from '../errors';
import { openStage, type StageOptions } from '../stage';
import { renderTable } from '../table';
import { type Terminal, writeJson } from '../terminal';

/** `lakehouse release list` */
export async function listReleases(options: StageOptions, terminal: Terminal): Promise<void> {
  const stack = await openStage(options.stage);
  const releases = await releasesWith(await stepFunctionsClient(), stack).list();
  const output = releases.map(outputOf);
  if (options.json) await writeJson(terminal, output);
  else await terminal.write(renderReleases(output));
}

/** `lakehouse release promote [RELEASE]` */
export async function promoteRelease(
  wanted: string | undefined,
  options: StageOptions,
  terminal: Terminal,
): Promise<void> {
  const stack = await openStage(options.stage);
  const port = releasesWith(await stepFunctionsClient(), stack);
  tell(await promote(port, wanted), terminal);
  await listReleases(options, terminal);
}

/** `lakehouse release rollback` */
export async function rollBackRelease(options: StageOptions, terminal: Terminal): Promise<void> {
  const stack = await openStage(options.stage);
  tell(await rollBack(releasesWith(await stepFunctionsClient(), stack)), terminal);
  await listReleases(options, terminal);
}

/** `lakehouse release prune` */
export async function pruneReleases(
  options: StageOptions & { readonly keep: string },
  terminal: Terminal,
): Promise<void> {
  const keep = Number(options.keep);
  if (!Number.isSafeInteger(keep) || keep < 1) {
    throw new UsageError(`--keep ${options.keep}: give a whole number of at least 1`);
  }
  const stack = await openStage(options.stage);
  const pruned = await prune(pruningWith(await stepFunctionsClient(), await lambdaClient(), stack), keep);
  terminal.note(
    `deleted ${pruned.releases.length} releases and ${pruned.functionVersions.length} versions of functions`,
  );
  await listReleases(options, terminal);
}

function tell({ from, to }: Move, terminal: Terminal): void {
  const before = from.map(({ number }) => number).join(' and ') || 'nothing';
  terminal.note(
    `live: release ${to.number} (${to.name}), before: ${before}. Executions at work end on the release they started on.`,
  );
}

function outputOf({ number, name, createdAt, weight, withdrawn }: Release): ReleaseOutput[number] {
  return { number, name, createdAt, live: weight, withdrawn };
}

function renderReleases(releases: ReleaseOutput): string {
  return renderTable(
    ['release', 'name', 'created', 'live', ''],
    releases.map(({ number, name, createdAt, live, withdrawn }) => [
      number,
      name,
      createdAt,
      live === 0 ? '' : `${live} %`,
      withdrawn ? 'gone back from' : '',
    ]),
  );
}
