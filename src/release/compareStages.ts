/** The packaged template of a stage, as far as stages may differ: what both the release check and the tests go by. */

/** Every scalar of a document by its path. */
export type Leaves = ReadonlyMap<string, unknown>;

/** The properties that a stage parameter sets; apart from these two stages of one release have the same template. */
const PARAMETERS = [
  'AUDIT_DAYS',
  'Alert', // AlertEmail's default
  'BackoffRate',
  'BytesScannedCutoffPerQuery',
  'Days',
  'Default', // of CloudFormation's own parameters
  'DeletionPolicy',
  'DeletionProtectionEnabled',
  'IntervalSeconds',
  'JOB_BACKOFF_SECONDS',
  'JOB_MAX_ATTEMPTS',
  'LOG_DAYS',
  'MAX_BATCH_BYTES',
  'MAX_BATCH_FILES',
  'MAX_SETTLE_SECONDS',
  'MAX_WORKERS',
  'MAX_WORKER_TYPE',
  'MaxAttempts',
  'MaxDelaySeconds',
  'MaximumBatchingWindowInSeconds',
  'Mode', // of the audit bucket's lock
  'NumberOfWorkers',
  'RetentionInDays',
  'SETTLE_SECONDS',
  'ScheduleExpression',
];

function collect(value: unknown, path: string, leaves: Map<string, unknown>): Map<string, unknown> {
  if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) collect(item, `${path}/${key}`, leaves);
  } else leaves.set(path, value);
  return leaves;
}

/** A definition is text in the template: as a document its leaves can be told apart. */
function parseDefinition(key: string, value: unknown): unknown {
  if (key !== 'DefinitionString' || typeof value !== 'object' || value === null) return value;
  const sub: unknown = Reflect.get(value, 'Fn::Sub');
  if (!Array.isArray(sub) || typeof sub[0] !== 'string') return value;
  const definition: unknown = JSON.parse(sub[0]);
  return [definition, sub[1]];
}

/**
 * The scalars of a template without what packaging a stage writes into it: the stage's name, the time, and in the logical
 * ids of functions' versions a hash over environments that name the stage.
 */
export function comparable(template: unknown, stage: string): Leaves {
  const name = stage.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const neutral = JSON.stringify(template, parseDefinition)
    .replaceAll(new RegExp(`(?<=[-_/":])${name}(?=[-_/"\\\\*:])`, 'g'), 'STAGE')
    .replaceAll(/STAGE\/\d+-[^/]+\//g, 'STAGE/TIME/')
    .replaceAll(/(?<=LambdaVersion)[A-Za-z0-9]{30,}/g, 'HASH');
  return collect(JSON.parse(neutral), '', new Map());
}

/** Whether a stage parameter sets what is at the path. */
export function isParameter(path: string): boolean {
  return PARAMETERS.some((name) => path.split('/').at(-1)?.endsWith(name));
}

/** Paths at which two comparable templates differ. */
export function differingPaths(left: Leaves, right: Leaves): string[] {
  const paths = new Set([...left.keys(), ...right.keys()]);
  return [...paths].filter(
    (path) => !left.has(path) || !right.has(path) || left.get(path) !== right.get(path),
  );
}
