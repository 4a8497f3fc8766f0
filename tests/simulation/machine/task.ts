import { DocumentMissing, ServiceUnavailable } from '../../../src/errors';
import type { Cloud } from '../cloud/cloud';
import type { Execution } from '../cloud/executions';
import { LambdaUnknown, type Ports } from '../cloud/lambda';

/** Fewer than in the definition, so that a history also sees what follows when they are used up. */
const ATTEMPTS = 3;

/** A Task state that invokes a function, with its Retry; what it throws goes to the Catch. */
export async function task<T>(
  cloud: Cloud,
  { actor }: Execution,
  name: string,
  code: (ports: Ports) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    await cloud.scheduler.pause(actor);
    try {
      return await cloud.lambda.invoke(`${name} of ${actor.name}`, code);
    } catch (error) {
      const passing =
        error instanceof ServiceUnavailable ||
        error instanceof DocumentMissing ||
        error instanceof LambdaUnknown;
      if (!passing || attempt === ATTEMPTS) throw error;
      await cloud.scheduler.sleep(actor, attempt);
    }
  }
}
