/** The size of a function's bundle is most of what its code adds to a cold start (docs/performance.md). */
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { packagesIn, scriptsOf } from '../../bench/lambdas/bundles';
import budgets from '../../resources/bundle-budgets.json';
import type { Package } from './packaging';

const KIB = 1_024;
/** A budget that nothing comes near to would let a bundle grow unseen. */
const LEAST_USE = 0.8;

export function bundleTests(packaged: () => Package): void {
  const sizes = (): Record<string, number> =>
    Object.fromEntries(
      packagesIn(packaged().folder).map(([name, file]) => {
        const scripts = [...scriptsOf(readFileSync(file)).values()];
        return [name, scripts.reduce((sum, { length }) => sum + length, 0) / KIB];
      }),
    );

  it('have a budget each in resources/bundle-budgets.json', () => {
    expect(Object.keys(budgets)).toEqual(Object.keys(sizes()));
  });

  it.each(Object.entries(budgets))('let %s have at most %d KiB of JavaScript', (name, budget) => {
    const size = sizes()[name] ?? 0;
    expect(size).toBeLessThanOrEqual(budget);
    expect(size).toBeGreaterThan(LEAST_USE * budget);
  });
}
