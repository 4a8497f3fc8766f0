/** Rows and ids stay out of logs: what the end-to-end tests planted in their files is in no log of functions, jobs and executions. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planted } from '../e2e/rows';
import { readRecordings, type Recording } from './recordings';

interface Text {
  readonly file: string;
  readonly content: string;
}

function textsBelow(folder: string): Text[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ file, content: readFileSync(file, 'latin1') }));
}

/** The planted values that a text holds, also in another case. */
const found = (content: string): string[] => {
  const lower = content.toLowerCase();
  return Object.values(planted).filter((value) => lower.includes(value.toLowerCase()));
};

let recordings: Recording[];
let logs: Text[];

beforeAll(() => {
  recordings = readRecordings();
  logs = recordings.flatMap(({ folder }) => textsBelow(join(folder, 'logs')));
});

describe('the search', () => {
  it('finds every planted value in the data of the runs', () => {
    const data = recordings.find(({ name }) => name === 'load');
    const content = textsBelow(join(data!.folder, 'data')).map((text) => text.content);
    expect(found(content.join('\n')).sort()).toEqual(Object.values(planted).sort());
  });

  it('has the logs of every function and job, and histories of success and failure', () => {
    const textOf = (pattern: RegExp): string =>
      logs.flatMap(({ file, content }) => (pattern.test(file) ? content : [])).join('\n');
    const names = logs.flatMap(({ file }) => /~aws~lambda~lakehouse-local-(\w+)\.log$/.exec(file)?.[1] ?? []);
    expect(new Set(names).size).toBe(11);
    for (const name of names)
      expect([name, textOf(new RegExp(`-${name}\\.log$`))]).toEqual([
        name,
        expect.stringContaining('START RequestId'),
      ]);
    expect(textOf(/~aws~glue~lakehouse-local~output\.log$/).length).toBeGreaterThan(1000);
    const histories = textOf(/execution-.*\.jsonl$/);
    for (const end of ['ExecutionSucceeded', 'TaskFailed']) expect(histories).toContain(end);
  });
});

describe('the logs', () => {
  it('hold none of them', () => {
    const leaks = logs.flatMap(({ file, content }) =>
      content
        .split('\n')
        .flatMap((line) => found(line).map((value) => `${file}: ${value} in ${line.slice(0, 300)}`)),
    );
    expect(leaks).toEqual([]);
  });
});
