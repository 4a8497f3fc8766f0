import Ajv2020 from 'ajv/dist/2020';
import { UNKNOWN_DATASET } from '../../src/arrival/versions';
import { datasetNames } from '../../src/contract/contracts';
import schema from '../../schemas/config/stageParameters.schema.json';
import { DPU_PER_WORKER, type WorkerType } from '../../src/job/workerTypes';

/** `params` of serverless.yml: values by stage and name; `default` is for every stage. */
export type StageParams = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/** The values that have to fit together. */
interface Related {
  readonly workerType: WorkerType;
  readonly maxWorkerType: WorkerType;
  readonly workers: number;
  readonly maxWorkers: number;
  readonly settleSeconds: number;
  readonly maxSettleSeconds: number;
  readonly jobTimeoutMinutes: number;
  readonly jobTaskTimeoutSeconds: number;
  readonly executionTimeoutSeconds: number;
  readonly concurrentRunsIntervalSeconds: number;
  readonly concurrentRunsMaxDelaySeconds: number;
  readonly concurrentRunsMaxAttempts: number;
  readonly orphanMaxAgeDays: number;
  readonly orphanAlarmSeconds: number;
  readonly maintenanceBudgetMinutes: number;
  readonly undoDays: number;
  readonly archivedDays: number;
  readonly documentDays: number;
}

// values of the command line are text
const ajv = new Ajv2020({ allErrors: true, coerceTypes: true, allowUnionTypes: true });
ajv.addKeyword('x-unit');
const check = ajv.compile<Related>(schema);

/** The values of a stage: the default's, the stage's own over them, `NAME=VALUE` of the command line over both. */
export function parametersOf(
  params: StageParams,
  stage: string,
  commandLine: readonly string[],
): Record<string, unknown> {
  const given = commandLine.map((item): [string, string] => {
    const at = item.indexOf('=');
    return at < 0 ? [item, ''] : [item.slice(0, at), item.slice(at + 1)];
  });
  return { ...params['default'], ...params[stage], ...Object.fromEntries(given) };
}

/** Everything that is wrong with a stage's values, a sentence each; converts text of the command line in `values`. */
export function problemsOf(values: Record<string, unknown>): string[] {
  return check(values) ? contradictions(values) : (check.errors ?? []).map(describe);
}

function contradictions(values: Related): string[] {
  const { settleSeconds, maxSettleSeconds, jobTimeoutMinutes, jobTaskTimeoutSeconds } = values;
  const jobSeconds = jobTimeoutMinutes * 60;
  const orphanSeconds = values.orphanMaxAgeDays * 86_400;
  const problems: [wrong: boolean, problem: string][] = [
    [
      settleSeconds > maxSettleSeconds,
      `settleSeconds (${settleSeconds}) is longer than maxSettleSeconds (${maxSettleSeconds})`,
    ],
    [
      jobTaskTimeoutSeconds <= jobSeconds,
      `jobTaskTimeoutSeconds (${jobTaskTimeoutSeconds}) must be longer than jobTimeoutMinutes (${jobSeconds} s), so that Glue ends a run that hangs`,
    ],
    [
      2 * values.maintenanceBudgetMinutes + 5 > jobTimeoutMinutes,
      `maintenanceBudgetMinutes (${values.maintenanceBudgetMinutes}), twice and 5 minutes more, must fit into jobTimeoutMinutes (${jobTimeoutMinutes}), which ends the job`,
    ],
    [
      values.executionTimeoutSeconds <= 2 * jobTaskTimeoutSeconds,
      `executionTimeoutSeconds (${values.executionTimeoutSeconds}) must be longer than two jobs one after the other (${2 * jobTaskTimeoutSeconds} s)`,
    ],
    [
      patienceSeconds(values) <= jobSeconds,
      `the waits for a concurrent run (${patienceSeconds(values)} s in all) must outlast jobTimeoutMinutes (${jobSeconds} s)`,
    ],
    [
      values.workers > values.maxWorkers,
      `workers (${values.workers}) is more than maxWorkers (${values.maxWorkers})`,
    ],
    [
      DPU_PER_WORKER[values.workerType] > DPU_PER_WORKER[values.maxWorkerType],
      `workerType (${values.workerType}) is larger than maxWorkerType (${values.maxWorkerType})`,
    ],
    [
      // at 0 days no row waits
      orphanSeconds > 0 && values.orphanAlarmSeconds >= orphanSeconds,
      `orphanAlarmSeconds (${values.orphanAlarmSeconds}) must be shorter than orphanMaxAgeDays (${orphanSeconds} s), so that the parents can still be sent`,
    ],
  ];
  return [...problems, ...retention(values)].flatMap(([wrong, problem]) => (wrong ? [problem] : []));
}

/** A rollback within undoDays reads the documents of the batches, and loads files again from where they are kept. */
function retention(values: Related): [wrong: boolean, problem: string][] {
  const byDataset = Object.entries(values).filter(([name]) => name.includes('.'));
  const periods: [string, number][] = [
    ['documentDays', values.documentDays],
    ['archivedDays', values.archivedDays],
    ...byDataset
      .filter(([name]) => name.startsWith('archivedDays.'))
      .map(([name, days]): [string, number] => [name, Number(days)]),
  ];
  const names: readonly string[] = datasetNames;
  return [
    ...periods.map(([name, days]): [boolean, string] => [
      days <= values.undoDays,
      `${name} (${days}) must be longer than undoDays (${values.undoDays}): a rollback needs them`,
    ]),
    ...byDataset.map(([name]): [boolean, string] => [
      ![...names, UNKNOWN_DATASET].includes(name.slice(name.indexOf('.') + 1)),
      `${name} is of no dataset: it is one of ${names.join(', ')}, or ${UNKNOWN_DATASET} for files of none`,
    ]),
  ];
}

/** How long the state machine waits for a run of the same job, its waits doubling up to the longest. */
function patienceSeconds(times: Related): number {
  let wait = times.concurrentRunsIntervalSeconds;
  let sum = 0;
  for (let attempt = 1; attempt <= times.concurrentRunsMaxAttempts; attempt++) {
    sum += Math.min(wait, times.concurrentRunsMaxDelaySeconds);
    wait = Math.min(wait * 2, times.concurrentRunsMaxDelaySeconds);
  }
  return sum;
}

function describe({
  instancePath,
  keyword,
  message = keyword,
  params,
}: NonNullable<typeof check.errors>[number]): string {
  const name = instancePath.slice(1);
  if (keyword === 'additionalProperties') return `${String(params['additionalProperty'])} is no parameter`;
  if (keyword === 'required') return `${String(params['missingProperty'])} is missing`;
  const allowed: unknown = params['allowedValues'];
  return `${name} ${message}${Array.isArray(allowed) ? ` (${allowed.join(', ')})` : ''}`;
}
