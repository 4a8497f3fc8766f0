import metaSchema from '../../schemas/meta/dataset.schema.json';
import { ContractInvalid } from '../errors';
import { checker } from '../schema/validator';

type ScalarType = 'string' | 'integer' | 'boolean';

/** A column of a contract, as schemas/meta/dataset.schema.json describes it. */
export interface Column {
  readonly type: ScalarType | readonly [ScalarType, 'null'];
  readonly description: string;
  readonly examples?: readonly (string | number | boolean)[];
  readonly format?: 'int32' | 'decimal' | 'date-time' | 'date';
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly 'x-precision'?: number;
  readonly 'x-scale'?: number;
  readonly 'x-timestampRange'?: { readonly earliest: string; readonly daysAfterArrival: number };
  readonly 'x-dateOf'?: string;
  readonly 'x-classification'?: 'pii';
}

/** The same at every stage, or by stage; `default` is for the stages that are not named. */
export type ByStage<T> = T | { readonly default: T; readonly [stage: string]: T };
export type Evolution = 'strict' | 'additive';

/** What a dataset's rows are: a file of schemas/datasets. */
export interface Contract {
  readonly $id: string;
  readonly title: string;
  readonly description: string;
  readonly 'x-primaryKey': string;
  readonly 'x-partitionBy': string | null;
  readonly 'x-foreignKeys': readonly { readonly column: string; readonly dataset: string }[];
  /** The column whose value is the person that a row is about. */
  readonly 'x-subject'?: string;
  readonly 'x-evolution': ByStage<Evolution>;
  readonly 'x-maxRejectRate'?: ByStage<number | null>;
  /** Columns that every file's header must have. */
  readonly required: readonly string[];
  /** Columns by name, in the table's order. */
  readonly properties: Readonly<Record<string, Column>>;
}

const check = checker<Contract>(metaSchema);

/**
 * Reads one contract: the meta schema first, then what it cannot say (every column named by an annotation exists and
 * has a fitting type).
 *
 * @throws ContractInvalid naming every problem.
 */
export function parseContract(dataset: string, document: unknown): Contract {
  const checked = check(document);
  const problems = checked.ok ? contradictions(checked.value) : checked.problems;
  if (checked.ok && problems.length === 0) return checked.value;
  throw new ContractInvalid(
    `schemas/datasets/${dataset}.schema.json is no valid contract; mend it there: ${problems.join('; ')}`,
  );
}

/**
 * The names of the contracts with every parent before its children.
 *
 * @throws ContractInvalid when a parent is unknown or datasets are parents of each other.
 */
export function inDependencyOrder<Name extends string>(contracts: Readonly<Record<Name, Contract>>): Name[] {
  const isName = (name: string): name is Name => Object.hasOwn(contracts, name);
  const ordered: Name[] = [];
  const visit = (name: Name, path: readonly string[]): void => {
    if (ordered.includes(name)) return;
    if (path.includes(name)) {
      throw new ContractInvalid(
        `x-foreignKeys form a circle: ${[...path, name].join(' -> ')}; remove one of them`,
      );
    }
    for (const { dataset } of contracts[name]['x-foreignKeys']) {
      if (!isName(dataset)) {
        throw new ContractInvalid(
          `${name}: x-foreignKeys names the dataset ${dataset}, which has no contract`,
        );
      }
      visit(dataset, [...path, name]);
    }
    ordered.push(name);
  };
  for (const name of Object.keys(contracts).filter(isName).sort()) visit(name, []);
  return ordered;
}

/** Whether an empty cell of the column is null; otherwise it rejects the row. */
export function isNullable(column: Column): boolean {
  return typeof column.type !== 'string';
}

