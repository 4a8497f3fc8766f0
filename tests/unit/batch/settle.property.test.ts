import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { secondsToSettle } from '../../../src/batch/settle';

const START = Date.parse('2025-04-20T12:00:00Z');
const moment = fc.integer({ min: 0, max: 3_600_000 }).map((after) => new Date(START + after));
const policy = fc.record({ settleSeconds: fc.nat(300), maxSettleSeconds: fc.nat(900) });

test('whoever waits as long as told may plan then, and not a second earlier', () => {
  fc.assert(
    fc.property(policy, moment, moment, moment, (settle, lastArrivedAt, startedAt, now) => {
      const seconds = secondsToSettle(settle, { lastArrivedAt, startedAt, now });
      const later = (by: number): number =>
        secondsToSettle(settle, { lastArrivedAt, startedAt, now: new Date(now.getTime() + by * 1000) });
      expect(later(seconds)).toBe(0);
      if (seconds > 0) expect(later(seconds - 1)).toBe(1);
    }),
  );
});

test('nothing waits longer than the longest settling, and nothing plans while files still come', () => {
  fc.assert(
    fc.property(policy, moment, moment, (settle, lastArrivedAt, startedAt) => {
      const now = new Date(Math.max(lastArrivedAt.getTime(), startedAt.getTime()));
      const seconds = secondsToSettle(settle, { lastArrivedAt, startedAt, now });
      const sinceStart = (now.getTime() - startedAt.getTime()) / 1000;
      expect(seconds).toBeLessThanOrEqual(Math.ceil(Math.max(0, settle.maxSettleSeconds - sinceStart)));
      const quiet = (now.getTime() - lastArrivedAt.getTime()) / 1000;
      if (seconds === 0)
        expect(quiet >= settle.settleSeconds || sinceStart >= settle.maxSettleSeconds).toBe(true);
    }),
  );
});
