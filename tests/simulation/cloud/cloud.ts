import type { PlanBatchSettings } from '../../../src/batch/planBatch';
import type { ExecutionInput } from '../../../src/execution/executions';
import type { Log } from '../../../src/lambda/lambda';
import { redrive } from '../../../src/redrive/redrive';
import { findFiles, replay } from '../../../src/replay/replay';
import { ask } from '../../../src/ledger/requests';
import type { Selection } from '../../../src/replay/selection';
import type { RollbackAim } from '../../../src/rollback/plan';
import { Lake, WAREHOUSE } from '../lake/lake';
import { FIRST_SCRIPT } from '../lake/rows';
import type { Random } from '../random';
import { MemoryObjects } from '../../unit/fakes/memoryObjects';
import { MemoryStore } from '../../unit/fakes/memoryStore';
import { Executions } from './executions';
import { Wire } from './faults';
import { Glue } from './glue';
import { Lambda, type Ports } from './lambda';
import { Queue } from './queue';
import { Scheduler } from './scheduler';

export const LANDING = 'landing';
/** The command that loads files again. */
export const REPLAY = 'lakehouse replay';
/** The command that moves dead letters back. */
export const REDRIVE = 'lakehouse redrive';
/** The command that asks to roll a batch back. */
export const ROLLBACK = 'lakehouse rollback';
const START = Date.parse('2025-04-20T12:00:00Z');
const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Everything outside the code under test, in memory, and the code deployed into it. */
export class Cloud {
  readonly scheduler: Scheduler;
  readonly wire: Wire;
  readonly now = (): Date => new Date(this.scheduler.time);
  readonly store = new MemoryStore();
  readonly objects = new MemoryObjects(this.now);
  readonly lake = new Lake(this.objects);
  readonly glue = new Glue(this);
  readonly lambda = new Lambda(this);
  readonly executions = new Executions(this);
  readonly queue = new Queue(this);
  readonly log = silent;
  /** Working copies by functions that were given up on, when the file had its end: the bucket's lifecycle removes them. */
  readonly lateCopies = new Set<string>();
  /** Alerts that were sent, in order. */
  readonly alerts: string[] = [];
  settings: PlanBatchSettings = {
    ...{ stage: 'test', landingBucket: LANDING, warehouseBucket: WAREHOUSE, artefactsBucket: 'artefacts' },
    release: { scriptLocation: FIRST_SCRIPT, extraPyFiles: 's3://code/lakehouse.zip', contractHash: 'a' },
    ...{ filesPerChunk: 2, orphanMaxAgeDays: 30, settleSeconds: 1, maxSettleSeconds: 10 },
    ...{ maxFiles: 6, maxBytes: 1_000_000 },
    undoDays: 30,
    maintenance: { budgetMinutes: 15, minFiles: 4, targetFileBytes: 1_000, smallBytes: 500 },
    workers: { smallest: 'G.1X', largest: 'G.1X', fewest: 2, most: 2 },
  };

  deploys = 0;
  /** Withdrawals and rollbacks that executions have begun or resumed. */
  restorations = 0;
  private requests = 0;
  /** Whether batches are validated, and the check finds the rows that violate it. */
  validation: 'none' | 'strict' | 'mended' = 'none';
  /** The batch whose rows the validation of a batch looks at; a planted defect takes another. */
  validated = (batch: number): number => batch;

  constructor(readonly random: Random) {
    this.scheduler = new Scheduler(random, START);
    this.wire = new Wire(random, this.scheduler);
  }

  start(input: ExecutionInput, name?: string): void {
    this.executions.start(input, name);
  }

  /** Whether the code that is deployed now is the stricter one. */
  get isStricter(): boolean {
    return this.settings.release.scriptLocation !== FIRST_SCRIPT;
  }

  /** A later deploy: files planned from now on are judged by another script. */
  redeploy(): void {
    const { release } = this.settings;
    this.deploys++;
    const scriptLocation = this.isStricter ? FIRST_SCRIPT : 's3://code/job-2.py';
    this.settings = { ...this.settings, release: { ...release, scriptLocation } };
  }

  /** `lakehouse replay`. */
  replay(...selections: Selection[]): void {
    const command = async (ports: Ports): Promise<unknown> =>
      replay(ports, await findFiles(ports, selections));
    void this.lambda.invoke(REPLAY, command).catch(() => undefined);
  }

  /** `lakehouse redrive`. */
  redrive(): void {
    const command = ({ queues }: Ports): Promise<unknown> => redrive(queues, 'dead letters', 'arrivals');
    void this.lambda.invoke(REDRIVE, command).catch(() => undefined);
  }

  /** `lakehouse rollback`, without its look at what it would do. */
  rollBack(aim: RollbackAim): void {
    const id = `request-${++this.requests}`;
    const command = async ({ store, executions, now }: Ports): Promise<void> => {
      await ask(store, { id, operation: 'rollback', ...aimedAt(aim) }, now());
      await executions.start({ trigger: 'command' });
    };
    void this.lambda.invoke(ROLLBACK, command).catch(() => undefined);
  }

  /** Runs until nobody has anything left to do; false when that never comes. */
  async runToEnd(): Promise<boolean> {
    for (let steps = 0; steps < 200_000; steps++) if (!(await this.scheduler.step())) return true;
    return false;
  }
}

function aimedAt({ batch, dataset }: RollbackAim): { batch: number; dataset?: string } {
  return dataset === undefined ? { batch } : { batch, dataset };
}
