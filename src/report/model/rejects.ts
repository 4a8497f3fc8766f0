import ruleDocument from '../../../schemas/rules.json';
import { type RejectCount } from '../facts';

/** Lines that a rule rejected, in the batches of the report. */
export interface RejectTrend {
  readonly rule: string;
  /** In words, from schemas/rules.json; empty for a rule of another version. */
  readonly meaning: string;
  readonly lines: number;
  readonly byDataset: ReadonlyMap<string, number>;
  /** Oldest first; a batch without a reject of the rule counts zero. */
  readonly byBatch: readonly number[];
}

const meanings: ReadonlyMap<string, string> = new Map(
  ruleDocument.map(({ name, meaning }) => [name, meaning]),
);

/** The counts by rule, the most frequent first; `batches` are the numbers of the report's batches. */
export function rejectTrends(counts: readonly RejectCount[], batches: readonly number[]): RejectTrend[] {
  const known = counts.filter(({ batch }) => batches.includes(batch));
  const rules = [...new Set(known.map(({ rule }) => rule))];
  return rules
    .map((name) => {
      const own = known.filter(({ rule }) => rule === name);
      const datasets = [...new Set(own.map(({ dataset }) => dataset))];
      return {
        rule: name,
        meaning: meanings.get(name) ?? '',
        lines: linesOf(own),
        byDataset: new Map(
          datasets.map((dataset) => [dataset, linesOf(own.filter((count) => count.dataset === dataset))]),
        ),
        byBatch: batches.map((batch) => linesOf(own.filter((count) => count.batch === batch))),
      };
    })
    .sort((a, b) => b.lines - a.lines || (a.rule < b.rule ? -1 : 1));
}

const linesOf = (counts: readonly RejectCount[]): number => counts.reduce((sum, { lines }) => sum + lines, 0);
