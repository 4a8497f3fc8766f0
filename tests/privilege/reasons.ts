/** resources/policy-reasons.json: what the recordings do not show, and why it is right all the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type JSONSchemaType } from 'ajv';
import { PROJECT } from '../template/packaging';

/** A statement, or some of its actions or resources, that no recorded call uses. */
export interface Unused {
  /** Logical names, or `*` for every role that has the statement. */
  readonly roles: readonly string[];
  readonly statement: string;
  /** Without: all of the statement's. */
  readonly actions?: readonly string[];
  /** As the template writes them. Without: all of the statement's. */
  readonly resources?: readonly string[];
  /** Some runs do use it: it hangs on when something fails. */
  readonly sometimes?: true;
  readonly reason: string;
}

/** Calls that several roles may make. */
export interface Shared {
  readonly actions: readonly string[];
  /** As the template writes them; `*` stands for any text. */
  readonly resources: readonly string[];
  readonly roles: readonly string[];
  /** Some runs show no such call: it hangs on when something fails. */
  readonly sometimes?: true;
  readonly reason: string;
}

export interface Reasons {
  /** Sids of the statements whose resource is `*`. */
  readonly everywhere: readonly { readonly statement: string; readonly reason: string }[];
  /** Roles and policies that a local stack has not. */
  readonly absent: readonly { readonly resource: string; readonly reason: string }[];
  readonly unused: readonly Unused[];
  readonly shared: readonly Shared[];
}

const TEXTS = { type: 'array', items: { type: 'string' }, minItems: 1 } as const;
const REASON = { type: 'string', minLength: 20 } as const;
const closed = { type: 'object', additionalProperties: false } as const;
const SCHEMA = {
  ...closed,
  properties: {
    everywhere: {
      type: 'array',
      items: {
        ...closed,
        properties: { statement: { type: 'string' }, reason: REASON },
        required: ['statement', 'reason'],
      },
    },
    absent: {
      type: 'array',
      items: {
        ...closed,
        properties: { resource: { type: 'string' }, reason: REASON },
        required: ['resource', 'reason'],
      },
    },
    unused: {
      type: 'array',
      items: {
        ...closed,
        properties: {
          roles: TEXTS,
          statement: { type: 'string' },
          actions: { ...TEXTS, nullable: true },
          resources: { ...TEXTS, nullable: true },
          sometimes: { const: true },
          reason: REASON,
        },
        required: ['roles', 'statement', 'reason'],
      },
    },
    shared: {
      type: 'array',
      items: {
        ...closed,
        properties: {
          actions: TEXTS,
          resources: TEXTS,
          roles: { ...TEXTS, minItems: 2 },
          sometimes: { const: true },
          reason: REASON,
        },
        required: ['actions', 'resources', 'roles', 'reason'],
      },
    },
  },
  required: ['everywhere', 'absent', 'unused', 'shared'],
} as unknown as JSONSchemaType<Reasons>;

const isReasons = new Ajv().compile(SCHEMA);

export const REASONS_FILE = 'resources/policy-reasons.json';

/** @throws Error when the file is not as its schema says, naming the place */
export function readReasons(): Reasons {
  const document: unknown = JSON.parse(readFileSync(join(PROJECT, REASONS_FILE), 'utf8'));
  if (!isReasons(document)) throw new Error(`${REASONS_FILE}: ${JSON.stringify(isReasons.errors)}`);
  return document;
}
