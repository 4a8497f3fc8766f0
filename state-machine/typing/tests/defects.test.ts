/**
 * Planted defects. In each machine of tests/defects a comment below the wrong line points at the place and names the
 * check (`# ^ missing`; `2 lines up` where the line is inside a block of text). Each is found there, and nothing else is.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findingsIn, machinesIn } from './trip';

const FOLDER = join(__dirname, 'defects');
const MARKER = /^#( *)\^ ([\w-]+)(?: (\d+) lines up)?$/;

/** The machine without the markers, and where they point. */
function planted(text: string): { machine: string; expected: string[] } {
  const machine: string[] = [];
  const expected: string[] = [];
  for (const line of text.split('\n')) {
    const [, indent, check, up] = MARKER.exec(line) ?? [];
    if (check === undefined) machine.push(line);
    else expected.push(`${machine.length - Number(up ?? 1) + 1}:${(indent ?? '').length + 2} ${check}`);
  }
  return { machine: machine.join('\n'), expected };
}

const files = readdirSync(FOLDER);

describe.each(files)('%s', (file) => {
  it.each(machinesIn(join(FOLDER, file)))('finds $title', ({ text }) => {
    const { machine, expected } = planted(text);
    expect(expected).toHaveLength(1);
    const findings = findingsIn(machine);
    expect(findings.map(({ line, column, check }) => `${line}:${column} ${check}`)).toEqual(expected);
    for (const { message, mend } of findings) expect([message, mend]).not.toContain('');
  });
});

it('plants sixty defects at least', () => {
  const titles = files.flatMap((file) => machinesIn(join(FOLDER, file)).map(({ title }) => title));
  expect(new Set(titles).size).toBe(titles.length);
  expect(titles.length).toBeGreaterThanOrEqual(60);
});
