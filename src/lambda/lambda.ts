import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { InvalidEvent } from '../errors';
import { checker } from '../schema/validator';
import { mapAwsError } from './awsErrors';
import { readEnvironment, type Settings } from './environment';

/** Structured log lines; fields hold names, keys and counts, never rows or customers. */
export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/** Everything about a handler but its logic. */
export interface Declaration<Event, Result, Name extends keyof Settings> {
  /** JSON Schema of the event; it describes `Event`. */
  readonly event: object;
  /** The settings it reads. */
  readonly environment: readonly Name[];
  readonly run: (event: Event, settings: Pick<Settings, Name>, log: Log) => Promise<Result>;
}

/**
 * A Lambda handler around `run`: checks the environment (once) and the event, logs, and maps passing errors of the AWS
 * SDK to ServiceUnavailable.
 *
 * @throws InvalidEnvironment and InvalidEvent with every problem, besides what `run` throws.
 */
export function lambda<Event, Result, Name extends keyof Settings>(
  declaration: Declaration<Event, Result, Name>,
): (event: unknown, context: Context) => Promise<Result> {
  const logger = new Logger();
  const check = checker<Event>(declaration.event);
  let settings: Pick<Settings, Name> | undefined;
  const validated = async (event: unknown): Promise<Result> => {
    settings ??= readEnvironment(declaration.environment, process.env);
    const checked = check(event);
    if (checked.ok) return declaration.run(checked.value, settings, logger);
    throw new InvalidEvent(`The event is not as its schema says: ${checked.problems.join('; ')}`);
  };
  return middy<unknown, Result>().use(injectLambdaContext(logger)).use(errors(logger)).handler(validated);
}

function errors(log: Log): MiddlewareObj {
  return {
    onError: (request) => {
      if (request.error === null) return;
      // set, not thrown: middy would hang the first error onto the second
      request.error = mapAwsError(request.error);
      log.error('failed', request.error);
    },
  };
}
