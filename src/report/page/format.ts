import { html, type Markup } from '../html';

const grouped = new Intl.NumberFormat('en-US');
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** What stands where there is nothing to show. */
export const nothing: Markup = html`<span class="quiet" aria-label="none">–</span>`;

/** A whole number with its thousands apart, or a dash. */
export function count(value: number | null | undefined): Markup {
  return value === null || value === undefined ? nothing : html`${grouped.format(value)}`;
}

/** A number that is a dash where it is zero, so that the others show. */
export function some(value: number): Markup {
  return value === 0 ? html`<span class="quiet">0</span>` : count(value);
}

export function bytes(value: number): string {
  let scaled = value;
  let unit = 0;
  while (scaled >= 1000 && unit < UNITS.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? scaled : scaled.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

/** A duration: milliseconds below a second, seconds below a minute, else minutes or hours. */
export function duration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${rest} s`;
}

/** A moment in UTC, to the second. */
export function moment(iso: string | null): Markup {
  if (iso === null) return nothing;
  const [day = '', time = ''] = iso.split('T');
  return html`<time datetime="${iso}">${day} ${time.slice(0, 8)}</time>`;
}

/** One of it, or several: `1 file`, `2 files`. */
export function plural(value: number, noun: string): string {
  return `${grouped.format(value)} ${noun}${value === 1 ? '' : 's'}`;
}
