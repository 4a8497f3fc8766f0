/** What a run of fault points found, and the table of it in docs/reliability.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Ajv, type JSONSchemaType } from 'ajv';

export interface Result {
  readonly kind: string;
  readonly id: string;
  readonly where: string;
  readonly fault: string;
  /** Sweeps that it took. */
  readonly sweeps: number;
  readonly seconds: number;
  readonly equal: boolean;
  /** Whether a replay of everything changed nothing; absent where that was not tried. */
  unchanged?: boolean;
}

/** Adds the results to the file that FAULT_RESULTS names; a later result of a point replaces the one before. */
export function saveResults(env: NodeJS.ProcessEnv, results: readonly Result[]): void {
  const file = env['FAULT_RESULTS'];
  if (file === undefined) return;
  const before = existsSync(file) ? readResults(file) : [];
  const kept = before.filter(({ id }) => !results.some((result) => result.id === id));
  writeFileSync(file, JSON.stringify([...kept, ...results], null, 1));
}

const text = { type: 'string' } as const;
const SCHEMA: JSONSchemaType<Result[]> = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      ...{ kind: text, id: text, where: text, fault: text },
      ...{ sweeps: { type: 'integer' }, seconds: { type: 'number' } },
      ...{ equal: { type: 'boolean' }, unchanged: { type: 'boolean', nullable: true } },
    },
    required: ['kind', 'id', 'where', 'fault', 'sweeps', 'seconds', 'equal'],
  },
};
const areResults = new Ajv().compile(SCHEMA);

/** @throws Error when the file holds anything else. */
export function readResults(file: string): Result[] {
  const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!areResults(document)) throw new Error(`${file} holds no results of fault points`);
  return document;
}

const yesOrNo = (value: boolean | undefined): string =>
  value === undefined ? 'not tried' : value ? 'yes' : '**no**';

/** The results as a Markdown table. */
export function matrix(results: readonly Result[]): string {
  const rows = results.map(({ kind, id, where, fault, sweeps, seconds, equal, unchanged }) =>
    [
      ...[kind, `\`${id}\``, where, fault, sweeps === 0 ? 'by itself' : 'next arrival or sweep'],
      ...[seconds.toFixed(0), yesOrNo(equal), yesOrNo(unchanged)],
    ].join(' | '),
  );
  return [
    '| kind | point | where | fault | recovered | seconds | equals the oracle | replay changes nothing |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}
