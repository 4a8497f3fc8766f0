import { LakehouseError, ServiceUnavailable } from '../errors';

/** What an error of the AWS SDK tells about itself; network errors of Node have only a code. */
interface Details extends Error {
  readonly code?: unknown;
  readonly $retryable?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
}

const PASSING_NAMES =
  /Throttl|TooManyRequests|SlowDown|RequestLimitExceeded|ProvisionedThroughputExceeded|LimitExceededException|InternalServ|ServiceUnavailable|InternalError|OperationTimeout|TimeoutError|RequestTimeout|ConditionalRequestConflict/;
const NETWORK_CODES = /^(ECONN|ETIMEDOUT|EPIPE|EAI_AGAIN|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|UND_ERR)/;

/**
 * Maps errors that pass by themselves (throttling, 5xx, network) to ServiceUnavailable with the original as cause;
 * every other error comes back as it is.
 */
export function mapAwsError(error: Error): Error {
  if (error instanceof LakehouseError) return error;
  const details: Details = error;
  const status = details.$metadata?.httpStatusCode;
  const passing =
    details.$retryable !== undefined ||
    (typeof status === 'number' && (status >= 500 || status === 429)) ||
    PASSING_NAMES.test(error.name) ||
    (typeof details.code === 'string' && NETWORK_CODES.test(details.code));
  if (!passing) return error;
  return new ServiceUnavailable(`${error.name}: ${error.message}. It is tried again with backoff.`, {
    cause: error,
  });
}
