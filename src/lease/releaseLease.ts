import type { ReleaseLeaseEvent } from '../../generated/types/events/releaseLease';
import type { ReleaseLeaseResult } from '../../generated/types/states/releaseLease';
import type { Executions } from '../execution/executions';
import { release, requireLease } from '../ledger/lease';
import type { Store } from '../store/store';

/**
 * Gives the lease back if no file and no request waits; else, unless it is to back off, starts the next execution and then releases.
 * A file that is registered at the same moment either raises `arrived` before the release, which then fails and hands
 * over, or finds the lease free with the execution that its own registration starts.
 *
 * @throws LeaseLost
 */
export async function releaseLease(
  { store, executions }: { readonly store: Store; readonly executions: Pick<Executions, 'start'> },
  { lease, backOff, announced }: ReleaseLeaseEvent,
): Promise<ReleaseLeaseResult> {
  if (await release(store, lease, { whenDrained: !backOff, announced })) return { status: 'RELEASED' };
  const { epoch, fence } = await requireLease(store, lease);
  // named, so that a repetition starts no second one
  await executions.start({ trigger: 'handover' }, `handover-${epoch}-${fence}`);
  await release(store, lease, { whenDrained: false, announced });
  return { status: 'HANDED_OVER' };
}
