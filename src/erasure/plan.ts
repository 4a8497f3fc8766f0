import type { Erasure } from '../../generated/types/documents/manifest';
import { contracts, type DatasetName, datasetNames, parentsOf } from '../contract/contracts';

/** Whether rows of the dataset are about people, or refer to rows that are. */
export function isAboutPeople(dataset: DatasetName): boolean {
  return contracts[dataset]['x-subject'] !== undefined || parentsOf(dataset).some(isAboutPeople);
}

/**
 * What the jobs do to erase a person: children before parents, since they look for the person's keys in the parent's table. A
 * rejected file may be one of any dataset in the wrong folder, so one job searches them all.
 */
export function planErasure(digest: string, key: string): Erasure {
  const datasets = datasetNames.filter(isAboutPeople).toReversed();
  return {
    digest,
    key,
    datasets: datasets.map((dataset, index) => ({
      dataset,
      folders: [`archived/${dataset}/`, ...(index === datasets.length - 1 ? ['rejected/'] : [])],
      children: datasets.filter((child) => child !== dataset && parentsOf(child).includes(dataset)),
    })),
  };
}
