import { Crash } from './faults';
import type { World } from './world';

/**
 * Runs to the end; after a crash the sweep starts the next execution, which takes over and may crash as well.
 *
 * @param again called after the first crash, before the next execution.
 */
export async function runThrough(world: World, again?: () => void): Promise<void> {
  for (;;) {
    try {
      await world.settle();
      return;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      again?.();
      again = undefined;
      world.started.push('sweep');
    }
  }
}
