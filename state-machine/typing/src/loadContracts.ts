import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Contracts, FunctionContract } from './contracts';
import { readTemplate } from './template';
import { fromSchema, isRecord, type ResolveReference } from './types/fromSchema';
import { type Type, UNKNOWN } from './types/type';

/** A file that describes what a definition calls cannot be used. */
export class ContractsInvalid extends Error {
  override readonly name = 'ContractsInvalid';
}

const NOTHING: Contracts = { input: UNKNOWN, functions: new Map(), terminal: new Set(), template: undefined };

/** `ingest.asl.yml` -> `ingest.contracts.json` beside it. */
export const contractsBeside = (definition: string): string =>
  definition.replace(/(\.asl)?\.(ya?ml|json)$/, '.contracts.json');

/**
 * Reads the contracts file and the schemas that it names, relative to it. Without a file nothing is known.
 *
 * @throws ContractsInvalid when a file is missing or has another shape.
 */
export function loadContracts(file: string | undefined, templateFile: string | undefined): Contracts {
  const template = templateFile === undefined ? undefined : readTemplate(readJson(templateFile));
  if (file === undefined) return { ...NOTHING, template };
  const contracts = only(['$comment', 'input', 'errors', 'functions'], recordIn(readJson(file), file), file);
  const schema = (reference: unknown): Type => {
    if (reference === undefined) return UNKNOWN;
    if (typeof reference !== 'string') throw new ContractsInvalid(`${file}: a schema is named by its path`);
    const target = resolveReference(reference, file);
    return fromSchema(target?.schema, resolveReference, target?.base);
  };
  const functions = new Map<string, FunctionContract>();
  for (const [name, stated] of Object.entries(recordIn(contracts['functions'] ?? {}, file))) {
    const where = `${file}, ${name}`;
    const { event, result, errors } = only(['event', 'result', 'errors'], recordIn(stated, where), where);
    functions.set(name, {
      event: schema(event),
      result: schema(result),
      errors: textsIn(errors, where),
    });
  }
  return {
    input: schema(contracts['input']),
    functions,
    terminal: terminalIn(contracts['errors'], file),
    template,
  };
}

/** Names of errors that are terminal, from a list of `{ name, family }`. */
function terminalIn(reference: unknown, file: string): Set<string> {
  if (typeof reference !== 'string') return new Set();
  const errors = readJson(path.resolve(path.dirname(file), reference));
  if (!Array.isArray(errors)) throw new ContractsInvalid(`${reference}: expected a list of { name, family }`);
  const terminal = errors.filter((error) => isRecord(error) && error['family'] === 'terminal');
  return new Set(terminal.map((error) => (isRecord(error) ? String(error['name']) : '')));
}

const resolveReference: ResolveReference = (reference, base) => {
  const [target = '', pointer = ''] = reference.split('#');
  const file = target === '' ? base : path.resolve(path.dirname(base), target);
  if (!existsSync(file)) throw new ContractsInvalid(`${base}: ${reference} names no file`);
  const steps = pointer.split('/').slice(1);
  const schema = steps.reduce<unknown>(
    (inner, step) => (isRecord(inner) ? inner[step] : undefined),
    readJson(file),
  );
  if (schema === undefined) throw new ContractsInvalid(`${base}: ${reference} names nothing in ${file}`);
  return { schema, base: file };
};

const parsed = new Map<string, unknown>();

function readJson(file: string): unknown {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    parsed.set(file, value);
    return value;
  } catch (cause) {
    throw new ContractsInvalid(`${file} cannot be read as JSON`, { cause });
  }
}

function recordIn(value: unknown, where: string): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw new ContractsInvalid(`${where}: expected an object`);
}

/** A misspelt member would leave unknown what it was to say. */
function only(
  members: readonly string[],
  value: Record<string, unknown>,
  where: string,
): Record<string, unknown> {
  const other = Object.keys(value).find((name) => !members.includes(name));
  if (other === undefined) return value;
  throw new ContractsInvalid(`${where}: there is no member ${other}; use ${members.join(', ')}`);
}

function textsIn(value: unknown, where: string): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new ContractsInvalid(`${where}: expected a list of error names`);
}
