import { differences, find, ratio } from './compare';
import { rounded, table } from './markdown';
import { peers } from './peers';
import { type BenchResult, type Cost, type Phase, phases } from './results';

const PHASE_TITLES: Readonly<Record<Phase, string>> = {
  initial: 'initial load',
  increment: 'increment of 2 %, 3 dates',
  oneRow: 'increment of 1 row',
  redelivery: 'redelivery of one file',
};

function thousands(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/gu, ',');
}

function costs({ cpuSeconds, wallSeconds, peakMegabytes }: Cost): string[] {
  return [rounded(cpuSeconds), rounded(wallSeconds), thousands(peakMegabytes)];
}

function costTable(run: BenchResult): string {
  const rows = peers.flatMap(({ name, title }) =>
    phases.flatMap((phase) =>
      [false, true].flatMap((warm) => {
        const found = find(run.measurements, name, phase, warm);
        if (found === undefined) return [];
        const files = name === 'limit' ? '' : thousands(found.newFiles);
        return [[title, PHASE_TITLES[phase], warm ? 'warm' : 'cold', ...costs(found), files]];
      }),
    ),
  );
  const idle =
    run.emptySession === null
      ? []
      : [['empty Spark + Delta session', '', 'cold', ...costs(run.emptySession), '']];
  return table(
    ['peer', 'phase', 'process', 'CPU s', 'wall s', 'peak MB', 'new data files'],
    [...idle, ...rows],
  );
}

function ratioTable({ measurements }: BenchResult): string {
  const others = peers.filter(
    ({ name }) => name !== 'ours' && measurements.some(({ peer }) => peer === name),
  );
  const rows = phases.flatMap((phase) =>
    [false, true].flatMap((warm) => {
      const ours = find(measurements, 'ours', phase, warm);
      const cells = others.map(({ name }) => {
        const found = ratio(ours, find(measurements, name, phase, warm));
        return found === undefined ? '' : rounded(found);
      });
      return cells.some(Boolean) ? [[PHASE_TITLES[phase], warm ? 'warm' : 'cold', ...cells]] : [];
    }),
  );
  return table(['CPU of ours : CPU of', 'process', ...others.map(({ title }) => title)], rows);
}

function endStates(run: BenchResult): string {
  return run.comparisons
    .map((comparison) => {
      const title = peers.find(({ name }) => name === comparison.peer)?.title ?? comparison.peer;
      const rows = Object.values(comparison.tables).reduce((sum, one) => sum + one.rows, 0);
      const different = differences(comparison);
      const state = different.length === 0 ? 'the row set of every table equals ours' : different.join('; ');
      return `- ${title}, ${thousands(rows)} rows after the four phases: ${state}.`;
    })
    .join('\n');
}

/** One run as Markdown. */
export function renderRun(run: BenchResult): string {
  const { machine } = run;
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const lines = phases.map((phase) => `${PHASE_TITLES[phase]} ${thousands(run.lines[phase] ?? 0)}`);
  const parts = [
    `### ${thousands(run.items)} order items`,
    `Run on ${run.date}: ${machine.cores} cores (${machine.processor}), ${machine.memoryGigabytes} GB; ${versions.join(', ')}. ` +
      `Load average ${rounded(machine.loadBefore)} when it began, ${rounded(machine.loadAfter)} when it ended. ` +
      `Lines of order items: ${lines.join(', ')}.`,
    ratioTable(run),
    costTable(run),
    endStates(run),
  ];
  return parts.filter(Boolean).join('\n\n');
}

/** The runs of all sizes as Markdown. */
export function renderRuns(results: readonly BenchResult[]): string {
  return results.length === 0 ? 'No run is recorded yet.' : results.map(renderRun).join('\n\n');
}
