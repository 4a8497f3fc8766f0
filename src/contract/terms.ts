import type { Terms } from '../../generated/types/documents/manifest';
import { atStage, type Contract } from './contract';

export type { Terms };

/** What a contract says of files and tables at a stage. Under the policy strict a header must have every column. */
export function termsOf(contract: Contract, stage: string): Terms {
  const evolution = atStage(contract['x-evolution'], stage);
  const columns = Object.keys(contract.properties);
  return {
    evolution,
    maxRejectRate: atStage(contract['x-maxRejectRate'] ?? null, stage),
    columns,
    required: evolution === 'strict' ? columns : [...contract.required],
  };
}
