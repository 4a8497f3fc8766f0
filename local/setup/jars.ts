import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type JSONSchemaType } from 'ajv';
import { SetupError } from './errors';
import type { Java } from './java';
import { run } from './program';
import { step } from './progress';
import { toolsFolder } from './toolchain';
import { pythonOf, venvs } from './venv';

/** SHA-256 in hex by file name. */
export type JarLock = Readonly<Record<string, string>>;

const SCHEMA: JSONSchemaType<Record<string, string>> = {
  type: 'object',
  additionalProperties: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  propertyNames: { pattern: '^[^/\\\\]+\\.jar$' },
  minProperties: 1,
  required: [],
};
const isJarLock = new Ajv().compile(SCHEMA);

/** Where the jars of a project are. */
export function jarsFolder(project: string): string {
  return join(toolsFolder(project), 'jars');
}

/** The file that pins them. */
export function jarLockFile(project: string): string {
  return join(project, 'local', 'setup', 'jars.lock.json');
}

function stampFile(project: string): string {
  return join(jarsFolder(project), 'verified.sha256');
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The pinned jars. */
export function readJarLock(project: string): JarLock {
  const document: unknown = JSON.parse(readFileSync(jarLockFile(project), 'utf8'));
  if (isJarLock(document)) return document;
  throw new SetupError(
    `${jarLockFile(project)} is not a list of jar names with SHA-256 sums: restore it with "git checkout"`,
  );
}

/** Name and SHA-256 of each jar in a folder. */
export function hashJars(folder: string): JarLock {
  const names = readdirSync(folder).filter((name) => name.endsWith('.jar'));
  return Object.fromEntries(names.sort().map((name) => [name, sha256(readFileSync(join(folder, name)))]));
}

/** What is wrong with the jars that arrived, each in a sentence; empty when they are as locked. */
export function lockViolations(lock: JarLock, found: JarLock): string[] {
  return [
    ...Object.keys(lock).flatMap((name) => {
      if (!(name in found)) return [`${name} is missing`];
      return found[name] === lock[name]
        ? []
        : [`${name} has the SHA-256 ${found[name] ?? ''}, not ${lock[name] ?? ''}`];
    }),
    ...Object.keys(found).flatMap((name) => (name in lock ? [] : [`${name} is not in the lock`])),
  ];
}

/** Whether the jars of this lock were verified before and are still there. */
export function areJarsInstalled(project: string): boolean {
  const stamp = stampFile(project);
  if (!existsSync(stamp)) return false;
  if (readFileSync(stamp, 'utf8').trim() !== sha256(readFileSync(jarLockFile(project)))) return false;
  return Object.keys(readJarLock(project)).every((name) => existsSync(join(jarsFolder(project), name)));
}

/** What Ivy downloaded so far; an interrupted download goes on from there. */
function ivyCache(project: string): string {
  return join(toolsFolder(project), 'ivy');
}

async function sparkJarFolder(project: string): Promise<string> {
  const locate = 'import importlib.util as u; print(u.find_spec("pyspark").submodule_search_locations[0])';
  const { stdout } = await run(pythonOf(venvs(project).glue), ['-c', locate]);
  return join(stdout.trim(), 'jars');
}

/**
 * Resolves local/setup/ivy.xml with the Ivy that PySpark ships and copies the jars to a folder. A mirror of Maven
 * Central can be given by a settings file of Ivy named in IVY_SETTINGS.
 */
export async function resolveJars(project: string, java: Java, target: string): Promise<void> {
  const sparkJars = await sparkJarFolder(project);
  const ivy = readdirSync(sparkJars).filter((name) => /^(ivy|commons-cli)-[\d.]+\.jar$/.test(name));
  const setup = join(project, 'local', 'setup');
  const cache = ivyCache(project);
  await run(join(java.home, 'bin', 'java'), [
    ...java.networkOptions,
    `-Divy.default.ivy.user.dir=${cache}`,
    '-classpath',
    ivy.map((name) => join(sparkJars, name)).join(':'),
    'org.apache.ivy.Main',
    ...['-settings', process.env['IVY_SETTINGS'] ?? join(setup, 'ivysettings.xml')],
    ...['-ivy', join(setup, 'ivy.xml')],
    ...['-cache', cache],
    ...['-retrieve', join(target, '[artifact]-[revision].[ext]')],
  ]);
}

/**
 * Puts the locked jars in place unless they are there already; needs the Glue environment. They are downloaded beside
 * the folder, compared with the lock and moved in one step.
 *
 * @throws {SetupError} when they cannot be had or are not the locked ones
 */
export async function ensureJars(project: string, java: Java): Promise<void> {
  if (areJarsInstalled(project)) return;
  await step('jars of Delta Lake and S3A', jarsFolder(project), async () => {
    const draft = `${jarsFolder(project)}.new`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft);
    try {
      await resolveJars(project, java, draft);
    } catch (cause) {
      throw new SetupError(
        'The jars of Delta Lake and S3A could not be downloaded. Check the network; where Maven Central is only reached ' +
          `through a proxy or a mirror, set JAVA_TOOL_OPTIONS or IVY_SETTINGS.\n${cause instanceof Error ? cause.message : ''}`,
        { cause },
      );
    }
    const violations = lockViolations(readJarLock(project), hashJars(draft));
    if (violations.length > 0) {
      // a damaged download would be taken from Ivy's cache again
      rmSync(ivyCache(project), { recursive: true, force: true });
      throw new SetupError(
        `The downloaded jars are not those of ${jarLockFile(project)}: ${violations.join('; ')}. Start again; when it ` +
          'stays so, the download is damaged on its way or the lock is outdated.',
      );
    }
    writeFileSync(join(draft, 'verified.sha256'), `${sha256(readFileSync(jarLockFile(project)))}\n`);
    rmSync(jarsFolder(project), { recursive: true, force: true });
    renameSync(draft, jarsFolder(project));
    rmSync(ivyCache(project), { recursive: true, force: true });
  });
}
