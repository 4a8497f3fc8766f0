import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv, type JSONSchemaType } from 'ajv';
import { SetupError } from './errors';

/** Absolute paths of everything that the local cloud starts; `.tools/toolchain.json` holds it. */
export interface Toolchain {
  /** Python of the local cloud itself. */
  readonly localPython: string;
  /** Python with PySpark, the one that Glue jobs run on. */
  readonly gluePython: string;
  /** Folder of the jars that Spark gets besides its own. */
  readonly jars: string;
  /** Holds `bin/java`, major version 17. */
  readonly javaHome: string;
  /** The Node binary that Lambda functions run on. */
  readonly node: string;
}

const path = { type: 'string', minLength: 1 } as const;
const SCHEMA: JSONSchemaType<Toolchain> = {
  type: 'object',
  properties: { localPython: path, gluePython: path, jars: path, javaHome: path, node: path },
  required: ['localPython', 'gluePython', 'jars', 'javaHome', 'node'],
  additionalProperties: false,
};
const isToolchain = new Ajv().compile(SCHEMA);

/** The folder of this project, whatever the working directory is. */
export const PROJECT = resolve(__dirname, '..', '..');

/** Where a project keeps everything that the set-up makes, node_modules apart. */
export function toolsFolder(project: string): string {
  return join(project, '.tools');
}

/** The file that tells the local cloud its toolchain. */
export function toolchainFile(project: string): string {
  return join(toolsFolder(project), 'toolchain.json');
}

/** The toolchain that the set-up recorded, undefined when there is none that can be read. */
export function recordedToolchain(project: string): Toolchain | undefined {
  try {
    const document: unknown = JSON.parse(readFileSync(toolchainFile(project), 'utf8'));
    return isToolchain(document) ? document : undefined;
  } catch {
    // absent or half-written by a foreign hand: the set-up writes it anew
    return undefined;
  }
}

/**
 * The toolchain that the set-up recorded.
 *
 * @throws {SetupError} when the set-up has not run in this folder
 */
export function readToolchain(project: string): Toolchain {
  const toolchain = recordedToolchain(project);
  if (toolchain) return toolchain;
  throw new SetupError(
    `${toolchainFile(project)} is missing or damaged: run "npm start" once, it sets everything up`,
  );
}

/** Records the toolchain in one step, so that no reader ever sees half of it. */
export function writeToolchain(project: string, toolchain: Toolchain): void {
  const draft = `${toolchainFile(project)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(toolchain, null, 2)}\n`);
  renameSync(draft, toolchainFile(project));
}
