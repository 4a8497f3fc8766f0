import type { Manifest } from '../../../src/batch/documents';
import type { Cloud } from '../cloud/cloud';
import { wrongRows } from '../lake/lake';
import type { Ledger } from './ledger';

/** After a batch was withdrawn every table holds what it held before the batch, by one commit for each that it had changed. */
export function withdrawalProblems({ lake, objects }: Cloud, { entries }: Ledger): string[] {
  return entries.flatMap(({ number, state, manifestKey, manifestHash, gate }) => {
    if (state !== 'WITHDRAWN') return [];
    const { tables } = JSON.parse(objects.text('artefacts', manifestKey) ?? '') as Manifest;
    return lake.all().flatMap((table) => {
      const pinned = tables[table.name] ?? 0;
      const commits = table.since(pinned);
      // a run that had lost its lease may go back late; what it went over it puts back
      const own = commits.findLastIndex(({ step, isLate }) => !isLate && step?.manifestHash === manifestHash);
      const restores = commits.filter(
        ({ step, isRestore, isLate }) => isRestore && !isLate && step?.manifestHash === manifestHash,
      );
      const due = Object.hasOwn(gate?.restore ?? {}, table.name) ? 1 : 0;
      const left = commits[own]?.rows ?? table.rows(pinned);
      return [
        ...(restores.length <= due ? [] : [`was restored ${restores.length} times`]),
        ...(JSON.stringify(left) === JSON.stringify(table.rows(pinned)) ? [] : ['is not as it was before']),
      ].map((problem) => `withdrawal: after batch ${number} ${table.name} ${problem}`);
    });
  });
}

/** A row that the check complains of is in a table only when its batch could not be validated, or somebody was told of it. */
export function publicationProblems({ lake, validation }: Cloud, { entries }: Ledger): string[] {
  if (validation !== 'strict') return [];
  const passed = new Set(
    entries.filter((entry) => entry.validation?.[0]?.violations === 0).map(({ number }) => number),
  );
  return wrongRows(lake)
    .filter(({ batch = 0 }) => passed.has(batch))
    .map(({ key, batch = 0 }) => `gate: batch ${batch} passed with a wrong row ${key}`);
}
