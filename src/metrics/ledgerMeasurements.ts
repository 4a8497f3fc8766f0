import { datasetNames, hasOrphans } from '../contract/contracts';
import type { ControlItem } from '../ledger/items';
import type { Measurement } from './metrics';

/** What the ledger's control item says of the moment. */
export function ledgerMeasurements(
  { arrived, planned, owner, ownerSince, orphans = {} }: ControlItem,
  now: Date,
): Measurement[] {
  const since = (moment: string | null | undefined): number =>
    moment ? Math.max(0, (now.getTime() - Date.parse(moment)) / 1000) : 0;
  return [
    { name: 'FilesPending', value: arrived - planned },
    { name: 'LeaseAgeSeconds', value: owner === undefined ? 0 : since(ownerSince) },
    ...datasetNames.filter(hasOrphans).flatMap((dataset): Measurement[] => [
      { name: 'OrphansWaiting', value: orphans[dataset]?.waiting ?? 0, dataset },
      { name: 'OldestOrphanSeconds', value: since(orphans[dataset]?.oldestSince), dataset },
    ]),
  ];
}
