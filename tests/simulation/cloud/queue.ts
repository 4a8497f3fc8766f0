import { detectArrival } from '../../../src/arrival/detectArrival';
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
  private serial = 0;

  constructor(private readonly cloud: Cloud) {}

  get size(): number {
    return this.messages.length;
  }

  send(key: string, versionId: string): void {
    this.messages.push(this.message(key, versionId));
  }

  /** The event is on its way for long. */
  hold(key: string, versionId: string): void {
    this.held.push(this.message(key, versionId));
  }

  /** What was held comes now. */
  release(): void {
    this.messages.push(...this.held.splice(0));
  }

  /** A message that was never sent, or went to the dead letter queue. */
  lose(): void {
    if (this.messages.length > 0) this.messages.splice(this.cloud.random.below(this.messages.length), 1);
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

  private message(key: string, versionId: string): Message {
    const detail = { bucket: { name: LANDING }, object: { key, 'version-id': versionId } };
    return { id: `m${++this.serial}`, body: JSON.stringify({ detail }), received: 0 };
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
    for (const message of batch)
      if (failed.includes(message.id) && ++message.received < MAX_RECEIVES) this.messages.push(message);
  }
}
