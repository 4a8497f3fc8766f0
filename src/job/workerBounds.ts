import { checker } from '../schema/validator';
import type { WorkerBounds } from './workers';
import { type WorkerType, workerTypes } from './workerTypes';

const types = { enum: workerTypes };
const number = { type: 'integer' };
const check = checker<{
  readonly workerType: WorkerType;
  readonly workers: number;
  readonly maxWorkerType: WorkerType;
  readonly maxWorkers: number;
}>({
  type: 'object',
  required: ['workerType', 'workers', 'maxWorkerType', 'maxWorkers'],
  properties: { workerType: types, workers: number, maxWorkerType: types, maxWorkers: number },
});

/**
 * The bounds among the parameters of a stage.
 *
 * @throws TypeError
 */
export function workerBounds(parameters: Readonly<Record<string, unknown>>): WorkerBounds {
  const checked = check(parameters);
  if (!checked.ok) throw new TypeError(`the bounds of workers: ${checked.problems.join('; ')}`);
  const { workerType, workers, maxWorkerType, maxWorkers } = checked.value;
  return { smallest: workerType, largest: maxWorkerType, fewest: workers, most: maxWorkers };
}
