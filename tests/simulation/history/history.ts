import { type Cloud, LANDING } from '../cloud/cloud';
import { type FaultRates, NO_FAULTS } from '../cloud/faults';
import { datasetNames } from '../../../src/contract/contracts';
import type { Selection } from '../../../src/replay/selection';
import type { RollbackAim } from '../../../src/rollback/plan';
import { stands } from '../../../src/rollback/target';
import { ledgerOf } from '../checks/ledger';
import type { Random } from '../random';
import { Producer, type SentFile } from './files';

/** A version of an object that a producer has put under raw/. */
export interface Upload {
  readonly key: string;
  readonly versionId: string;
  readonly body: string;
  /** Removed by somebody else than the pipeline. */
  removed: boolean;
}

/** What a history has beside loads. */
export interface Features {
  /** Files are asked for again, and dead letters moved back. */
  readonly replays: boolean;
  /** The publish gate judges batches, and withdraws some. */
  readonly judged: boolean;
  /** Batches are rolled back. */
  readonly rollbacks: boolean;
}

/** What the world outside does between the steps of the pipeline. */
const EVENTS = {
  ...{ upload: 10, deliver: 10, lose: 1, sweep: 2, remove: 1, redeploy: 1, wait: 4 },
  ...{ abort: 2, breakLambda: 2, breakRun: 2, late: 2 },
};
const COMMANDS = { replay: 8, redrive: 2 };
const ROLLBACKS = { rollback: 5 };
export type EventName = keyof typeof EVENTS | keyof typeof COMMANDS | keyof typeof ROLLBACKS;

const ALWAYS = new Set(['upload', 'deliver', 'replay', 'rollback']);
const TROUBLE = new Set(['lose', 'redrive', 'sweep', 'abort', 'breakLambda', 'breakRun']);

const DAY = 86_400_000;

/** One seeded random history: what arrives, and what goes wrong meanwhile. */
export class History {
  readonly uploads: Upload[] = [];
  readonly trace: string[] = [];
  /** How many events the history has. */
  readonly events: number;
  /** Whether orphans may grow too old. */
  readonly expires: boolean;
  /** Nothing goes wrong and every event comes, so that no sweep is needed. */
  readonly calm: boolean;
  private readonly producer: Producer;
  private readonly weights: Partial<Record<EventName, number>>;
  /** Most steps from one event to the next: what is asked for again has to be loaded first. */
  private readonly patience: number;
  private restorations = 0;
  private cutIn = Infinity;

  constructor(
    private readonly random: Random,
    private readonly cloud: Cloud,
    /** Events that are left out, to make a failing history smaller. */
    private readonly without: ReadonlySet<number>,
    private readonly features: Features,
  ) {
    const { replays, judged, rollbacks } = features;
    this.producer = new Producer(random, judged);
    this.patience = replays || rollbacks ? 240 : 80;
    cloud.validation = judged ? 'strict' : 'none';
    this.expires = random.chance(0.15);
    this.calm = random.chance(0.1);
    // each history has only some kinds of trouble: together they would hide each other
    this.weights = Object.fromEntries(
      Object.entries({ ...EVENTS, ...(replays ? COMMANDS : {}), ...(rollbacks ? ROLLBACKS : {}) }).filter(
        ([name]) => ALWAYS.has(name) || (!(this.calm && TROUBLE.has(name)) && random.chance(0.6)),
      ),
    );
    this.events = 5 + random.below(16);
    cloud.wire.rates = this.calm ? NO_FAULTS : ratesOf(random);
    if (replays && !this.calm) cloud.wire.rates = { ...cloud.wire.rates, lag: random.pick([0, 10, 60]) };
    if (judged) cloud.wire.rates = { ...cloud.wire.rates, falseAlarm: random.pick([0, 0.3, 0.7]) };
  }

  async happen(): Promise<void> {
    for (let event = 0; event < this.events; event++) {
      const name = this.random.weighted(this.weights);
      const steps = this.random.chance(0.5) ? this.random.below(8) : this.random.below(this.patience);
      if (!this.without.has(event)) this.cause(name, event);
      await this.cloud.scheduler.calm();
      for (let step = 0; step < steps; step++) {
        if (this.random.chance(this.cloud.wire.rates.death)) this.cause(this.deadly(), event);
        if (this.cutsRestoration()) this.cause('abort', event);
        await this.cloud.scheduler.step();
      }
    }
  }

  /** Withdrawals and rollbacks are rare, so every other one is cut on purpose, at any of its steps. */
  private cutsRestoration(): boolean {
    if (this.cloud.restorations > this.restorations && !this.calm)
      this.cutIn = this.random.pick([Infinity, this.random.below(80)]);
    this.restorations = this.cloud.restorations;
    return this.cutIn-- === 0;
  }

