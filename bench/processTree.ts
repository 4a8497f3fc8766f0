import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Linux counts a process's time in ticks of 10 ms (USER_HZ, proc(5)). */
const TICKS_PER_SECOND = 100;
/** Fields of /proc/<pid>/stat behind the name in brackets. */
const PARENT = 1;
const TIMES = [11, 12, 13, 14];

function fieldsOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return []; // it has ended
  }
}

/** A process and everything that it started and that is alive. */
function treeOf(root: number): Map<number, string[]> {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map((name): [number, string[]] => [Number(name), fieldsOf(Number(name))]);
  const tree = new Map<number, string[]>();
  const add = (pid: number): void => {
    for (const [child, fields] of all) {
      if (child === pid) tree.set(child, fields);
      else if (Number(fields[PARENT]) === pid && !tree.has(child)) add(child);
    }
  };
  add(root);
  return tree;
}

/** Processor time (user and system) of the tree so far, with the children that ended and were waited for; seconds. */
export function cpuSeconds(root: number): number {
  const ticks = [...treeOf(root).values()].flatMap((fields) =>
    TIMES.map((index) => Number(fields[index] ?? 0)),
  );
  return ticks.reduce((sum, value) => sum + value, 0) / TICKS_PER_SECOND;
}

/** Sum of the processes' peaks of resident memory since `resetPeaks` (MB): at least the peak of the sum. */
export function peakMegabytes(root: number): number {
  const kilobytes = [...treeOf(root).keys()].map((pid) => {
    try {
      return Number(/^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0; // it has ended
    }
  });
  return kilobytes.reduce((sum, value) => sum + value, 0) / 1_024;
}

/** Lets the peaks begin anew at what is resident now (proc(5), clear_refs). */
export function resetPeaks(root: number): void {
  for (const pid of treeOf(root).keys()) writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
