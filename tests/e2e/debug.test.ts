import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { commandOf, launchEntry } from '../unit/fakes/editor';
import { Lakehouse, projectDir, succeeded } from './lakehouse';

jest.setTimeout(600_000);

const cloud = new Lakehouse();
const coverage = mkdtempSync(path.join(tmpdir(), 'lakehouse-coverage-'));

beforeAll(() => cloud.up());
afterAll(async () => {
  await cloud.remove();
  rmSync(coverage, { recursive: true });
});

it('runs a handler with an event in the process that the editor debugs, from its source', async () => {
  const [program = '', ...args] = commandOf(launchEntry('Debug a handler with an event'));
  const run = await cloud.run('env', [`NODE_V8_COVERAGE=${coverage}`, program, ...args]);
  expect(succeeded(run).stdout).toContain('"batchItemFailures": []');

  // what a breakpoint needs: the process loaded the source under its own name, with a map of its lines
  const source = pathToFileURL(path.join(projectDir, 'src/arrival/detectArrival.ts')).href;
  const loaded = readdirSync(coverage).map(
    (name) =>
      JSON.parse(readFileSync(path.join(coverage, name), 'utf8')) as {
        result: { url: string }[];
        'source-map-cache'?: Record<string, unknown>;
      },
  );
  const [mapped] = loaded.filter(({ result }) => result.some(({ url }) => url === source));
  expect(Object.keys(mapped?.['source-map-cache'] ?? {})).toContain(source);
});
