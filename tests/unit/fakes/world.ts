import { createHash } from 'node:crypto';
import { archiveFiles } from '../../../src/archive/archiveFiles';
import { detectArrival } from '../../../src/arrival/detectArrival';
import { planBatch, type PlanBatchSettings } from '../../../src/batch/planBatch';
import {
  datasetNames,
  hasOrphans,
  isDatasetName,
  tablesOf,
  type DatasetName,
} from '../../../src/contract/contracts';
import type { Executions } from '../../../src/execution/executions';
import { type GatePolicy, judgeBatch } from '../../../src/gate/judgeBatch';
import type { JobHistory } from '../../../src/job/jobHistory';
import type { JobRuns } from '../../../src/job/jobRuns';
import type { Log } from '../../../src/lambda/lambda';
import { readFiles } from '../../../src/ledger/files';
import { type FileItem, read } from '../../../src/ledger/items';
import { ensureControl } from '../../../src/ledger/lease';
import type { Measurement } from '../../../src/metrics/metrics';
import { acquireLease } from '../../../src/lease/acquireLease';
import { releaseLease } from '../../../src/lease/releaseLease';
import { publishOutcome } from '../../../src/outcome/publishOutcome';
import { noRows } from '../../../src/outcome/rows';
import { checkHeaders } from '../../../src/verdict/checkHeaders';
import type { Batch } from '../../../generated/types/states/batch';
import type { Lease } from '../../../generated/types/states/lease';
import type { Outcome } from '../../../generated/types/states/outcome';
import type { Operating, Planned } from '../../../generated/types/states/planBatch';
import type { Manifest, Verdicts } from '../../../src/batch/documents';
import { CSV } from './csv';
import { Faults } from './faults';
import { MemoryObjects } from './memoryObjects';
import { MemoryStore } from './memoryStore';
import { ranOnce } from './pastRuns';
import { MemoryWarehouse, WAREHOUSE } from './memoryWarehouse';
import { erase, maintain, restore } from './operations';

export { CSV };
export const LANDING = 'landing';
const ARTEFACTS = 'artefacts';
export const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
export const settings: PlanBatchSettings = {
  stage: 'local',
  ...{ landingBucket: LANDING, warehouseBucket: WAREHOUSE, artefactsBucket: ARTEFACTS },
  release: {
    scriptLocation: 's3://code/job.py',
    extraPyFiles: 's3://code/lakehouse.zip',
    contractHash: 'abc',
  },
  ...{ filesPerChunk: 3, orphanMaxAgeDays: 30, settleSeconds: 0, maxSettleSeconds: 0 },
  ...{ maxFiles: 100, maxBytes: 1_000_000 },
  undoDays: 30,
  maintenance: { budgetMinutes: 15, minFiles: 4, targetFileBytes: 1_000, smallBytes: 500 },
  workers: { smallest: 'G.1X', largest: 'G.1X', fewest: 2, most: 2 },
};

export class World {
  time = Date.parse('2025-04-20T12:00:00Z');
  readonly faults = new Faults();
  readonly now = (): Date => new Date(this.time);
  readonly store = new MemoryStore(this.faults);
  readonly objects = new MemoryObjects(this.now, this.faults);
  readonly warehouse = new MemoryWarehouse(this.objects, this.now);
  readonly running = new Set<string>();
  readonly started: string[] = [];
  readonly log = silent;
  readonly stage = 'local';
  readonly retention = { logDays: 30, auditDays: 90 };
  settings = settings;
  gate: GatePolicy = { warehouseBucket: WAREHOUSE, onViolation: 'withdraw' };
  /** What the validation finds among the rows of a batch, by check. */
  violations: (batch: number) => Record<string, number> = () => ({});
  /** Rows too many that the job of a dataset finds of the keys that it writes. */
  repeated: (dataset: string) => number | undefined = () => undefined;
  /** Files that the jobs have merged, by dataset, in order, each batch once. */
  readonly merged: { dataset: string; batch: number; fileIds: string[] }[] = [];
  /** The error that a job with these files raises. */
  poison: (dataset: string, keys: string[]) => string | undefined = () => undefined;
  /** Whether so many rows of the file break a rule that the job rejects it as a whole. */
  spoilt: (key: string) => boolean = () => false;
  /** Rows that the job of a dataset rejects in a batch, by rule. */
  rejects: (dataset: string) => Record<string, number> = () => ({});
  readonly alerts: string[] = [];
  readonly jobNamePrefix = 'jobs-';
  history: JobHistory = ranOnce(this.now);
  readonly measured: Measurement[] = [];
  readonly measure = (found: readonly Measurement[]): void => void this.measured.push(...found);
  private executionNames = new Set<string>();
  private serial = 0;
  readonly executions: Executions = {
    start: async (input, name) => {
      await this.faults.around(() => {
        if (name !== undefined && this.executionNames.has(name)) return;
        if (name !== undefined) this.executionNames.add(name);
        this.started.push(input.trigger);
      });
    },
    isRunning: (arn) => Promise.resolve(this.running.has(arn)),
  };
  readonly runs: JobRuns = { latest: () => Promise.resolve([]), stop: () => Promise.resolve() };