/** The Spark and Glue Data Catalog type of a column, e.g. `decimal(12,2)`. */
export function sqlType(column: Column): string {
  switch (column.format) {
    case 'decimal':
      return `decimal(${column['x-precision'] ?? 0},${column['x-scale'] ?? 0})`;
    case 'date-time':
      return 'timestamp';
    case 'date':
      return 'date';
    default:
      return { string: 'string', integer: 'int', boolean: 'boolean' }[scalarType(column)];
  }
}

/** The value of a policy at a stage. */
export function atStage<T extends string | number | null>(policy: ByStage<T>, stage: string): T {
  if (typeof policy !== 'object' || policy === null) return policy;
  const own = Object.hasOwn(policy, stage) ? policy[stage] : undefined;
  return own === undefined ? policy.default : own;
}

function everyStage<T extends string | number | null>(policy: ByStage<T>): T[] {
  return typeof policy === 'object' && policy !== null ? Object.values(policy) : [policy];
}

function scalarType({ type }: Column): ScalarType {
  return typeof type === 'string' ? type : type[0];
}

function contradictions(contract: Contract): string[] {
  const { properties, required } = contract;
  const problems: string[] = [];
  const exists = (keyword: string, name: string): Column | undefined => {
    const column = properties[name];
    if (column === undefined) problems.push(`${keyword} names ${name}, which is no column`);
    return column;
  };
  for (const name of required) exists('required', name);
  for (const { column } of contract['x-foreignKeys']) exists('x-foreignKeys', column);
  if (contract['x-partitionBy'] !== null) exists('x-partitionBy', contract['x-partitionBy']);
  const subject = contract['x-subject'];
  if (subject !== undefined && exists('x-subject', subject)?.['x-classification'] !== 'pii')
    problems.push(
      `x-subject ${subject} must be classified pii: its values would stay in the log of the table`,
    );
  const key = exists('x-primaryKey', contract['x-primaryKey']);
  if (key !== undefined && (isNullable(key) || !required.includes(contract['x-primaryKey']))) {
    problems.push(`x-primaryKey ${contract['x-primaryKey']} must be required and must not be nullable`);
  }
  for (const [name, column] of Object.entries(properties)) {
    problems.push(...columnContradictions(column).map((problem) => `column ${name}: ${problem}`));
    if (!required.includes(name) && !isNullable(column)) {
      problems.push(`column ${name} is not required in the header, so its type must allow null`);
    }
    if (
      column['x-dateOf'] !== undefined &&
      exists(`x-dateOf of ${name}`, column['x-dateOf'])?.format !== 'date-time'
    ) {
      problems.push(`x-dateOf of ${name} must name a column of format date-time`);
    }
  }
  if (
    !everyStage(contract['x-evolution']).includes('additive') &&
    required.length !== Object.keys(properties).length
  ) {
    problems.push('under x-evolution strict every column is required');
  }
  return problems;
}

function columnContradictions(column: Column): string[] {
  const problems: string[] = [];
  const scalar = scalarType(column);
  const wanted = column.format === 'int32' ? 'integer' : 'string';
  if (column.format !== undefined && scalar !== wanted) {
    problems.push(`format ${column.format} needs the type ${wanted}, not ${scalar}`);
  }
  const { 'x-precision': precision, 'x-scale': scale } = column;
  if ((column.format === 'decimal') !== (precision !== undefined && scale !== undefined)) {
    problems.push('x-precision and x-scale belong to format decimal, both of them');
  }
  if (precision !== undefined && scale !== undefined && scale > precision) {
    problems.push(`x-scale ${scale} is greater than x-precision ${precision}`);
  }
  if (column['x-timestampRange'] !== undefined && column.format !== 'date-time') {
    problems.push('x-timestampRange belongs to format date-time');
  }
  if (column['x-dateOf'] !== undefined && column.format !== 'date') {
    problems.push('x-dateOf belongs to format date');
  }
  if (column.maxLength !== undefined && (scalar !== 'string' || column.format !== undefined)) {
    problems.push('maxLength belongs to plain text');
  }
  return problems;
}
