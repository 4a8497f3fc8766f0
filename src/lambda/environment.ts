import { InvalidEnvironment } from '../errors';
import { type WorkerType, workerTypes } from '../job/workerTypes';
import { coercingChecker } from '../schema/validator';

/** Every setting that a handler may read. */
export interface Settings {
  /** The stage that the contracts' policies are taken for. */
  readonly STAGE_NAME: string;
  readonly LEDGER_TABLE: string;
  readonly LANDING_BUCKET: string;
  readonly WAREHOUSE_BUCKET: string;
  readonly ARTEFACTS_BUCKET: string;
  readonly STATE_MACHINE_ARN: string;
  readonly CATALOG_DATABASE: string;
  /** Ends with a dash; a dataset's name makes it a job's. */
  readonly JOB_NAME_PREFIX: string;
  readonly GLUE_SCRIPT: string;
  readonly GLUE_PACKAGE: string;
  readonly CONTRACT_HASH: string;
  readonly SETTLE_SECONDS: number;
  readonly MAX_SETTLE_SECONDS: number;
  readonly MAX_BATCH_FILES: number;
  readonly MAX_BATCH_BYTES: number;
  readonly FILES_PER_CHUNK: number;
  readonly ORPHAN_MAX_AGE_DAYS: number;
  readonly UNDO_DAYS: number;
  readonly MAINTENANCE_BUDGET_MINUTES: number;
  readonly MAINTENANCE_MIN_FILES: number;
  readonly JOB_MAX_ATTEMPTS: number;
  readonly JOB_BACKOFF_SECONDS: number;
  readonly WORKER_TYPE: WorkerType;
  readonly MIN_WORKERS: number;
  readonly MAX_WORKER_TYPE: WorkerType;
  readonly MAX_WORKERS: number;
  readonly LOG_DAYS: number;
  readonly AUDIT_DAYS: number;
  readonly ON_VIOLATION: 'withdraw' | 'alert';
}

const text = (pattern: string): object => ({ type: 'string', pattern });
const atLeast = (minimum: number): object => ({ type: 'integer', minimum });
const workerType = { enum: workerTypes };
const bucket = text('^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$');

const FORMS: Readonly<Record<keyof Settings, object>> = {
  STAGE_NAME: text('^[A-Za-z0-9-]+$'),
  LEDGER_TABLE: text('^[A-Za-z0-9_.-]{3,255}$'),
  LANDING_BUCKET: bucket,
  WAREHOUSE_BUCKET: bucket,
  ARTEFACTS_BUCKET: bucket,
  STATE_MACHINE_ARN: text('^arn:[^:]+:states:'),
  CATALOG_DATABASE: text('^[a-z0-9_-]+$'),
  JOB_NAME_PREFIX: text('^[A-Za-z0-9_-]+-$'),
  GLUE_SCRIPT: text('^s3://[^/]+/.+\\.py$'),
  GLUE_PACKAGE: text('^s3://[^/]+/.+\\.zip$'),
  CONTRACT_HASH: text('^.+$'),
  LOG_DAYS: atLeast(1),
  AUDIT_DAYS: atLeast(1),
  SETTLE_SECONDS: atLeast(0),
  MAX_SETTLE_SECONDS: atLeast(0),
  MAX_BATCH_FILES: atLeast(1),
  MAX_BATCH_BYTES: atLeast(1),
  FILES_PER_CHUNK: atLeast(1),
  ORPHAN_MAX_AGE_DAYS: atLeast(0),
  UNDO_DAYS: atLeast(7),
  MAINTENANCE_BUDGET_MINUTES: atLeast(1),
  MAINTENANCE_MIN_FILES: atLeast(2),
  JOB_MAX_ATTEMPTS: atLeast(1),
  JOB_BACKOFF_SECONDS: atLeast(0),
  WORKER_TYPE: workerType,
  MIN_WORKERS: atLeast(2),
  MAX_WORKER_TYPE: workerType,
  MAX_WORKERS: atLeast(2),
  ON_VIOLATION: { enum: ['withdraw', 'alert'] },
};

/**
 * The settings that a handler reads, checked, numbers converted.
 *
 * @throws InvalidEnvironment listing every name that is missing or malformed.
 */
export function readEnvironment<Name extends keyof Settings>(
  names: readonly Name[],
  environment: Readonly<Record<string, string | undefined>>,
): Pick<Settings, Name> {
  const missing = names.filter((name) => environment[name] === undefined).map((name) => `${name} is missing`);
  const checked = coercingChecker<Pick<Settings, Name>>({
    type: 'object',
    required: names,
    properties: Object.fromEntries(names.map((name) => [name, FORMS[name]])),
  })(Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined)));
  if (checked.ok) return checked.value;
  const malformed = checked.problems.filter((problem) => !problem.includes('required property'));
  throw new InvalidEnvironment(
    `The function's environment is not as serverless.yml should set it: ${[...missing, ...malformed].join('; ')}`,
  );
}
