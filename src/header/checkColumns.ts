import Ajv, { type ValidateFunction } from 'ajv/dist/2020';
import type { Terms } from '../contract/terms';
import type { HeaderReason } from './checkHeader';
import { hiddenCharacters, withoutHidden } from './encoding';
import { didYouMean } from './similarity';

/** The names that a header may and must have. */
export type HeaderColumns = Pick<Terms, 'columns' | 'required'>;

/** Reasons of one kind that are spelt out; a header of thousands of names gets one more that counts the rest. */
const MOST = 20;
/** Characters of a file's own names that messages repeat. */
const NAME_LENGTH = 64;

/**
 * Compares a header's names with the contract: exact case, any order. Every difference is a reason.
 */
export function checkColumns(names: readonly string[], contract: HeaderColumns): HeaderReason[] {
  const { missing, unknown } = differences(names, contract);
  const known = names.filter((name) => contract.columns.includes(name));
  const absent = contract.columns.filter((name) => !names.includes(name));
  const suggestions = new Map(unknown.slice(0, MOST).map((name) => [name, didYouMean(name, absent)]));
  const noHeader = known.length === 0 && ![...suggestions.values()].some((meant) => meant !== undefined);
  return [
    ...limited('MISSING_COLUMN', missing, (name) => missingMessage(name)),
    // what stands there may be a row of data, which no message should repeat
    ...(noHeader
      ? [
          reason(
            'UNKNOWN_COLUMN',
            null,
            `The first line names no column: is the header missing? Expected: ${list(contract)}.`,
          ),
        ]
      : limited('UNKNOWN_COLUMN', unknown, (name) =>
          unknownMessage(name, suggestions.get(name), names, contract),
        )),
    ...limited('DUPLICATE_COLUMN', duplicates(known), (name) => {
      const times = names.filter((other) => other === name).length;
      return `The column ${name} stands in the header ${times} times; keep the one that is meant.`;
    }),
  ];
}

/** The required columns that are absent and the names that are no column, found by ajv. */
function differences(
  names: readonly string[],
  contract: HeaderColumns,
): { missing: string[]; unknown: string[] } {
  const validate = validatorOf(contract);
  validate(Object.fromEntries(names.map((name) => [name, true])));
  const params = (validate.errors ?? []).map(({ params }): Record<string, unknown> => params);
  const texts = (key: string): string[] =>
    params.flatMap((param) => (typeof param[key] === 'string' ? [param[key]] : []));
  return { missing: texts('missingProperty'), unknown: texts('additionalProperty') };
}

/** By the columns themselves: every manifest brings its own copy of them, and compiling takes longer than judging. */
const validators = new Map<string, ValidateFunction>();

function validatorOf(contract: HeaderColumns): ValidateFunction {
  const columns = JSON.stringify([contract.columns, contract.required]);
  const compiled =
    validators.get(columns) ??
    new Ajv({ allErrors: true }).compile({
      type: 'object',
      required: contract.required,
      properties: Object.fromEntries(contract.columns.map((name) => [name, true])),
      additionalProperties: false,
    });
  validators.set(columns, compiled);
  return compiled;
}

function missingMessage(name: string): string {
  return `The column ${name} is missing; add it to the header and to every row.`;
}

function unknownMessage(
  name: string,
  meant: string | undefined,
  names: readonly string[],
  contract: HeaderColumns,
): string {
  if (name === '') return `Column ${names.indexOf(name) + 1} has no name; name it or remove it.`;
  const hidden = hiddenCharacters(name);
  const holds = hidden.length === 0 ? '' : ` holds the hidden characters ${hidden.join(', ')} and`;
  const mend =
    meant === undefined ? `remove it; the columns are ${list(contract)}` : `did you mean ${meant}?`;
  return `The name ${quoted(name)}${holds} is no column: ${mend}${meant === undefined ? '.' : ''}`;
}

function limited(
  rule: string,
  columns: readonly string[],
  message: (name: string) => string,
): HeaderReason[] {
  const reasons = columns.slice(0, MOST).map((name) => reason(rule, shown(name) || null, message(name)));
  const rest = columns.length - MOST;
  return rest > 0 ? [...reasons, reason(rule, null, `And ${rest} more of the kind.`)] : reasons;
}

function duplicates(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function list(contract: HeaderColumns): string {
  return contract.columns.join(', ');
}

function quoted(name: string): string {
  return JSON.stringify(shown(name));
}

function shown(name: string): string {
  const visible = withoutHidden(name);
  return visible.length > NAME_LENGTH ? `${visible.slice(0, NAME_LENGTH)}…` : visible;
}

function reason(rule: string, column: string | null, message: string): HeaderReason {
  return { rule, column, message };
}
