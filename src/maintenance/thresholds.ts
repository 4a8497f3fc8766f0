import { checker } from '../schema/validator';
import type { Thresholds } from './need';

const check = checker<{
  readonly undoDays: number;
  readonly maintenanceMinFiles: number;
  readonly targetFileBytes: number;
}>({
  type: 'object',
  required: ['undoDays', 'maintenanceMinFiles', 'targetFileBytes'],
  properties: {
    undoDays: { type: 'integer' },
    maintenanceMinFiles: { type: 'integer' },
    targetFileBytes: { type: 'integer' },
  },
});

/**
 * From where on maintenance is worth it on a stage with these parameters.
 *
 * @throws TypeError naming what is missing
 */
export function maintenanceThresholds(
  parameters: Readonly<Record<string, unknown>>,
): Thresholds & { readonly undoDays: number } {
  const checked = check(parameters);
  if (!checked.ok) throw new TypeError(`the parameters of the stage: ${checked.problems.join('; ')}`);
  const { undoDays, maintenanceMinFiles: minFiles, targetFileBytes } = checked.value;
  return { undoDays, minFiles, targetFileBytes };
}
