/** States of an execution that loads one batch of all datasets and finds nothing wrong, in their order; a test walks the definition along them. */
export const loadPath = [
  ...['AcquireLease', 'LeaseAcquired', 'PlanBatch', 'BatchPlanned', 'CheckHeaders', 'AllChunksChecked'],
  ...['LoadParents', 'ParentsSettled', 'LoadChildren', 'ChildrenSettled', 'SyncCatalog', 'ValidationDue'],
  ...['ValidateTables', 'ReadValidation', 'JudgeBatch', 'BatchJudged', 'ArchiveFiles', 'AllChunksArchived'],
  ...['PublishOutcome', 'AlertNeeded', 'ReleaseLease', 'Ended', 'Succeeded'],
] as const;

/** States inside its parallel branches. */
export const branchPaths = [
  ['ProductsDue', 'LoadProducts'],
  ['OrdersDue', 'LoadOrders'],
  ['OrderItemsDue', 'LoadOrderItems'],
] as const;

/** States for each chunk of files. */
export const chunkPaths = [['CheckChunk'], ['ArchiveChunk']] as const;

/** States of a round of waiting until arrivals are still. */
export const settlePath = ['BatchPlanned', 'AwaitArrivals', 'PlanBatch'] as const;

/** States of an execution that finds the lease held. */
export const heldPath = ['AcquireLease', 'LeaseAcquired', 'LeaseHeld'] as const;

/** Transitions of the executions of a day: a step that is executed is one (https://aws.amazon.com/step-functions/pricing/). */
export function transitionsOf(day: {
  readonly batches: number;
  readonly chunks: number;
  readonly settleRounds: number;
  readonly held: number;
}): number {
  const batch = loadPath.length + branchPaths.flat().length;
  return (
    day.batches * batch +
    day.chunks * chunkPaths.flat().length +
    day.settleRounds * settlePath.length +
    day.held * heldPath.length
  );
}
