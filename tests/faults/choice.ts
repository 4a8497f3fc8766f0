/** Which points a run takes. */
import { type FaultPoint, kinds } from './points';

export interface ChosenPoint {
  readonly kind: string;
  readonly point: FaultPoint;
}

const DEFAULT_SEED = 1;

/**
 * All points with FAULT_POINTS=all, those that it names in that order (`lost,merged`), or one of each kind that FAULT_SEED
 * chooses.
 *
 * @throws Error for a point that does not exist.
 */
export function chosenPoints(env: NodeJS.ProcessEnv): ChosenPoint[] {
  const wanted = env['FAULT_POINTS'] ?? '';
  const all = Object.entries(kinds).flatMap(([kind, points]) => points.map((point) => ({ kind, point })));
  if (wanted === 'all') return all;
  if (wanted === '') return share(Number(env['FAULT_SEED'] ?? DEFAULT_SEED));
  const ids = wanted.split(',');
  return ids.map((id) => {
    const found = all.find(({ point }) => point.id === id);
    if (found === undefined) throw new Error(`FAULT_POINTS names ${id}, which is no point`);
    return found;
  });
}

function share(seed: number): ChosenPoint[] {
  let state = seed;
  return Object.entries(kinds).flatMap(([kind, points]) => {
    // mulberry32's step is more than enough to pick one of ten
    state = (Math.imul(state ^ (state >>> 15), state | 1) + 0x6d2b79f5) >>> 0;
    const point = points[state % points.length];
    return point === undefined ? [] : [{ kind, point }];
  });
}
