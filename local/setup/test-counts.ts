import { stripVTControlCharacters } from 'node:util';
import { Ajv, type JSONSchemaType } from 'ajv';

/** Test cases of one run. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** No test case at all. */
export const NO_TESTS: Counts = { passed: 0, failed: 0, skipped: 0 };

/** The cases of several runs together. */
export function sum(counts: readonly Counts[]): Counts {
  return counts.reduce(
    (total, one) => ({
      passed: total.passed + one.passed,
      failed: total.failed + one.failed,
      skipped: total.skipped + one.skipped,
    }),
    NO_TESTS,
  );
}

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  /** Test files that could not even be loaded: their cases are in no other number. */
  readonly numRuntimeErrorTestSuites: number;
}

const natural = { type: 'integer', minimum: 0 } as const;
const JEST_SCHEMA: JSONSchemaType<JestReport> = {
  type: 'object',
  properties: {
    numPassedTests: natural,
    numFailedTests: natural,
    numPendingTests: natural,
    numRuntimeErrorTestSuites: natural,
  },
  required: ['numPassedTests', 'numFailedTests', 'numPendingTests', 'numRuntimeErrorTestSuites'],
};
const isJestReport = new Ajv().compile(JEST_SCHEMA);

/** Counts of what `jest --json` wrote; none when it is no such document. */
export function countsOfJest(json: string): Counts {
  const document: unknown = JSON.parse(json);
  if (!isJestReport(document)) return NO_TESTS;
  return {
    passed: document.numPassedTests,
    failed: document.numFailedTests + document.numRuntimeErrorTestSuites,
    skipped: document.numPendingTests,
  };
}

/** Counts of what `pytest --junitxml` wrote (attributes of each `testsuite`; `tests` includes all kinds). */
export function countsOfJunit(xml: string): Counts {
  const suites = [...xml.matchAll(/<testsuite\b[^>]*>/g)].map(([tag]) => {
    const attribute = (name: string): number => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(tag)?.[1] ?? 0);
    const failed = attribute('failures') + attribute('errors');
    const skipped = attribute('skipped');
    return { passed: attribute('tests') - failed - skipped, failed, skipped };
  });
  return sum(suites);
}

/** Counts of the summaries ("Tests: 1 failed, 2 passed, 3 total") in what jest printed, coloured or not. */
export function countsOfJestOutput(output: string): Counts {
  const lines = stripVTControlCharacters(output).match(/^Tests: +.*\d+ total$/gm) ?? [];
  return sum(
    lines.map((line) => {
      const count = (word: string): number => Number(new RegExp(`(\\d+) ${word}\\b`).exec(line)?.[1] ?? 0);
      return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') + count('todo') };
    }),
  );
}
