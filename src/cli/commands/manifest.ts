import { readFile, writeFile } from 'node:fs/promises';
import { differencesOf, manifestOf, type Packaged } from '../../release/manifest';
import { CommandFailed } from '../errors';
import { readPackaged } from '../release/packaged';
import { type Terminal, writeJson } from '../terminal';

/**
 * `lakehouse release manifest FOLDER [OTHERS...]`
 *
 * @throws CommandFailed naming every difference, when the folders hold two releases or another than that of `is`.
 */
export async function writeManifest(
  folder: string,
  others: readonly string[],
  { out, is }: { readonly out?: string; readonly is?: string },
  terminal: Terminal,
): Promise<void> {
  const packaged = await readPackaged(folder);
  const rest: Packaged[] = [];
  for (const other of others) {
    const one = await readPackaged(other);
    const differences = differencesOf(packaged, one);
    if (differences.length > 0) {
      throw new CommandFailed(
        `${folder} and ${other} are not the same release but for stage parameters:\n${differences.join('\n')}`,
      );
    }
    rest.push(one);
  }
  const manifest = manifestOf(packaged, ...rest);
  const text = JSON.stringify(manifest, null, 2);
  if (is !== undefined && (await readFile(is, 'utf8')).trim() !== text) {
    throw new CommandFailed(
      `${[folder, ...others].join(', ')}: not what ${is} names, file for file: package again, or fetch what was packaged`,
    );
  }
  if (out === undefined) await writeJson(terminal, manifest);
  else await writeFile(out, `${text}\n`);
  terminal.note(`release ${manifest.digest}`);
}
