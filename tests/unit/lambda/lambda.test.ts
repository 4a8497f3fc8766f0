import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { lambda } from '../../../src/lambda/lambda';
import { mapAwsError } from '../../../src/lambda/awsErrors';
import { readEnvironment } from '../../../src/lambda/environment';

const root = path.resolve(__dirname, '../../..');
const context = { functionName: 'f', awsRequestId: 'r' } as Context;
const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['a', 'b'],
  properties: { a: { type: 'string' }, b: { type: 'integer' } },
};

beforeAll(() => {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
});

afterAll(() => {
  delete process.env['POWERTOOLS_LOG_LEVEL'];
});

afterEach(() => {
  delete process.env['LEDGER_TABLE'];
});

function handler(run: () => Promise<string>) {
  return lambda({ event: schema, environment: ['LEDGER_TABLE'], run });
}

test('an event is refused with every problem', async () => {
  process.env['LEDGER_TABLE'] = 'table';
  const attempt = handler(() => Promise.resolve('ran'))({ b: '1', c: true }, context);
  await expect(attempt).rejects.toMatchObject({
    name: 'InvalidEvent',
    message: expect.stringMatching(/'a'.*: "c".*\/b must be integer/),
  });
});

test('a good event runs', async () => {
  process.env['LEDGER_TABLE'] = 'table';
  expect(await handler(() => Promise.resolve('ran'))({ a: '', b: 1 }, context)).toBe('ran');
});

test('a missing setting stops the handler by name, before the event is looked at', async () => {
  await expect(handler(() => Promise.resolve('ran'))({}, context)).rejects.toMatchObject({
    name: 'InvalidEnvironment',
    message: expect.stringContaining('LEDGER_TABLE is missing'),
  });
});

test('every setting that is missing or malformed is listed, and numbers are numbers', () => {
  const names = ['LEDGER_TABLE', 'LANDING_BUCKET', 'MAX_BATCH_FILES', 'SETTLE_SECONDS'] as const;
  expect(() =>
    readEnvironment(names, { MAX_BATCH_FILES: '0', LANDING_BUCKET: 'A', SETTLE_SECONDS: 'soon' }),
  ).toThrow(/LEDGER_TABLE is missing; .*LANDING_BUCKET.*MAX_BATCH_FILES.*SETTLE_SECONDS/);
  expect(readEnvironment(['SETTLE_SECONDS'], { SETTLE_SECONDS: '20' }).SETTLE_SECONDS).toBe(20);
});

test.each([
  [{ name: 'ThrottlingException' }],
  [{ name: 'SlowDown' }],
  [{ name: 'Odd', $metadata: { httpStatusCode: 503 } }],
  [{ name: 'Error', code: 'ECONNRESET' }],
])('%j passes by itself', async (details) => {
  process.env['LEDGER_TABLE'] = 'table';
  const original = Object.assign(new Error('x'), details);
  const attempt = handler(() => Promise.reject(original))({ a: '', b: 1 }, context);
  await expect(attempt).rejects.toMatchObject({ name: 'ServiceUnavailable', cause: original });
});

test('an error that stays is handed on as it is', () => {
  const denied = Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  expect(mapAwsError(denied)).toBe(denied);
});

test('every handler has its schemas, only wires, and refuses an event of another', async () => {
  const files = readdirSync(path.join(root, 'src/handlers'));
  expect(files).toHaveLength(11);
  for (const file of files) {
    const name = file.replace('.ts', '');
    for (const folder of ['events', 'states'])
      readFileSync(path.join(root, `schemas/${folder}/${name}.schema.json`));
    expect(
      readFileSync(path.join(root, 'src/handlers', file), 'utf8').split('\n').length,
    ).toBeLessThanOrEqual(60);
    const module = (await import(`../../../src/handlers/${name}`)) as { handler: ReturnType<typeof lambda> };
    await expect(module.handler({}, context)).rejects.toMatchObject({ name: 'InvalidEnvironment' });
  }
});
