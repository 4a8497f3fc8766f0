/** A lakehouse of its own for one test file: a local cloud in a temporary folder, driven by the command that people use. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Finished, projectDir, run, succeeded, TEMPLATE } from './command';
import { keepRecording, recordingOfThisFile } from './recording';

export { type Finished, projectDir, succeeded } from './command';

export interface Counts {
  read: number;
  inserted: number;
  updated: number;
  unchanged: number;
  superseded: number;
  duplicate: number;
  rejected: number;
  orphaned: number;
}

/** What `ingest --json` prints (schemas/outputs/ingest.schema.json). */
export interface Ingested {
  files: {
    key: string;
    dataset: string;
    state: string;
    reasons: { rule: string; message: string }[];
    rows: Counts | null;
  }[];
  batches: { number: number; datasets: string[]; jobRuns: number; seconds: number }[];
  validation: { name: string; passed: boolean; violations: number }[];
  tables: { name: string; rows: number; version: number }[];
}

/** A fault of the local cloud: local/localcloud/faults/rules.py says what the fields mean. */
export interface FaultRule {
  /** As the request is signed: s3, dynamodb, glue, states, sns, lambda; `events` for a delivery of EventBridge. */
  readonly service: string;
  /** Regular expression: the whole name of the operation. */
  readonly operation: string;
  /** Regular expression: found in path and query (S3), else in path and body. */
  readonly target: string;
  readonly action: 'error' | 'drop' | 'hold' | 'double' | 'fail' | 'kill-caller' | 'kill-cloud';
  readonly moment?: 'before' | 'after';
  readonly status?: number;
  readonly code?: string;
  /** How many are let pass first. */
  readonly skip?: number;
  /** How often it strikes; null: until it is removed. */
  readonly times?: number | null;
}

export class Lakehouse {
  readonly home = mkdtempSync(path.join(tmpdir(), 'lakehouse-e2e-'));
  readonly instance = path.join(this.home, 'instance');
  readonly data = path.join(this.home, 'data');
  private readonly recording: string | undefined;

  /** What the roles of this cloud call is recorded for tests/privilege, unless the test takes its stack away. */
  constructor({ recorded = true } = {}) {
    this.recording = recorded ? recordingOfThisFile() : undefined;
  }

  get env(): NodeJS.ProcessEnv {
    const bin = path.join(projectDir, 'node_modules/.bin');
    return {
      ...process.env,
      LAKEHOUSE_HOME: this.instance,
      LOCALCLOUD_RECORD_CALLS: this.recording === undefined ? '0' : '1',
      PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`,
    };
  }

  /** Runs a program in the project folder to its end. */
  run(program: string, args: readonly string[], timeoutSeconds = 600): Promise<Finished> {
    return run(program, args, { env: this.env, timeoutSeconds });
  }

  lakehouse(...args: string[]): Promise<Finished> {
    return this.run('node', ['bin/lakehouse.cjs', ...args]);
  }

  /** Starts the cloud with the service deployed: where a template is there, from a copy of it. */
  async up(): Promise<void> {
    const template = process.env[TEMPLATE];
    if (template !== undefined && !existsSync(this.instance)) {
      // not on the port of the template: another file may run a copy at the same time
      const filter = (source: string): boolean => source !== path.join(template, 'port');
      cpSync(template, this.instance, { recursive: true, filter });
    }
    succeeded(await this.lakehouse('up'));
  }

  /** Ends the cloud and removes everything it wrote. */
  async remove(): Promise<void> {
    try {
      if (this.recording !== undefined) await keepRecording(this, this.recording);
    } finally {
      await this.lakehouse('down');
      rmSync(this.home, { recursive: true, force: true });
    }
  }

  /** Writes a CSV file below the data folder, e.g. `orders/a.csv`; rows are joined by line feeds. */
  file(name: string, content: readonly string[] | Buffer): string {
    const file = path.join(this.data, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, Buffer.isBuffer(content) ? content : `${content.join('\n')}\n`);
    return file;
  }

  async ingest(...files: string[]): Promise<Ingested> {
    return json(succeeded(await this.lakehouse('ingest', ...files, '--json'))) as Ingested;
  }

  async query(sql: string): Promise<Record<string, unknown>[]> {
    return json(succeeded(await this.lakehouse('query', sql, '--json'))) as Record<string, unknown>[];
  }

  get endpoint(): string {
    const file = path.join(this.instance, 'instance.json');
    if (!existsSync(file)) throw new Error(`no local cloud runs in ${this.instance}`);
    return (JSON.parse(readFileSync(file, 'utf8')) as { endpoint: string }).endpoint;
  }

  get pid(): number {
    return (JSON.parse(readFileSync(path.join(this.instance, 'instance.json'), 'utf8')) as { pid: number })
      .pid;
  }

  /** What an AWS SDK client needs to talk to this cloud. */
  get client(): {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  } {
    return {
      endpoint: this.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
  }

  /** Puts a fault rule in force (docs/local-cloud.md); a rule of the same name is replaced. */
  putFault(name: string, rule: FaultRule): void {
    const file = path.join(this.instance, 'faults', `${name}.json`);
    writeFileSync(`${file}.draft`, JSON.stringify(rule));
    renameSync(`${file}.draft`, file);
  }

  /** How often a fault rule has struck. */
  faultsFired(name: string): number {
    const file = path.join(this.instance, 'faults', `${name}.fired`);
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').length : 0;
  }

  /** Lets go on what a fault rule holds. */
  releaseFault(name: string): void {
    writeFileSync(path.join(this.instance, 'faults', `${name}.release`), '');
  }

  /** Whether a request that a rule held has been carried out. */
  faultFinished(name: string): boolean {
    return existsSync(path.join(this.instance, 'faults', `${name}.finished`));
  }

  /** Ends a fault rule that is still in force. */
  removeFault(name: string): void {
    rmSync(path.join(this.instance, 'faults', `${name}.json`), { force: true });
  }

  /** Makes the next runs of a Glue job fail: a number of them, or always; null ends it. */
  failGlueJob(job: string, times: number | 'always' | null): void {
    if (times === null) this.removeFault(job);
    else
      this.putFault(job, {
        ...{ service: 'glue', operation: 'JobRun', target: `^${job}$`, action: 'fail' },
        times: times === 'always' ? null : times,
      });
  }
}

/** The document that a command with --json printed. */
export function json(finished: Finished): unknown {
  return JSON.parse(finished.stdout);
}

/** Polls until the condition is true; of what it is instead, the failure names the last. */
export async function until(what: string, condition: () => unknown, seconds = 120): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await condition();
    if (seen === true) return;
    if (Date.now() > deadline)
      throw new Error(`not within ${seconds} s: ${what}; last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