  upload(key: string, body: string | Uint8Array): { key: string; versionId: string } {
    return { key, versionId: this.objects.put(LANDING, key, body) };
  }

  message({ key, versionId }: { key: string; versionId: string }): { messageId: string; body: string } {
    const detail = { bucket: { name: LANDING }, object: { key, 'version-id': versionId } };
    return { messageId: `${key}@${versionId}`, body: JSON.stringify({ detail }) };
  }

  /** Uploads and detects; the file ids in the order of the keys. */
  async arrive(...keys: string[]): Promise<string[]> {
    const uploads = keys.map((key) => this.upload(key, bodyOf(key)));
    await detectArrival(this, LANDING, { Records: uploads.map((upload) => this.message(upload)) });
    return uploads.map(({ key, versionId }) => idOf(key, versionId));
  }

  newExecution(): string {
    const arn = `arn:aws:states:::execution:ingest:${++this.serial}`;
    this.running.add(arn);
    return arn;
  }

  async acquire(trigger: 'arrival' | 'handover' = 'arrival'): Promise<Lease> {
    const answer = await acquireLease(this, 'jobs-', { executionArn: this.newExecution(), trigger });
    if (answer.status !== 'ACQUIRED') throw new Error('the lease is held');
    return answer.lease;
  }

  async plan(lease: Lease): Promise<Batch> {
    const planned = await planBatch(this, this.settings, { lease, startedAt: this.now().toISOString() });
    if (planned.status !== 'PLANNED') throw new Error(`planning answered ${planned.status}`);
    return planned.batch;
  }

  /** Checks headers and runs the jobs; the outcomes as the state machine collects them. */
  async load(lease: Lease, batch: Batch): Promise<Outcome[]> {
    for (const chunk of chunks(batch)) await checkHeaders(this, { lease, batch, chunk });
    return Promise.all(datasetNames.map((dataset) => this.job(batch, dataset)));
  }

  /** What the Glue job of a dataset leaves behind: one merge per batch, and its result. */
  async job(batch: Batch, dataset: DatasetName): Promise<Outcome> {
    const manifest = this.document(batch.manifest) as Manifest;
    const verdicts = chunks(batch).flatMap(
      (chunk) => (this.document(verdictsUri(batch, chunk)) as Verdicts).verdicts,
    );
    const accepted = new Set(verdicts.filter((verdict) => verdict.accepted).map(({ fileId }) => fileId));
    const files = manifest.files.filter((file) => file.dataset === dataset && accepted.has(file.fileId));
    if (files.length === 0) return { dataset, status: 'SKIPPED', attempts: 0 };
    const error = this.poison(
      dataset,
      files.map(({ key }) => key),
    );
    if (error !== undefined) {
      const failure = { name: error, family: 'terminal', message: `${error} happened` } as const;
      return { dataset, status: 'FAILED', attempts: 1, failure };
    }
    const loaded = files.filter(({ key }) => !this.spoilt(key));
    if (!this.merged.some((merge) => merge.dataset === dataset && merge.batch === batch.number)) {
      this.merged.push({ dataset, batch: batch.number, fileIds: loaded.map(({ fileId }) => fileId) });
      this.warehouse.load(dataset, batch.number);
    }
    await this.objects.write(
      documentAt(batch, `results/${dataset}.json`),
      JSON.stringify({
        ...{ dataset, number: batch.number, manifestHash: batch.manifestHash },
        ...{ jobRunId: 'jr', status: 'published' },
        files: loaded.map(({ fileId }) => ({ fileId, rows: { ...noRows, read: 1, inserted: 1 } })),
        rejectedFiles: files
          .filter(({ key }) => this.spoilt(key))
          .map(({ fileId }) => ({
            fileId,
            reasons: [{ rule: 'REJECT_RATE', column: null, message: 'spoilt' }],
          })),
        ...{ redriven: [], confirmations: {}, rejectedByRule: this.rejects(dataset) },
        repeatedBefore: this.repeated(dataset),
        orphans: hasOrphans(dataset) ? { waiting: 0, oldestSince: null, expired: 0 } : null,
        tables: tablesOf(dataset).map(({ name }) => ({
          ...{ name, version: batch.number, rows: 1, columns: [] },
          files: { count: 4, small: 3, bytes: 1000 },
        })),
      }),
    );
    return { dataset, status: 'LOADED', attempts: 1 };
  }

