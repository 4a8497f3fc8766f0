import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const css = readFileSync(path.join(__dirname, '../../../src/report/page/style.css'), 'utf8');

/** The colours of the first and the second `:root`: light and dark. */
const [light = {}, dark = {}] = [...css.matchAll(/:root \{(.*?)\}/gsu)].map(([, body = '']) =>
  Object.fromEntries(
    [...body.matchAll(/--([\w-]+): (#[0-9a-f]+);/gu)].map(([, name = '', value = '']) => [name, value]),
  ),
);

/** Relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: string): number {
  const short = colour.slice(1);
  const hex = short.length === 3 ? short.replace(/./gu, '$&$&') : short;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const TEXT = 4.5;
const GRAPHIC = 3;
const texts: readonly (readonly [string, string])[] = [
  ...['ink', 'quiet', 'link'].flatMap((name) => [[name, 'ground'] as const, [name, 'raised'] as const]),
  ...['good', 'warn', 'bad', 'busy'].flatMap((name) => [
    [name, `${name}-ground`] as const,
    ['ink', `${name}-ground`] as const,
  ]),
];
const graphics = ['rejected', 'time', 'good', 'warn', 'bad', 'busy', 'quiet'];

describe.each([
  ['light', light],
  ['dark', dark],
] as const)('the %s colours', (_, colours) => {
  it.each(texts)('let %s be read on %s (WCAG AA, 4.5 to 1)', (name, ground) => {
    expect(contrast(colours[name]!, colours[ground]!)).toBeGreaterThanOrEqual(TEXT);
  });

  it.each(graphics)('let %s be seen on the ground (WCAG AA for graphics, 3 to 1)', (name) => {
    expect(contrast(colours[name]!, colours['ground']!)).toBeGreaterThanOrEqual(GRAPHIC);
  });
});
