import type { Upkeep } from '../batch/documents';
import type { Measurement, MetricName } from './metrics';

const OF_A_TABLE: readonly (readonly [MetricName, keyof NumbersOf])[] = [
  ['MaintenanceFilesBefore', 'filesBefore'],
  ['MaintenanceFilesAfter', 'filesAfter'],
  ['MaintenanceFilesRemoved', 'filesRemoved'],
  ['MaintenancePartitionsLeft', 'partitionsLeft'],
];

type NumbersOf = Pick<
  Upkeep['maintained'][number],
  'filesBefore' | 'filesAfter' | 'filesRemoved' | 'partitionsLeft'
>;

/** What maintenance did to the tables of each dataset. */
export function maintenanceMeasurements(upkeeps: readonly Upkeep[]): Measurement[] {
  return upkeeps.flatMap(({ dataset, maintained }) =>
    OF_A_TABLE.map(([name, number]) => {
      return { name, dataset, value: maintained.reduce((sum, table) => sum + table[number], 0) };
    }),
  );
}
