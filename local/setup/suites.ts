import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countsOfJest, countsOfJestOutput, countsOfJunit, NO_TESTS, type Counts } from './test-counts';
import type { Toolchain } from './toolchain';

/** A program that runs tests, and how its cases are counted. */
export interface Suite {
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly count: (output: string) => Counts;
  /** It needs a program that the project does not install: where that is missing every case is skipped, and it says so. */
  readonly mayBeSkipped?: true;
}

/** How a suite ended. */
export interface Outcome {
  readonly title: string;
  readonly counts: Counts;
  readonly seconds: number;
  readonly passed: boolean;
}

/** The names that `npm test -- NAME` knows. */
export const SUITE_NAMES = [
  'check',
  'unit',
  'browser',
  'simulation',
  'glue',
  'local',
  'e2e',
  'privilege',
  'faults',
] as const;
export type SuiteName = (typeof SUITE_NAMES)[number];

/**
 * What `npm test` runs: the unit tests are a part of the check, privilege judges what e2e has recorded, and of the faults it
 * is a share, one of each kind.
 */
export const ALL_SUITES: readonly SuiteName[] = [
  ...(['check', 'browser', 'simulation', 'glue', 'local', 'e2e', 'privilege', 'faults'] as const),
];

/** Whether the word is the name of a suite. */
export function isSuiteName(word: string): word is SuiteName {
  return SUITE_NAMES.some((name) => name === word);
}

function read(file: string, parse: (text: string) => Counts): Counts {
  // a runner that broke off writes no report
  return existsSync(file) ? parse(readFileSync(file, 'utf8')) : NO_TESTS;
}

function jest(title: string, project: string, reports: string, more: readonly string[] = []): Suite {
  const file = join(reports, `${project}.json`);
  const flags = ['--selectProjects', project, ...more, '--json', '--outputFile', file];
  return { title, program: 'jest', args: flags, count: () => read(file, countsOfJest) };
}

function pytest(title: string, python: string, folder: string, reports: string): Suite {
  const file = join(reports, 'junit.xml');
  // two sessions of 1 GB, whatever the machine has; one that is done takes tests from the other
  const workers = ['-n', '2', '--dist', 'worksteal'];
  const args = ['-m', 'pytest', folder, '-q', '-p', 'no:cacheprovider', ...workers, `--junitxml=${file}`];
  return { title, program: python, args, count: () => read(file, countsOfJunit) };
}

/** A suite by its name; its report goes to a folder of its own. */
export function suite(name: SuiteName, toolchain: Toolchain, reports: string): Suite {
  switch (name) {
    case 'check':
      return {
        title: 'check (format, lint, types, unit tests, template)',
        program: 'npm',
        args: ['run', '--silent', 'check'],
        count: countsOfJestOutput,
      };
    case 'unit':
      return jest('unit tests', 'unit', reports);
    case 'browser':
      return { ...jest('the report in a Chromium', 'browser', reports), mayBeSkipped: true };
    case 'simulation':
      return jest('simulated histories of the batch log', 'simulation', reports);
    case 'glue':
      return pytest('Glue jobs on real Spark', toolchain.gluePython, 'tests/glue', reports);
    case 'local':
      return pytest('the local cloud', toolchain.localPython, 'tests/local', reports);
    case 'e2e':
      // a load waits for its next state half of the time, so two clouds use two cores (docs/measurements.md)
      return jest('end to end on the local cloud', 'e2e', reports, ['--maxWorkers=2']);
    case 'privilege':
      return jest('policies and logs of the recorded runs', 'privilege', reports);
    case 'faults':
      return jest('faults injected on the local cloud', 'faults', reports, ['--runInBand']);
  }
}

/** An exit status of 0 is not enough: a suite in which no case ran proves nothing, but where all of it may be skipped. */
export function outcomeOf(
  { title, mayBeSkipped }: Pick<Suite, 'title' | 'mayBeSkipped'>,
  counts: Counts,
  seconds: number,
  status: number | null,
): Outcome {
  const isSkipped = mayBeSkipped === true && counts.skipped > 0;
  const passed = status === 0 && counts.failed === 0 && (counts.passed > 0 || isSkipped);
  // a formatter or compiler that failed has no case of its own
  const failed = passed ? 0 : Math.max(counts.failed, 1);
  return { title, counts: { ...counts, failed }, seconds, passed };
}

/** Runs a suite in the project's folder, with its output shown; an interrupt is passed on and waited for. */
export async function runSuite(suite: Suite, cwd: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const begin = performance.now();
  const child = spawn(suite.program, suite.args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const pass = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  process.on('SIGINT', pass).on('SIGTERM', pass);
  let output = '';
  const show = (text: string): void => {
    output += text;
    process.stderr.write(text);
  };
  child.stdout.setEncoding('utf8').on('data', show);
  child.stderr.setEncoding('utf8').on('data', show);
  const status = await new Promise<number | null>((settle) => {
    child.once('error', (error) => {
      show(`${suite.program} cannot be started: ${error.message}\n`);
      settle(null);
    });
    child.once('close', settle);
  });
  process.off('SIGINT', pass).off('SIGTERM', pass);
  return outcomeOf(suite, suite.count(output), (performance.now() - begin) / 1_000, status);
}
