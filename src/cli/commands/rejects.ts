import { datasetNames } from '../../contract/contracts';
import { athenaWith } from '../aws/athena';
import { athenaClient } from '../aws/clients';
import { rejects, requireDataset } from '../query/rejects';
import { openStage, type StageOptions } from '../stage';
import { type Terminal } from '../terminal';

/** `lakehouse rejects` */
export async function showRejects(
  dataset: string,
  { stage, json }: StageOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  requireDataset(dataset, datasetNames);
  const stack = await openStage(stage);
  await rejects(dataset, athenaWith(await athenaClient(), stack), terminal, json ?? false, signal);
}
