import type { Features } from './history/history';
import { type Defect, type Ending, simulate } from './simulate';

/** Plays the histories of many seeds, one after the other. */
export interface Campaign {
  readonly histories: number;
  /** The first seed; the others follow it. */
  readonly seed: number;
  readonly defect?: Defect;
  /** What every history has; absent: each has what its seed says. */
  readonly features?: Features;
}

/** The first history that breaks a promise, or undefined. */
export async function firstFailure({
  histories,
  seed,
  defect,
  features,
}: Campaign): Promise<Ending | undefined> {
  for (let next = seed; next < seed + histories; next++) {
    const ending = await simulate(next, { defect, features });
    if (ending.problems.length > 0) return ending;
  }
  return undefined;
}

/** The same history with as few events as still break a promise. */
export async function smallest(ending: Ending, defect?: Defect): Promise<Ending> {
  const { features } = ending;
  let best = ending;
  const without = new Set<number>();
  for (let event = 0; event < ending.events; event++) {
    const fewer = await simulate(ending.seed, { defect, features, without: new Set([...without, event]) });
    if (fewer.problems.length === 0) continue;
    without.add(event);
    best = fewer;
  }
  return best;
}

/** What went wrong, and the command that shows it again. */
export function report({ seed, problems, trace }: Ending): string {
  return [
    `History ${seed} breaks a promise:`,
    ...problems.map((problem) => `  ${problem}`),
    'Its events, as few as still break it:',
    ...trace.map((event) => `  ${event}`),
    `Again: npm run test:simulation -- --seed ${seed} --histories 1`,
  ].join('\n');
}
