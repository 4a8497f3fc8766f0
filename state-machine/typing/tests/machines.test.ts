/** Correct machines of many shapes, among them the patterns of the AWS documentation: no false alarm about any. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { toLine } from '../src';
import { findingsIn, machinesIn } from './trip';

const FOLDER = join(__dirname, 'machines');
const files = readdirSync(FOLDER);

describe.each(files)('%s', (file) => {
  it.each(machinesIn(join(FOLDER, file)))('has nothing to say about $title', ({ text }) => {
    expect(findingsIn(text).map(toLine)).toEqual([]);
  });
});

it('knows thirty correct machines at least', () => {
  const titles = files.flatMap((file) => machinesIn(join(FOLDER, file)).map(({ title }) => title));
  expect(new Set(titles).size).toBe(titles.length);
  expect(titles.length).toBeGreaterThanOrEqual(30);
});
