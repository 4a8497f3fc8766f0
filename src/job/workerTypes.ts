import type { Workers } from '../../generated/types/states/workers';

export type WorkerType = Workers['workerType'];

/** Sizes of a worker, smallest first. */
export const workerTypes = ['G.1X', 'G.2X', 'G.4X', 'G.8X'] as const satisfies readonly WorkerType[];

/**
 * Data processing units (4 vCPUs, 16 GB) of a worker: https://docs.aws.amazon.com/glue/latest/dg/worker-types.html. The
 * G.025X below them is for streaming jobs.
 */
export const DPU_PER_WORKER: Readonly<Record<WorkerType, number>> = {
  'G.1X': 1,
  'G.2X': 2,
  'G.4X': 4,
  'G.8X': 8,
};
