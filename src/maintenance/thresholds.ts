import fileSizes from '../../schemas/tables/files.json';
import type { Thresholds } from './need';

/** From where on maintenance is worth it: as the stage has it, with the one size of files for all stages. */
export function maintenanceThresholds(minFiles: number): Thresholds {
  const { targetFileBytes, smallBytes } = fileSizes;
  return { minFiles, targetFileBytes, smallBytes };
}
