import { detectArrival } from '../../../src/arrival/detectArrival';
import type { Received } from '../../../src/redrive/queue';
import { type Cloud, LANDING } from './cloud';

interface Message {
  readonly id: string;
  readonly body: string;
  received: number;
}

/** Deliveries of a message before it goes to the dead letter queue. */
const MAX_RECEIVES = 5;

/** The arrival queue: at least once, in any order, and nothing for ever. */
export class Queue {
  private messages: Message[] = [];
  private readonly held: Message[] = [];
  /** The dead letter queues. */
  private dead: Message[] = [];
  /** Bodies that were sent, and have neither been taken nor gone where nobody can find them. */
  private readonly owed = new Set<string>();
  private serial = 0;

  constructor(private readonly cloud: Cloud) {}

  get size(): number {
    return this.messages.length;
  }

  get deadLetters(): number {
    return this.dead.length;
  }

  /** Messages that lie in no queue, though nobody has taken them. */
  get missing(): string[] {
    const there = new Set([...this.messages, ...this.held, ...this.dead].map(({ body }) => body));
    return [...this.owed].filter((body) => !there.has(body));
  }

  send(key: string, versionId: string): void {
    this.messages.push(this.about(key, versionId));
  }

  /** The event is on its way for long. */
  hold(key: string, versionId: string): void {
    this.held.push(this.about(key, versionId));
  }

  /** What was held comes now. */
  release(): void {
    this.messages.push(...this.held.splice(0));
  }

  /** A message does not come: it is a dead letter, or was never sent. */
  lose(isDeadLetter: boolean): void {
    if (this.messages.length === 0) return;
    const [message] = this.messages.splice(this.cloud.random.below(this.messages.length), 1);
    if (isDeadLetter) this.dead.push(message!);
    else this.owed.delete(message!.body);
  }

  /** Some of the dead letters, which stay where they are until they are removed. */
  receiveDead(): readonly Received[] {
    const from = this.cloud.random.below(Math.max(this.dead.length, 1));
    return this.dead
      .slice(from, from + 2)
      .concat(this.dead.slice(0, 1))
      .map(({ id, body }) => ({ messageId: id, body, receipt: id }));
  }

  removeDead(receipt: string): void {
    this.dead = this.dead.filter(({ id }) => id !== receipt);
  }

  sendBody(body: string): void {
    this.messages.push(this.message(body));
  }

  /** Delivers some messages, chosen at random; a few are delivered again though they were taken. */
  deliver(most: number): void {
    const { random } = this.cloud;
    const batch: Message[] = [];
    while (batch.length < most && this.messages.length > 0) {
      const [message] = this.messages.splice(random.below(this.messages.length), 1);
      batch.push(message!);
    }
    if (batch.length > 0) void this.detect(batch);
    for (const { id, body } of batch)
      if (random.chance(0.1)) this.messages.push({ id: `${id}'`, body, received: MAX_RECEIVES - 1 });
  }

  /** The schedule. */
  sweep(): void {
    void this.cloud.lambda
      .invoke('sweep', (ports) => detectArrival(ports, LANDING, { sweep: true }))
      .catch(() => undefined);
  }

  private about(key: string, versionId: string): Message {
    const detail = { bucket: { name: LANDING }, object: { key, 'version-id': versionId } };
    return this.message(JSON.stringify({ detail }));
  }

  private message(body: string): Message {
    this.owed.add(body);
    return { id: `m${++this.serial}`, body, received: 0 };
  }

  private async detect(batch: readonly Message[]): Promise<void> {
    const Records = batch.map(({ id, body }) => ({ messageId: id, body }));
    let failed: readonly string[];
    try {
      const { batchItemFailures } = await this.cloud.lambda.invoke('detectArrival', (ports) =>
        detectArrival(ports, LANDING, { Records }),
      );
      failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    } catch {
      failed = batch.map(({ id }) => id);
    }
    for (const message of batch) {
      if (!failed.includes(message.id)) this.owed.delete(message.body);
      else if (++message.received < MAX_RECEIVES) this.messages.push(message);
      else this.dead.push(message);
    }
  }
}
