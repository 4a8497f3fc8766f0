import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { parametersOf, problemsOf, type StageParams } from '../../../plugins/stage-parameters/parameters';
import schema from '../../../schemas/config/stageParameters.schema.json';

const PROJECT = path.resolve(__dirname, '../../..');
const text = readFileSync(path.join(PROJECT, 'serverless.yml'), 'utf8');
const { params } = parse(text) as { params: StageParams };
const problems = (stage: string, ...commandLine: string[]) =>
  problemsOf(parametersOf(params, stage, commandLine));

describe('the parameters of a stage', () => {
  it.each([...Object.keys(params), 'some-branch'])('fit together at stage %s', (stage) => {
    expect(problems(stage)).toEqual([]);
  });

  it('are each read by something: a parameter that nothing reads only pretends to configure', () => {
    const resources = ['resources', 'generated'].flatMap((folder) =>
      readdirSync(path.join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.yml') || name.endsWith('.json'))
        .map((name) => readFileSync(path.join(PROJECT, folder, name), 'utf8')),
    );
    const machine = readFileSync(path.join(PROJECT, 'state-machine', 'ingest.asl.yml'), 'utf8');
    const sources = [text, machine, ...resources].join('\n');
    for (const name of Object.keys(schema.properties)) expect(sources).toContain(`param:${name}}`);
  });

  it('let a gradual release end within the job that deploys it, with half an hour for the deploy and the smoke', () => {
    const workflow = readFileSync(path.join(PROJECT, '.github', 'workflows', 'deploy.yml'), 'utf8');
    const { jobs } = parse(workflow) as { jobs: Record<string, { 'timeout-minutes': number }> };
    for (const stage of ['staging', 'prod']) {
      const { releaseShiftPercent, releaseShiftMinutes } = parametersOf(params, stage, []);
      const pauses = Math.ceil(100 / Number(releaseShiftPercent)) - 1;
      const limit = jobs[stage === 'prod' ? 'production' : stage]?.['timeout-minutes'] ?? 0;
      expect(pauses * Number(releaseShiftMinutes)).toBeLessThanOrEqual(limit - 30);
    }
  });

  it('name what is misspelt on the command line instead of ignoring it', () => {
    expect(problems('staging', 'workerz=9')).toEqual(['workerz is no parameter']);
  });

  it('take text of the command line for the number or switch it says', () => {
    expect(problems('staging', 'workers=9', 'removable=true', 'alertEmail=a@example.org')).toEqual([]);
    expect(problems('staging', 'archivedDays.orders=400', 'rejectedDays.unknown=31')).toEqual([]);
    // nothing waits, so nothing alerts
    expect(problems('staging', 'orphanMaxAgeDays=0')).toEqual([]);
  });

  it.each([
    ['workers=1', 'workers must be >= 2'],
    ['workers=many', 'workers must be integer'],
    ['workerType=G.3X', 'workerType must be equal to one of the allowed values (G.1X, G.2X, G.4X, G.8X)'],
    [
      'logRetentionDays=31',
      expect.stringContaining('logRetentionDays must be equal to one of the allowed values (1, 3,'),
    ],
    ['sweepRate=hourly', expect.stringContaining('sweepRate must match pattern')],
    ['settleSeconds=901', 'settleSeconds must be <= 900'],
    ['maxSettleSeconds=30', 'settleSeconds (60) is longer than maxSettleSeconds (30)'],
    [
      'jobTimeoutMinutes=65',
      'jobTaskTimeoutSeconds (3900) must be longer than jobTimeoutMinutes (3900 s), so that Glue ends a run that hangs',
    ],
    [
      'executionTimeoutSeconds=7800',
      'executionTimeoutSeconds (7800) must be longer than two jobs one after the other (7800 s)',
    ],
    [
      'concurrentRunsMaxAttempts=60',
      'the waits for a concurrent run (3490 s in all) must outlast jobTimeoutMinutes (3600 s)',
    ],
    [
      'orphanMaxAgeDays=7',
      'orphanAlarmSeconds (604800) must be shorter than orphanMaxAgeDays (604800 s), so that the parents can still be sent',
    ],
    [
      'maintenanceBudgetMinutes=28',
      'maintenanceBudgetMinutes (28), twice and 5 minutes more, must fit into jobTimeoutMinutes (60), which ends the job',
    ],
    ['documentDays=30', 'documentDays (30) must be longer than undoDays (30): a rollback needs them'],
    [
      'archivedDays.orders=7',
      'archivedDays.orders (7) must be longer than undoDays (30): a rollback needs them',
    ],
    [
      'rejectedDays.invoices=90',
      'rejectedDays.invoices is of no dataset: it is one of orders, products, order_items, or unknown for files of none',
    ],
    ['workers=11', 'workers (11) is more than maxWorkers (10)'],
    ['workerType=G.8X', 'workerType (G.8X) is larger than maxWorkerType (G.4X)'],
  ])('refuse %s and say why', (parameter, problem) => {
    expect(problems('staging', parameter)).toEqual([problem]);
  });
});
