import { writeFile } from 'node:fs/promises';
import { differencesOf, manifestOf } from '../../release/manifest';
import { CommandFailed } from '../errors';
import { readPackaged } from '../release/packaged';
import { type Terminal, writeJson } from '../terminal';

/**
 * `lakehouse release manifest FOLDER [OTHER]`
 *
 * @throws CommandFailed naming every difference, when the folders hold two releases.
 */
export async function writeManifest(
  folder: string,
  others: readonly string[],
  { out }: { readonly out?: string },
  terminal: Terminal,
): Promise<void> {
  const packaged = await readPackaged(folder);
  for (const other of others) {
    const differences = differencesOf(packaged, await readPackaged(other));
    if (differences.length > 0) {
      throw new CommandFailed(
        `${folder} and ${other} are not the same release but for stage parameters:\n${differences.join('\n')}`,
      );
    }
  }
  const manifest = manifestOf(packaged);
  if (out === undefined) await writeJson(terminal, manifest);
  else await writeFile(out, `${JSON.stringify(manifest, null, 2)}\n`);
  terminal.note(`release ${manifest.digest}`);
}
