/** `tsx tests/faults/writeMatrix.ts RESULTS`: puts the table of a run's results into docs/reliability.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { kinds } from './points';
import { matrix, readResults } from './results';

const page = path.resolve(__dirname, '../../docs/reliability.md');
const BEGIN = '<!-- fault matrix: written by tests/faults/writeMatrix.ts -->';
const END = '<!-- end of the fault matrix -->';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: tsx tests/faults/writeMatrix.ts RESULTS');
const results = readResults(file);
const ordered = Object.values(kinds)
  .flat()
  .flatMap(({ id }) => results.find((result) => result.id === id) ?? []);
const [before, rest] = readFileSync(page, 'utf8').split(BEGIN);
const behind = rest?.split(END)[1];
if (before === undefined || behind === undefined) throw new Error(`${page} has no place for the matrix`);
writeFileSync(page, `${before}${BEGIN}\n\n${matrix(ordered)}\n\n${END}${behind}`);
