import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const PROJECT = join(__dirname, '../../..');
const page = readFileSync(join(PROJECT, 'docs/reliability.md'), 'utf8');
const [, section = ''] = /\n## Interleavings of the batch log\n(.*?)\n## /s.exec(page) ?? [];
const rules = [...section.matchAll(/^\| (.+?) +\| `(tests\/.+?)` +\| (.+?) +\|$/gm)].map(
  ([, rule = '', file = '', name = '']) => ({ rule, file, name }),
);

test('the page lists the rules of the log', () => {
  expect(rules.length).toBeGreaterThan(30);
});

test.each(rules)('$rule: its test exists', ({ file, name }) => {
  expect(readFileSync(join(PROJECT, file), 'utf8')).toContain(name);
});
