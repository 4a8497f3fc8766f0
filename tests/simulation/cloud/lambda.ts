import { processingKey } from '../../../src/batch/manifest';
import type { Retention } from '../../../src/erasure/certificate';
import type { Executions } from '../../../src/execution/executions';
import type { Location, Objects } from '../../../src/objects/objects';
import type { JobHistory } from '../../../src/job/jobHistory';
import type { JobRuns } from '../../../src/job/jobRuns';
import type { Log } from '../../../src/lambda/lambda';
import type { Measure } from '../../../src/metrics/metrics';
import type { FileItem } from '../../../src/ledger/items';
import type { Queues } from '../../../src/redrive/queue';
import type { Store } from '../../../src/store/store';
import type { Cloud } from './cloud';
import { deferred } from './deferred';
import { filesOf, objectsOf, queuesOf, storeOf } from './ports';
import { Actor } from './scheduler';

/** What a function reaches. */
export interface Ports {
  readonly store: Store;
  readonly files: () => AsyncIterable<FileItem>;
  readonly objects: Objects;
  readonly executions: Executions;
  readonly runs: JobRuns;
  readonly queues: Queues;
  readonly now: () => Date;
  readonly log: Log;
  readonly random: () => number;
  readonly history: JobHistory;
  readonly jobNamePrefix: string;
  readonly measure: Measure;
  readonly stage: string;
  readonly retention: Retention;
}

/** The service tells of no answer: the function ran out of time, or the connection broke while it goes on. */
export class LambdaUnknown extends Error {}

interface Invocation {
  readonly actor: Actor;
  readonly giveUp: (error: Error) => void;
}

/** Invocations of functions, each an actor of its own: one that nobody waits for any more may go on. */
export class Lambda {
  private open: Invocation[] = [];
  /** A planted defect changes what functions reach. */
  defect: (ports: Ports, name: string) => Ports = (ports) => ports;

  constructor(private readonly cloud: Cloud) {}

  async invoke<T>(name: string, code: (ports: Ports) => Promise<T>): Promise<T> {
    const actor = new Actor(name);
    const { promise, resolve, reject } = deferred<T>();
    const invocation = { actor, giveUp: reject };
    this.open.push(invocation);
    code(this.portsOf(actor)).then(resolve, reject);
    try {
      return await promise;
    } finally {
      this.open = this.open.filter((other) => other !== invocation);
    }
  }

  /** One of the open invocations is not heard of any more. */
  breakOne(): void {
    if (this.open.length === 0) return;
    const { actor, giveUp } = this.cloud.random.pick(this.open);
    this.cloud.wire.kill(actor);
    giveUp(new LambdaUnknown(`${actor.name} did not answer`));
  }

  /** After a redeploy the header check is another one: some files that passed would not, and the other way round. */
  private async read(objects: Objects, location: Location, limit?: number): Promise<Uint8Array | undefined> {
    const bytes = await objects.read(location, limit);
    const isHead = limit !== undefined && bytes !== undefined && this.cloud.isStricter;
    return isHead && Buffer.from(bytes).includes('"odd"') ? Buffer.from('refused\n') : bytes;
  }

  private async copy(objects: Objects, source: Location, target: Location): Promise<boolean> {
    const copied = await objects.copy(source, target);
    if (this.isOfSettledFile(target.key)) this.cloud.lateCopies.add(target.key);
    return copied;
  }

  /** Whether the key is that of a working copy, and its file has its end. */
  private isOfSettledFile(key: string): boolean {
    const item = [...this.cloud.store.items.values()].find(
      ({ sk, fileId }) => sk === 'file' && key === processingKey(String(fileId)),
    );
    return item !== undefined && item['state'] !== 'PENDING' && item['state'] !== 'PLANNED';
  }

  private portsOf(actor: Actor): Ports {
    const { cloud } = this;
    const objects = objectsOf(cloud.objects, cloud.wire, actor);
    return this.defect(
      {
        store: storeOf(cloud.store, cloud.wire, actor),
        files: () => filesOf(cloud.store, cloud.wire, actor),
        objects: {
          ...objects,
          read: (location, limit) => this.read(objects, location, limit),
          copy: (source, target) => this.copy(objects, source, target),
        },
        executions: cloud.executions.portOf(actor),
        runs: cloud.glue.portOf(actor),
        queues: queuesOf(cloud.queue, cloud.wire, actor),
        now: cloud.now,
        log: cloud.log,
        random: () => cloud.random.next(),
        history: { since: () => Promise.resolve([]) },
        jobNamePrefix: '',
        measure: () => undefined,
        stage: 'local',
        retention: { logDays: 30, auditDays: 90 },
      },
      actor.name,
    );
  }
}
