/** Runs a job of a workflow on this machine: its shell steps in order, under the conditions that GitHub would apply. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { type Finished, projectDir } from './lakehouse';

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly if?: string;
}
interface Job {
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** How a step went. */
export interface StepRun {
  readonly run: string;
  readonly outcome: 'success' | 'failure' | 'skipped';
  readonly output: string;
}

/** What GitHub fills expressions from, by its own name: `inputs.commit`, `matrix.stage`. */
export type Context = Readonly<Record<string, string>>;

/** Runs a shell command with the variables of its job. */
export type Shell = (command: string, env: Readonly<Record<string, string>>) => Promise<Finished>;

/**
 * Whether a job or a step runs; without a function that asks for the status, GitHub lets it run after successes only.
 *
 * @throws Error for an expression that our workflows do not use: it is not guessed.
 */
export function applies(condition: string | undefined, failed: boolean, context: Context): boolean {
  const terms = (condition ?? 'success()').replace(/^\$\{\{ (.*) \}\}$/, '$1').split(' && ');
  const asksStatus = terms.some((term) => term.endsWith('()'));
  const holds = terms.map((term) => {
    if (term === 'success()') return !failed;
    if (term === 'failure()') return failed;
    if (term === '!cancelled()') return true;
    const [, name, operator, literal] = /^([\w.]+) ([!=])= '(\w*)'$/.exec(term) ?? [];
    if (name === undefined) throw new Error(`this runner does not know the condition ${term}`);
    return (valueOf(name, context) === literal) === (operator === '=');
  });
  return holds.every(Boolean) && (asksStatus || !failed);
}

function valueOf(name: string, context: Context): string {
  const value = context[name];
  if (value === undefined) throw new Error(`the test gives no ${name}, which the workflow reads`);
  return value;
}

function filled(env: Readonly<Record<string, string>> = {}, context: Context): Record<string, string> {
  const fill = (text: string) =>
    text.replace(/\$\{\{ ([\w.]+) \}\}/g, (_, name) => valueOf(String(name), context));
  return Object.fromEntries(Object.entries(env).map(([name, text]) => [name, fill(text)]));
}

/**
 * Runs the shell steps of a job; the installation is done already, and `uses` steps are GitHub's.
 *
 * @returns every shell step; none when the job's own condition does not hold.
 */
export async function runJob(
  workflow: string,
  job: string,
  context: Context,
  shell: Shell,
): Promise<readonly StepRun[]> {
  const file = path.join(projectDir, '.github', 'workflows', `${workflow}.yml`);
  const { jobs, env: shared } = parse(readFileSync(file, 'utf8')) as Workflow;
  const wanted = jobs[job];
  if (wanted === undefined) throw new Error(`${workflow}.yml has no job ${job}`);
  if (!applies(wanted.if, false, context)) return [];
  const env = filled({ ...shared, ...wanted.env }, context);
  const outcomes: Record<string, string> = {};
  const runs: StepRun[] = [];
  let failed = false;
  const tell = (id: string | undefined, step: StepRun): void => {
    if (id !== undefined) outcomes[`steps.${id}.outcome`] = step.outcome;
    runs.push(step);
  };
  for (const { id, run, if: condition } of wanted.steps) {
    if (run === undefined || run.startsWith('npm ci')) continue;
    if (!applies(condition, failed, { ...context, ...outcomes })) {
      tell(id, { run, outcome: 'skipped', output: '' });
      continue;
    }
    const { code, stdout, stderr } = await shell(run, env);
    failed ||= code !== 0;
    tell(id, { run, outcome: code === 0 ? 'success' : 'failure', output: stdout + stderr });
  }
  return runs;
}
