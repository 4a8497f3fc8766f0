/**
 * `npm test [-- [--reports DIR] SUITE...]`: installs the developer's tools, runs the suites one by one, stops at the first
 * failure. Reports (Jest's JSON, JUnit's XML) stay in DIR when it is named.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { SetupError } from './errors';
import { install } from './install';
import {
  ALL_SUITES,
  isSuiteName,
  runSuite,
  suite,
  SUITE_NAMES,
  type Outcome,
  type SuiteName,
} from './suites';
import { sum } from './test-counts';
import { PROJECT, type Toolchain } from './toolchain';

const USAGE = 2;

/** The project's own Node and Java come first, whatever the machine has. */
function suiteEnvironment(toolchain: Toolchain): NodeJS.ProcessEnv {
  const folders = [
    join(PROJECT, 'node_modules', '.bin'),
    dirname(toolchain.node),
    join(toolchain.javaHome, 'bin'),
    process.env['PATH'] ?? '',
  ];
  return { ...process.env, PATH: folders.join(delimiter), JAVA_HOME: toolchain.javaHome };
}

function report(outcomes: readonly Outcome[], names: readonly SuiteName[]): void {
  const table = new Table({
    head: ['suite', 'passed', 'failed', 'skipped', 'seconds'],
    style: { head: [], border: [] },
  });
  for (const { title, counts, seconds } of outcomes) {
    table.push([title, counts.passed, counts.failed, counts.skipped, seconds.toFixed(1)]);
  }
  for (const name of names.slice(outcomes.length)) table.push([name, 'not run', '', '', '']);
  const { passed, failed } = sum(outcomes.map(({ counts }) => counts));
  process.stdout.write(`\n${table.toString()}\n${passed} passed, ${failed} failed\n`);
}

async function runAll(names: readonly SuiteName[], reports: string): Promise<Outcome[]> {
  const toolchain = await install({ dev: true });
  const outcomes: Outcome[] = [];
  for (const name of names) {
    const folder = join(reports, name);
    mkdirSync(folder, { recursive: true });
    const { title, ...rest } = suite(name, toolchain, folder);
    process.stderr.write(`\n=== ${title} ===\n`);
    const outcome = await runSuite({ title, ...rest }, PROJECT, suiteEnvironment(toolchain));
    outcomes.push(outcome);
    if (!outcome.passed) break;
  }
  return outcomes;
}

const USE = `npm test -- [--reports DIR] [${SUITE_NAMES.join('|')}]`;

interface Chosen {
  readonly names: readonly SuiteName[];
  /** Folder for the reports, absolute; undefined: they are thrown away. */
  readonly reports: string | undefined;
}

/** @throws Error that says what is wrong with the arguments. */
function chosen(args: readonly string[]): Chosen {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { reports: { type: 'string' } },
    allowPositionals: true,
  });
  const unknown = positionals.filter((word) => !isSuiteName(word));
  if (unknown.length > 0) throw new Error(`unknown suite ${unknown.join(', ')}`);
  const names = positionals.length > 0 ? positionals.filter(isSuiteName) : ALL_SUITES;
  return { names, reports: values.reports === undefined ? undefined : resolve(PROJECT, values.reports) };
}

async function main({ names, reports }: Chosen): Promise<number> {
  const folder = reports ?? mkdtempSync(join(tmpdir(), 'lakehouse-test-'));
  try {
    const outcomes = await runAll(names, folder);
    report(outcomes, names);
    return outcomes.length === names.length && outcomes.every(({ passed }) => passed) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    if (reports === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function statusOf(args: readonly string[]): Promise<number> {
  let choice: Chosen;
  try {
    choice = chosen(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}: ${USE}\n`);
    return USAGE;
  }
  return main(choice);
}

void statusOf(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