  private deadly(): EventName {
    return this.random.pick(['abort', 'breakLambda', 'breakRun']);
  }

  private cause(name: EventName, event: number): void {
    const detail = this.effects[name]();
    this.trace.push(
      `${event} ${new Date(this.cloud.scheduler.time).toISOString()} ${name} ${typeof detail === 'string' ? detail : ''}`,
    );
  }

  private selection(): Selection {
    const { random, uploads } = this;
    const by = random.weighted({ file: 4, batch: 3, failure: 2, arrival: 2 });
    if (by === 'batch') return { by, number: 1 + random.below(6) };
    if (by === 'file') return { by, key: uploads.length === 0 ? 'raw/none.csv' : random.pick(uploads).key };
    return { by };
  }

  private put({ key, body }: SentFile): string {
    const versionId = this.cloud.objects.put(LANDING, key, body);
    this.uploads.push({ key, versionId, body, removed: false });
    return versionId;
  }

  private readonly effects: Record<EventName, () => unknown> = {
    upload: () => {
      const file = this.producer.next();
      const versionId = this.put(file);
      this.cloud.queue.send(file.key, versionId);
      return describe(file, versionId);
    },
    // A, then B, then A again; of B the pipeline hears last
    late: () => {
      const [first, between] = this.producer.pair();
      const sent: string[] = [];
      for (const file of [first, between, first]) {
        const versionId = this.put(file);
        if (file === between) this.cloud.queue.hold(file.key, versionId);
        else this.cloud.queue.send(file.key, versionId);
        sent.push(describe(file, versionId));
        this.cloud.scheduler.time += 1000;
      }
      return sent.join('');
    },
    deliver: () => {
      this.cloud.queue.deliver(1 + this.random.below(3));
    },
    lose: () => {
      this.cloud.queue.lose(this.features.replays && this.random.chance(0.5));
    },
    redrive: () => {
      this.cloud.redrive();
    },
    sweep: () => {
      this.cloud.queue.sweep();
    },
    remove: () => {
      const there = this.uploads.filter(({ removed }) => !removed);
      if (there.length === 0) return 'nothing';
      const upload = this.random.pick(there);
      upload.removed = true;
      void this.cloud.objects.remove({ bucket: LANDING, key: upload.key, versionId: upload.versionId });
      return `${upload.key} ${upload.versionId}`;
    },
    redeploy: () => {
      this.cloud.redeploy();
    },
    wait: () => {
      const long = this.expires && this.random.chance(0.3) ? 31 * DAY : this.random.below(90_000);
      this.cloud.scheduler.time += this.random.chance(0.7) ? this.random.below(1500) : long;
    },
    replay: () => {
      const selection = this.selection();
      this.cloud.replay(selection);
      return JSON.stringify(selection);
    },
    rollback: () => {
      const aim = this.random.chance(0.1) ? { batch: 1 + this.random.below(6) } : aimToRollBack(this.cloud);
      if (aim !== undefined) this.cloud.rollBack(aim);
      return JSON.stringify(aim);
    },
    abort: () => {
      this.cloud.executions.abortOne();
      // the schedule comes soon, while what the execution has started may still be at work
      if (this.random.chance(0.7)) this.cloud.queue.sweep();
    },
    breakLambda: () => {
      this.cloud.lambda.breakOne();
    },
    breakRun: () => {
      this.cloud.glue.breakOne();
    },
  };
}

/** One of the batches of which something is in the tables, now and then for one dataset; or undefined. */
export function aimToRollBack({ store, random }: Cloud): RollbackAim | undefined {
  const standing = ledgerOf(store).entries.filter(stands);
  if (standing.length === 0) return undefined;
  const { number: batch } = random.pick(standing);
  return random.chance(0.4) ? { batch, dataset: random.pick(datasetNames) } : { batch };
}

function describe({ key, body }: SentFile, versionId: string): string {
  return `${key} ${versionId} ${body.slice(body.indexOf('\n') + 1)}`;
}

function ratesOf(random: Random): FaultRates {
  const falsePoison = random.pick([0, 0, 0, 0.1]);
  return {
    throttled: random.pick([0, 0, 0.02, 0.1]),
    replyLost: random.pick([0, 0, 0.02, 0.1]),
    death: random.pick([0, 0, 0.01, 0.03]),
    // not both: see the limits in docs/reliability.md
    zombie: falsePoison > 0 ? 0 : random.pick([0, 0.3, 0.7]),
    falsePoison,
    falseAlarm: 0,
    lag: 0,
  };
}
