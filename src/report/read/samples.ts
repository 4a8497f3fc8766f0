import pMap from 'p-map';
import { columnsOf, type Table } from '../../contract/contracts';
import { checker } from '../../schema/validator';
import { type RejectCount, type Sample, type TableFacts } from '../facts';

/** A query's result; what is NULL is null, everything else text as Athena writes it. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}
export type RunQuery = (sql: string) => Promise<Rows>;

const SAMPLE_ROWS = 5;
const CONCURRENCY = 3;

const checkCount = checker<{ batch: string; rule: string; lines: string }>({
  type: 'object',
  required: ['batch', 'rule', 'lines'],
  properties: {
    batch: { type: 'string', pattern: '^[0-9]+$' },
    rule: { type: 'string' },
    lines: { type: 'string', pattern: '^[0-9]+$' },
  },
});

/** A few rows of each dataset's table, without the columns that the contract classifies as personal. */
export function readSamples(query: RunQuery, tables: readonly TableFacts[]): Promise<Sample[]> {
  const holding = tables.filter(({ table, snapshot }) => table.kind === 'rows' && snapshot !== undefined);
  return pMap(holding, ({ table }) => sampleOf(query, table), { concurrency: CONCURRENCY });
}

async function sampleOf(query: RunQuery, { name, dataset }: Table): Promise<Sample> {
  const columns = columnsOf(dataset);
  const shown = columns.filter(({ classification }) => classification === undefined);
  const named = shown.map((column) => `"${column.name}"`).join(', ');
  const { rows } = await query(`SELECT ${named} FROM "${name}" LIMIT ${SAMPLE_ROWS}`);
  return {
    table: name,
    columns: shown.map((column) => column.name),
    withheld: columns.filter((column) => !shown.includes(column)).map((column) => column.name),
    rows,
  };
}

/** Rejected lines by rule since a batch; the columns are those of schemas/tables/system-columns.json. */
export async function readRejects(
  query: RunQuery,
  tables: readonly TableFacts[],
  firstBatch: number,
): Promise<RejectCount[]> {
  const holding = tables.filter(({ table, snapshot }) => table.kind === 'rejects' && snapshot !== undefined);
  const counts = await pMap(holding, ({ table }) => rejectsOf(query, table, firstBatch), {
    concurrency: CONCURRENCY,
  });
  return counts.flat();
}

async function rejectsOf(query: RunQuery, { name, dataset }: Table, first: number): Promise<RejectCount[]> {
  const { columns, rows } = await query(
    `SELECT r.batch, broken.rule, count(*) AS lines FROM "${name}" r ` +
      'CROSS JOIN UNNEST(array_distinct(transform(r.reasons, reason -> reason.rule))) AS broken (rule) ' +
      `WHERE r.batch >= ${first} GROUP BY r.batch, broken.rule`,
  );
  return rows.map((row) => {
    const checked = checkCount(Object.fromEntries(columns.map((column, index) => [column, row[index]])));
    if (!checked.ok) throw new TypeError(`${name} counts rejects otherwise: ${checked.problems.join('; ')}`);
    const { batch, rule, lines } = checked.value;
    return { dataset, rule, batch: Number(batch), lines: Number(lines) };
  });
}