  /** What the Glue jobs leave behind that take a batch out of their tables again. */
  restore(lease: Lease, batch: Batch, datasets: readonly string[]): Promise<Outcome[]> {
    return restore(this, lease, batch, datasets);
  }

  /** What the Glue jobs leave behind that maintain their tables. */
  maintain(lease: Lease, batch: Batch, datasets: readonly string[]): Promise<Outcome[]> {
    return maintain(this, lease, batch, datasets);
  }

  /** What the Glue jobs leave behind that erase a person, and the function after them. */
  erase(lease: Lease, batch: Batch, datasets: readonly string[]): Promise<Outcome[]> {
    return erase(this, lease, batch, datasets);
  }

  validation({ number }: Batch): { name: string; violations: number }[] {
    return Object.entries(this.violations(number)).map(([name, violations]) => ({ name, violations }));
  }

  /** Loads and judges the batch, returns tables to what they were, or maintains them. */
  private async loadOrOperate(lease: Lease, planned: Planned | Operating): Promise<Outcome[]> {
    const { batch } = planned;
    if (planned.status !== 'PLANNED') {
      if (batch.kind === 'maintenance') return this.maintain(lease, batch, planned.datasets);
      if (batch.kind === 'erasure') return this.erase(lease, batch, planned.datasets);
      return this.restore(lease, batch, planned.datasets);
    }
    const outcomes = await this.load(lease, batch);
    const event = { lease, batch, outcomes, validation: this.validation(batch) };
    const judged = await judgeBatch(this, this.gate, event);
    return judged.status === 'WITHDRAW' ? this.restore(lease, batch, judged.datasets) : outcomes;
  }

  /** One execution of the machine from start to end; false when another holds the lease. */
  async execute(trigger: 'arrival' | 'handover' = 'arrival'): Promise<boolean> {
    const executionArn = this.newExecution();
    try {
      const answer = await acquireLease(this, 'jobs-', { executionArn, trigger });
      if (answer.status !== 'ACQUIRED') return false;
      const { lease } = answer;
      const planned = await planBatch(this, this.settings, { lease, startedAt: this.now().toISOString() });
      let backOff = false;
      if (planned.status !== 'SETTLING' && planned.status !== 'NOTHING') {
        const { batch } = planned;
        const outcomes = await this.loadOrOperate(lease, planned);
        const validation = this.validation(batch);
        for (const chunk of chunks(batch)) await archiveFiles(this, { lease, batch, chunk, outcomes });
        const published = await publishOutcome(this, { lease, batch, outcomes, validation });
        if (published.alert !== null) this.alerts.push(published.alert.message);
        ({ backOff } = published);
      }
      await releaseLease(this, { lease, backOff, announced: true });
      return true;
    } finally {
      this.running.delete(executionArn);
    }
  }

  /** Runs every execution that was started, and those they start. */
  async settle(): Promise<void> {
    for (let rounds = 0; this.started.length > 0; rounds++) {
      if (rounds > 100) throw new Error('executions hand over to each other without end');
      const trigger = this.started.shift();
      await this.execute(trigger === 'handover' ? 'handover' : 'arrival');
    }
  }

  async file(fileId: string): Promise<FileItem> {
    const file = (await readFiles(this.store, [fileId])).get(fileId);
    if (file === undefined) throw new Error(`the ledger has no file ${fileId}`);
    return file;
  }

  control(): ReturnType<typeof ensureControl> {
    return ensureControl(this.store);
  }

  /** State of every file, by key and version. */
  states(): Record<string, string> {
    const files = [...this.store.items.values()].filter((item) => item['sk'] === 'file').map(read.file);
    return Object.fromEntries(files.map(({ key, versionId, state }) => [`${key}@${versionId}`, state]));
  }

  document(uri: string): unknown {
    const text = this.objects.text(ARTEFACTS, uri.slice(`s3://${ARTEFACTS}/`.length));
    if (text === undefined) throw new Error(`${uri} does not exist`);
    return JSON.parse(text);
  }
}

export function chunks({ chunks }: Pick<Batch, 'chunks'>): number[] {
  return Array.from({ length: chunks }, (_, chunk) => chunk);
}

export function idOf(key: string, versionId: string): string {
  return createHash('sha256').update(`${LANDING}\n${key}\n${versionId}`).digest('hex').slice(0, 32);
}

export function documentAt({ prefix }: Batch, name: string): { bucket: string; key: string } {
  return { bucket: ARTEFACTS, key: `${prefix.slice(`s3://${ARTEFACTS}/`.length)}${name}` };
}

function bodyOf(key: string, dataset = key.split('/')[1] ?? ''): string {
  return isDatasetName(dataset) ? CSV[dataset] : 'x';
}

function verdictsUri({ prefix }: Batch, chunk: number): string {
  return `${prefix}verdicts/${String(chunk).padStart(4, '0')}.json`;
}
