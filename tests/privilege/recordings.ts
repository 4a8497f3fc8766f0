/** What the end-to-end runs have recorded (tests/e2e/recording.ts). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type JSONSchemaType } from 'ajv';
import { recordings } from '../e2e/recording';

/** A call as IAM checks it. */
export interface Call {
  /** Name of the role. */
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Record<string, string | string[]>;
}

/** A request of a role that the local cloud's mapping (local/localcloud/calls) does not know. */
export interface UnknownRequest {
  readonly role: string;
  readonly unknown: string;
}

export interface Recording {
  readonly name: string;
  readonly folder: string;
  readonly calls: readonly Call[];
  readonly unknown: readonly UnknownRequest[];
  /** Physical by logical name of the stack's resources. */
  readonly resources: Readonly<Record<string, string>>;
}

/** Together they load, fail, resume, replay, sweep and withdraw: what no other run does is in policy-reasons.json. */
export const NEEDED = ['late', 'load', 'recovery', 'replay', 'withdrawal'] as const;

const CALL: JSONSchemaType<Call> = {
  type: 'object',
  properties: {
    role: { type: 'string', minLength: 1 },
    action: { type: 'string', pattern: '^[a-z0-9-]+:[A-Za-z]+$' },
    resource: { type: 'string', minLength: 1 },
    context: {
      type: 'object',
      required: [],
      additionalProperties: {
        anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
      },
    },
  },
  required: ['role', 'action', 'resource', 'context'],
};
const UNKNOWN: JSONSchemaType<UnknownRequest> = {
  type: 'object',
  properties: { role: { type: 'string' }, unknown: { type: 'string' } },
  required: ['role', 'unknown'],
};
const RESOURCES: JSONSchemaType<Record<string, string>> = {
  type: 'object',
  required: [],
  additionalProperties: { type: 'string' },
};
const ajv = new Ajv({ allowUnionTypes: true });
const isCall = ajv.compile(CALL);
const isUnknown = ajv.compile(UNKNOWN);
const isResources = ajv.compile(RESOURCES);

function readRecording(name: string): Recording {
  const folder = join(recordings, name);
  const lines = readFileSync(join(folder, 'calls.jsonl'), 'utf8').trimEnd().split('\n');
  const calls: Call[] = [];
  const unknown: UnknownRequest[] = [];
  for (const line of lines) {
    const document: unknown = JSON.parse(line);
    if (isUnknown(document)) unknown.push(document);
    else if (isCall(document)) calls.push(document);
    else throw new Error(`${name}: neither a call nor an unknown request: ${line}`);
  }
  const resources: unknown = JSON.parse(readFileSync(join(folder, 'resources.json'), 'utf8'));
  if (!isResources(resources)) throw new Error(`${name}: resources.json maps no names`);
  return { name, folder, calls, unknown, resources };
}

/** @throws Error when a run that the check relies on has recorded nothing. */
export function readRecordings(): Recording[] {
  const found = existsSync(recordings) ? readdirSync(recordings) : [];
  const missing = NEEDED.filter((name) => !found.includes(name));
  if (missing.length > 0)
    throw new Error(
      `no recording of ${missing.join(', ')} in ${recordings}: run \`npm test -- e2e privilege\`, or the missing ` +
        `files alone with \`npx jest --selectProjects e2e --runInBand --testPathPatterns '${missing.join('|')}'\``,
    );
  return found.sort().map(readRecording);
}
