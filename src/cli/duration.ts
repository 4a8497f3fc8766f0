import { UsageError } from './errors';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** How long `ingest` and `npm start` wait when nothing is said. */
export const DEFAULT_TIMEOUT = '30m';

/**
 * Milliseconds of a duration such as `90`, `90s`, `10m` or `1h`; a bare number is seconds.
 *
 * @throws UsageError
 */
export function milliseconds(duration: string): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)([smh])?$/u.exec(duration) ?? [];
  const factor = UNITS[unit];
  if (amount === undefined || factor === undefined) {
    throw new UsageError(
      `${duration} is no duration: write seconds, or a number with s, m or h, such as 10m`,
    );
  }
  return Number(amount) * factor;
}
