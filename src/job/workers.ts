import type { Manifest } from '../../generated/types/documents/manifest';
import type { Workers } from '../../generated/types/states/workers';
import { contracts, type DatasetName } from '../contract/contracts';
import { DPU_PER_WORKER, type WorkerType, workerTypes } from './workerTypes';

/** What a stage allows a job. */
export interface WorkerBounds {
  readonly smallest: WorkerType;
  readonly largest: WorkerType;
  readonly fewest: number;
  readonly most: number;
}

/** What is known of a job's work before it reads a line. */
export interface Workload {
  readonly bytes: number;
  readonly files: number;
  /** Partitions of the table that the rows are likely to lie in; 1 for a table without. */
  readonly dates: number;
}

const MIB = 2 ** 20;
/** What Spark counts for the opening of a file (spark.sql.files.openCostInBytes). */
const OPEN_BYTES = 4 * MIB;
/** What Spark gives to one task (spark.sql.files.maxPartitionBytes). */
const TASK_BYTES = 128 * MIB;
const CORES_PER_DPU = 4;
/** Tasks that a core does one after the other: one would pay the start of a worker for seconds of work. */
const ROUNDS = 2;

/** CSV that the executors of one DPU load: 1 GiB in 16 GB of memory, so a merge's rows, several times their CSV, fit. */
export const BYTES_PER_DPU = TASK_BYTES * CORES_PER_DPU * ROUNDS;

/**
 * The workers of a run: as many of the smallest type as share out the work, one of them for the driver; where that would be
 * too many, the next larger type. It grows with each part of the workload and stays within the bounds; at the upper one a run
 * takes longer and spills to disk.
 */
export function chooseWorkers(workload: Workload, bounds: WorkerBounds): Workers {
  const types = workerTypes.slice(
    workerTypes.indexOf(bounds.smallest),
    workerTypes.indexOf(bounds.largest) + 1,
  );
  const load = loadOf(workload);
  const choices = types.map((workerType): Workers => {
    const executors = Math.ceil(load / (BYTES_PER_DPU * DPU_PER_WORKER[workerType]));
    return { workerType, numberOfWorkers: Math.max(bounds.fewest, 1 + executors) };
  });
  const most = { workerType: bounds.largest, numberOfWorkers: bounds.most };
  return choices.find(({ numberOfWorkers }) => numberOfWorkers <= bounds.most) ?? most;
}

/** Bytes, and what opening costs: of each file, and for each date of a data file that is read and one that is written. */
function loadOf({ bytes, files, dates }: Workload): number {
  return bytes + OPEN_BYTES * (files + 2 * dates);
}

/** The workers of every job for the files of a batch. What a job writes does not hang on it. */
export function workersByDataset(
  { files }: Pick<Manifest, 'files'>,
  bounds: WorkerBounds,
): Record<DatasetName, Workers> {
  const workersOf = (dataset: DatasetName): Workers => chooseWorkers(workloadOf(dataset, files), bounds);
  return {
    products: workersOf('products'),
    orders: workersOf('orders'),
    order_items: workersOf('order_items'),
  };
}

const DATE = /\d{4}-\d{2}-\d{2}/u;

/** Rows are not read yet: a file's date is the one in its key, else the day it arrived; a wrong guess costs time, not rows. */
export function workloadOf(dataset: DatasetName, all: Manifest['files']): Workload {
  const files = all.filter((file) => file.dataset === dataset);
  const dates = new Set(
    files.map(({ key, lastModified }) => DATE.exec(key)?.[0] ?? lastModified.slice(0, 10)),
  );
  return {
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    files: files.length,
    dates: contracts[dataset]['x-partitionBy'] === null ? Math.min(1, files.length) : dates.size,
  };
}
