import { type Hold, holds } from '../ledger/erasures';
import type { Store } from '../store/store';

/** Nobody may be erased now; the message says why and what can be done. Nothing was written. */
export class ErasureRefused extends Error {
  override readonly name = 'ErasureRefused';
}

/** @throws ErasureRefused naming every legal hold in force. */
export async function requireNoHold(store: Pick<Store, 'query'>): Promise<void> {
  const found = await holds(store);
  if (found.length > 0) throw new ErasureRefused(refusal(found));
}

function refusal(found: readonly Hold[]): string {
  const named = found.map(({ name, reason, since }) => `${name} (${reason}, since ${since})`);
  return (
    `Nobody is erased while a legal hold is in force: ${named.join('; ')}. ` +
    'When it is over: lakehouse hold --remove NAME'
  );
}
