import { readFileSync, writeFileSync } from 'node:fs';

function megabytes(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'mu').exec(status)?.[1] ?? 0) / 1_024;
}

/** What a process holds (proc(5), VmRSS), MB. Its children are not part of it. */
export function residentMegabytes(pid: number): number {
  return megabytes(pid, 'VmRSS');
}

/** The most that a process has held since `resetPeak` (VmHWM), MB. */
export function peakMegabytes(pid: number): number {
  return megabytes(pid, 'VmHWM');
}

export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
