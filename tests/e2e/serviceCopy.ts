/** The service in a folder of its own, so that a test can change it; with the same `LAKEHOUSE_HOME` it finds the same cloud. */
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectDir } from './lakehouse';

/** What a deploy does not read: what was installed, made or recorded, and the tests. */
const LEFT_OUT = new Set([
  ...['.git', '.tools', 'node_modules', 'tests'],
  ...['.esbuild', '.lakehouse', '.recordings', '.serverless', 'release'],
]);

/** The copy; `remove` takes it away again. */
export interface ServiceCopy {
  readonly folder: string;
  readonly remove: () => void;
}

export function copyService(): ServiceCopy {
  const folder = mkdtempSync(path.join(tmpdir(), 'lakehouse-copy-'));
  cpSync(projectDir, folder, {
    recursive: true,
    filter: (source) => !LEFT_OUT.has(path.relative(projectDir, source)),
  });
  symlinkSync(path.join(projectDir, 'node_modules'), path.join(folder, 'node_modules'));
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
