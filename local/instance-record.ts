import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv, type JSONSchemaType } from 'ajv';

/** What a healthy instance of the local cloud writes into its folder as `instance.json`. */
export interface InstanceRecord {
  readonly endpoint: string;
  readonly port: number;
  readonly pid: number;
}

const SCHEMA: JSONSchemaType<InstanceRecord> = {
  type: 'object',
  properties: {
    endpoint: { type: 'string', pattern: '^http://127\\.0\\.0\\.1:\\d+$' },
    port: { type: 'integer', minimum: 1, maximum: 65_535 },
    // 0 and negative numbers would address whole groups of processes
    pid: { type: 'integer', minimum: 2 },
  },
  required: ['endpoint', 'port', 'pid'],
};
const isInstanceRecord = new Ajv().compile(SCHEMA);

/** The folder of a project's instance: LAKEHOUSE_HOME, else `.lakehouse` in the project; made when absent. */
export function instanceHome(project: string, env: NodeJS.ProcessEnv = process.env): string {
  const home = resolve(project, env['LAKEHOUSE_HOME'] ?? '.lakehouse');
  mkdirSync(home, { recursive: true });
  // one spelling only: a process is recognised by it
  return realpathSync(home);
}

/** Where an instance records itself. */
export function recordFile(home: string): string {
  return join(home, 'instance.json');
}

/** The record in the folder, undefined when there is none or it is not one. */
export function readRecord(home: string): InstanceRecord | undefined {
  try {
    const document: unknown = JSON.parse(readFileSync(recordFile(home), 'utf8'));
    return isInstanceRecord(document) ? document : undefined;
  } catch {
    // absent, or not JSON: no instance of ours wrote it
    return undefined;
  }
}

/** The arguments that start the instance of a folder; its command line is known by them. */
export function launcherArguments(home: string): string[] {
  return ['-m', 'localcloud', '--home', home];
}

function commandLine(pid: number): string {
  try {
    if (existsSync('/proc/self/cmdline')) {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    }
    return `${execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim()} `;
  } catch {
    // no such process
    return '';
  }
}

/**
 * Whether the process with this pid is the launcher of this folder. After a kill -9 the record stays, and its pid may
 * by now belong to somebody else's process, which must be left alone. A zombie has no command line any more.
 */
export function isLauncher(pid: number, home: string): boolean {
  return commandLine(pid).includes(` ${launcherArguments(home).join(' ')} `);
}
