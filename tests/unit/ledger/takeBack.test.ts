import { expect, test } from '@jest/globals';
import type { Manifest } from '../../../src/batch/documents';
import { confirm, confirmations } from '../../../src/ledger/entries';
import { takeBackConfirmations } from '../../../src/ledger/takeBack';
import { World } from '../fakes/world';

test('confirmations are what they were: newer ones go, changed ones have their old sequence, and again changes nothing', async () => {
  const world = new World();
  await world.arrive('raw/orders/a.csv');
  const lease = await world.acquire();
  await confirm(world.store, lease, 1, 'orders', { kept: '1', changed: '2' });
  await confirm(world.store, lease, 2, 'orders', { changed: '3', fresh: '4' });
  const manifest = {
    number: 3,
    confirmations: { orders: { kept: '1', changed: '2', lost: '9' }, products: {} },
  };
  for (let times = 0; times < 2; times++) {
    await takeBackConfirmations(world.store, lease, manifest as unknown as Manifest);
    expect(await confirmations(world.store, 'orders')).toEqual({ kept: '1', changed: '2', lost: '9' });
  }
});
