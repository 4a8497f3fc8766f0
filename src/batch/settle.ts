/** How long files may settle before they are planned. */
export interface SettlePolicy {
  /** Nothing has arrived for so long. */
  readonly settleSeconds: number;
  /** Planned at the latest so long after the execution's start. */
  readonly maxSettleSeconds: number;
}

/** Seconds until the files that wait may be planned; 0 when they may be now. */
export function secondsToSettle(
  policy: SettlePolicy,
  { lastArrivedAt, startedAt, now }: { lastArrivedAt: Date; startedAt: Date; now: Date },
): number {
  const quietAt = lastArrivedAt.getTime() + policy.settleSeconds * 1000;
  const latestAt = startedAt.getTime() + policy.maxSettleSeconds * 1000;
  return Math.max(0, Math.ceil((Math.min(quietAt, latestAt) - now.getTime()) / 1000));
}
