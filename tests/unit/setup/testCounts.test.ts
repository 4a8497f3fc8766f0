import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../../../local/setup/suites';
import {
  countsOfJest,
  countsOfJestOutput,
  countsOfJunit,
  NO_TESTS,
  sum,
} from '../../../local/setup/test-counts';

describe('the count of test cases', () => {
  it('reads pytest’s report, where errors are failures and tests include all kinds', () => {
    const xml =
      '<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="2" ' +
      'skipped="3" tests="10" time="1.5"><testcase name="&lt;testsuite tests=&quot;9&quot;"/></testsuite></testsuites>';
    expect(countsOfJunit(xml)).toEqual({ passed: 4, failed: 3, skipped: 3 });
  });

  it('reads Jest’s report, where a file that cannot be loaded is a failure', () => {
    const report = {
      numPassedTests: 5,
      numFailedTests: 1,
      numPendingTests: 2,
      numRuntimeErrorTestSuites: 1,
      success: false,
    };
    expect(countsOfJest(JSON.stringify(report))).toEqual({ passed: 5, failed: 2, skipped: 2 });
    expect(countsOfJest('{}')).toEqual(NO_TESTS);
  });

  it('adds up the summaries in Jest’s output, coloured or not', () => {
    const output =
      'Tests:       1 failed, 2 skipped, 7 passed, 10 total\nTime: 2 s\n' +
      '\u001b[1mTests:       \u001b[22m\u001b[1m\u001b[32m4 passed\u001b[39m\u001b[22m, 4 total\n';
    expect(countsOfJestOutput(output)).toEqual({ passed: 11, failed: 1, skipped: 2 });
    expect(countsOfJestOutput('All matched files use Prettier code style!')).toEqual(NO_TESTS);
  });

  it('adds runs', () => {
    expect(
      sum([{ passed: 1, failed: 2, skipped: 3 }, NO_TESTS, { passed: 1, failed: 0, skipped: 0 }]),
    ).toEqual({
      passed: 2,
      failed: 2,
      skipped: 3,
    });
  });
});

describe('a suite has passed', () => {
  const some = { passed: 3, failed: 0, skipped: 1 };

  it('when cases ran and none failed', () => {
    expect(outcomeOf({ title: 'x' }, some, 1, 0)).toMatchObject({ passed: true, counts: some });
  });

  it('not when its program failed, which counts as one failure', () => {
    expect(outcomeOf({ title: 'x' }, some, 1, 1)).toMatchObject({
      passed: false,
      counts: { passed: 3, failed: 1 },
    });
    expect(outcomeOf({ title: 'x' }, some, 1, null).passed).toBe(false);
  });

  it('not when no case ran', () => {
    expect(outcomeOf({ title: 'x' }, NO_TESTS, 1, 0)).toMatchObject({ passed: false, counts: { failed: 1 } });
  });

  it('when all of a suite that may be skipped was, but not when nothing of it was found', () => {
    const optional = { title: 'x', mayBeSkipped: true } as const;
    const skipped = { passed: 0, failed: 0, skipped: 5 };
    expect(outcomeOf(optional, skipped, 1, 0)).toMatchObject({ passed: true, counts: skipped });
    expect(outcomeOf({ title: 'x' }, skipped, 1, 0).passed).toBe(false);
    expect(outcomeOf(optional, NO_TESTS, 1, 0).passed).toBe(false);
  });
});
