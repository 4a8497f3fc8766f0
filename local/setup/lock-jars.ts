/** Resolves local/setup/ivy.xml anew and writes the names and hashes of the jars to jars.lock.json. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureJava } from './java';
import { hashJars, jarLockFile, resolveJars } from './jars';
import { PROJECT } from './toolchain';
import { ensureVenv, venvs } from './venv';

async function main(): Promise<void> {
  const { glue, java } = venvs(PROJECT);
  await ensureVenv(glue, false);
  const folder = mkdtempSync(join(tmpdir(), 'jars-'));
  try {
    await resolveJars(PROJECT, await ensureJava(java), folder);
    writeFileSync(jarLockFile(PROJECT), `${JSON.stringify(hashJars(folder), null, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
