import { CommandFailed } from '../errors';

/** A column of a result, its type as Athena names it. */
export interface ResultColumn {
  readonly name: string;
  readonly type: string;
}

export type ResultRow = readonly (string | null)[];

/** One answer of GetQueryResults. */
export interface ResultPage {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly ResultRow[];
  readonly nextToken: string | undefined;
}

export interface QueryState {
  readonly state: string;
  readonly reason: string;
  /** DML, DDL or UTILITY. */
  readonly statementType: string;
}

/** The part of the Athena API that a query takes; workgroup and database are chosen already. */
export interface Athena {
  start(sql: string): Promise<string>;
  state(id: string): Promise<QueryState>;
  page(id: string, token: string | undefined): Promise<ResultPage>;
  stop(id: string): Promise<void>;
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** A result whose rows come page by page. */
export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: AsyncIterable<ResultRow>;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Runs a query to its end; an abort stops it on the service too.
 *
 * @throws CommandFailed with the service's reason, and what to do about it, when the query fails.
 */
export async function runQuery(athena: Athena, sql: string, signal: AbortSignal): Promise<QueryResult> {
  const id = await athena.start(sql);
  const statementType = await ended(athena, id, signal);
  const first = await athena.page(id, undefined);
  // the first row of a SELECT is the column names; SHOW and DESCRIBE have none
  const rows = statementType === 'DML' ? first.rows.slice(1) : first.rows;
  return { columns: first.columns, rows: pages(athena, id, { ...first, rows }, signal) };
}

async function ended(athena: Athena, id: string, signal: AbortSignal): Promise<string> {
  try {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
      signal.throwIfAborted();
      const { state, reason, statementType } = await athena.state(id);
      if (state === 'SUCCEEDED') return statementType;
      if (state === 'FAILED' || state === 'CANCELLED') {
        throw new CommandFailed(
          `The query ${state === 'FAILED' ? 'failed' : 'was cancelled'}: ${withHint(reason)}`,
        );
      }
      await athena.pause(pause, signal);
    }
  } catch (error) {
    if (signal.aborted) await athena.stop(id);
    throw error;
  }
}

async function* pages(
  athena: Athena,
  id: string,
  first: ResultPage,
  signal: AbortSignal,
): AsyncGenerator<ResultRow> {
  yield* first.rows;
  for (let token = first.nextToken; token !== undefined;) {
    signal.throwIfAborted();
    const page = await athena.page(id, token);
    yield* page.rows;
    token = page.nextToken;
  }
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/TABLE_NOT_FOUND|[Tt]able .*(not exist|not found)/u, 'see the tables with: npx lakehouse status'],
  [
    /COLUMN_NOT_FOUND|[Cc]olumn .*(cannot be resolved|not found)/u,
    'docs/data-dictionary.md lists the columns',
  ],
  [/[Bb]ytes scanned limit/u, 'read fewer partitions: add a condition on the partition column'],
  [/FUNCTION_NOT_FOUND|[Ff]unction .*not/u, 'Athena engine 3 has the functions of Trino'],
  [/SYNTAX_ERROR|mismatched input|[Pp]arse/u, 'the language is that of Athena engine 3 (Trino SQL)'],
];

function withHint(reason: string): string {
  const hint = HINTS.find(([pattern]) => pattern.test(reason))?.[1];
  return hint === undefined ? reason : `${reason.replace(/\.$/u, '')}; ${hint}`;
}
