import { type Command } from 'commander';
import { type StageOptions } from '../stage';
import { type Terminal } from '../terminal';

/** Adds what `lakehouse release` takes; each module is loaded when its command runs, as in main. */
export function addReleaseCommands(
  release: Command,
  command: (usage: string, description: string, parent: Command) => Command,
  terminal: Terminal,
): void {
  command('list', 'releases, newest first, and which is live', release).action(
    async (options: StageOptions) => {
      const { listReleases } = await import('../commands/release');
      await listReleases(options, terminal);
    },
  );

  command(
    'promote [release]',
    'make a release live, by number or name; the newest unless told',
    release,
  ).action(async (wanted: string | undefined, options: StageOptions) => {
    const { promoteRelease } = await import('../commands/release');
    await promoteRelease(wanted, options, terminal);
  });

  command('rollback', 'go back to the release before the live one', release).action(
    async (options: StageOptions) => {
      const { rollBackRelease } = await import('../commands/release');
      await rollBackRelease(options, terminal);
    },
  );

  command('prune', 'delete releases, and versions of functions, that nothing needs any more', release)
    .option('--keep <number>', 'newest releases that stay in any case', '10')
    .action(async (options: StageOptions & { keep: string }) => {
      const { pruneReleases } = await import('../commands/release');
      await pruneReleases(options, terminal);
    });

  release
    .command('manifest <folder> [others...]')
    .description(
      'name what a package folder holds by sha256; other stages must be the same but for parameters',
    )
    .option('--out <file>', 'write it to a file instead of stdout')
    .option('--is <file>', 'it must be the release of this manifest')
    .action(async (folder: string, others: string[], options: { out?: string; is?: string }) => {
      const { writeManifest } = await import('../commands/manifest');
      await writeManifest(folder, others, options, terminal);
    });
}
