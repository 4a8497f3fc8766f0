import { workerBounds } from '../job/workerBounds';
import { checker } from '../schema/validator';
import type { CostSettings } from './day';

const atLeastOne = { type: 'integer', minimum: 1 };
const check = checker<Omit<CostSettings, 'workers'> & { readonly dpuHourUsd: number }>({
  type: 'object',
  required: ['maxBatchFiles', 'maxBatchBytes', 'filesPerChunk', 'dpuHourUsd'],
  properties: {
    maxBatchFiles: atLeastOne,
    maxBatchBytes: atLeastOne,
    filesPerChunk: atLeastOne,
    dpuHourUsd: { type: 'number', minimum: 0 },
  },
});

/**
 * What the parameters of a stage have to do with the cost.
 *
 * @throws TypeError naming what is missing
 */
export function costSettings(
  parameters: Readonly<Record<string, unknown>>,
): CostSettings & { readonly dpuHourUsd: number } {
  const checked = check(parameters);
  if (!checked.ok) throw new TypeError(`the parameters of the stage: ${checked.problems.join('; ')}`);
  const { maxBatchFiles, maxBatchBytes, filesPerChunk, dpuHourUsd } = checked.value;
  return { maxBatchFiles, maxBatchBytes, filesPerChunk, dpuHourUsd, workers: workerBounds(parameters) };
}
