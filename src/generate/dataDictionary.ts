import type { ByStage } from '../contract/contract';
import type { Contract, Table } from '../contract/contracts';

/** docs/data-dictionary.md: every table and column that readers can query. */
export function dataDictionary(
  contracts: Readonly<Record<string, Contract>>,
  tables: readonly Table[],
): string {
  return [
    '# Data dictionary',
    'Generated from schemas/ by `npm run generate`; edit the contracts, not this page. Types are those of Athena and Spark.',
    ...tables.map((table) => section(table, contracts[table.dataset])),
    'What can reject a row or a file is in [rules.md](rules.md).',
    '',
  ].join('\n\n');
}

function section(table: Table, contract: Contract | undefined): string {
  const intro = table.kind === 'rows' ? (contract?.description ?? '') : quarantine(table);
  const facts = table.kind === 'rows' && contract !== undefined ? keys(contract) : [];
  return [
    `## ${table.name}`,
    intro,
    ...facts,
    [
      '| column | type | null | meaning |',
      '| --- | --- | --- | --- |',
      ...table.columns.map(
        ({ name, sqlType, nullable, description, classification }) =>
          `| \`${name}\` | ${sqlType} | ${nullable ? 'yes' : 'no'} | ${description}${classification === undefined ? '' : ` (**${classification}**)`} |`,
      ),
    ].join('\n'),
  ].join('\n\n');
}

function keys(contract: Contract): string[] {
  const rate = contract['x-maxRejectRate'];
  const foreign = contract['x-foreignKeys'].map(({ column, dataset }) => `\`${column}\` in \`${dataset}\``);
  return [
    [
      `Primary key \`${contract['x-primaryKey']}\`.`,
      contract['x-partitionBy'] === null
        ? 'Not partitioned.'
        : `Partitioned by \`${contract['x-partitionBy']}\`.`,
      ...(foreign.length === 0 ? [] : [`References ${foreign.join(' and ')}.`]),
      `Schema changes: ${byStage(contract['x-evolution'])}.`,
      ...(rate === undefined ? [] : [`Most rows that may be rejected: ${byStage(rate)}.`]),
    ].join(' '),
  ];
}

/** A policy as text: `additive; prod: strict`. */
function byStage<T extends string | number | null>(policy: ByStage<T>): string {
  const shown = (value: T): string => (value === null ? 'any' : String(value));
  if (typeof policy !== 'object' || policy === null) return shown(policy);
  const others = Object.entries(policy).filter(([stage]) => stage !== 'default');
  return [shown(policy.default), ...others.map(([stage, value]) => `${stage}: ${shown(value)}`)].join('; ');
}

function quarantine(table: Table): string {
  return table.kind === 'rejects'
    ? `Lines of ${table.dataset} files that broke a rule, with every reason.`
    : `Valid rows of ${table.dataset} that wait for a parent row.`;
}
