import { describe, expect, test } from '@jest/globals';
import type { Queues, Received } from '../../../src/redrive/queue';
import { redrive } from '../../../src/redrive/redrive';
import { Crash, Faults } from '../fakes/faults';

const event = (key: string): string =>
  JSON.stringify({ detail: { bucket: { name: 'landing' }, object: { key, 'version-id': 'v1' } } });

/** Queues in memory: what was received is hidden until it is put back. */
class MemoryQueues implements Queues {
  readonly faults = new Faults();
  readonly messages = new Map<string, { id: string; body: string; hidden: boolean }[]>();
  private serial = 0;

  constructor(dead: readonly string[]) {
    for (const body of dead) this.add('dead', body);
  }

  bodies(url: string): string[] {
    return (this.messages.get(url) ?? []).map(({ body }) => body);
  }

  visible(url: string): string[] {
    return (this.messages.get(url) ?? []).filter(({ hidden }) => !hidden).map(({ body }) => body);
  }

  /** The time passes after which a message that nobody removed comes back. */
  reappear(): void {
    for (const messages of this.messages.values()) for (const message of messages) message.hidden = false;
  }

  receive(url: string): Promise<readonly Received[]> {
    const found = (this.messages.get(url) ?? []).filter(({ hidden }) => !hidden).slice(0, 2);
    for (const message of found) message.hidden = true;
    return Promise.resolve(found.map(({ id, body }) => ({ messageId: id, body, receipt: id })));
  }

  send(url: string, body: string): Promise<void> {
    return this.faults.around(() => {
      this.add(url, body);
    });
  }

  remove(url: string, receipt: string): Promise<void> {
    return this.faults.around(() => {
      this.messages.set(
        url,
        (this.messages.get(url) ?? []).filter(({ id }) => id !== receipt),
      );
    });
  }

  putBack(url: string, receipt: string): Promise<void> {
    for (const message of this.messages.get(url) ?? []) if (message.id === receipt) message.hidden = false;
    return Promise.resolve();
  }

  private add(url: string, body: string): void {
    const messages = this.messages.get(url) ?? [];
    messages.push({ id: `m${++this.serial}`, body, hidden: false });
    this.messages.set(url, messages);
  }
}

describe('redriving a dead letter queue', () => {
  const good = ['a', 'b', 'c'].map((name) => event(`raw/orders/${name}.csv`));

  test('moves what the service can read, and names what it cannot, which stays to be looked at', async () => {
    const [first = '', ...rest] = good;
    const queues = new MemoryQueues([first, 'no json', ...rest, '{"detail":{}}']);
    const { moved, left } = await redrive(queues, 'dead', 'arrival');
    expect(moved).toBe(3);
    expect(queues.bodies('arrival')).toEqual(good);
    expect(left.map(({ messageId }) => messageId)).toEqual(['m2', 'm5']);
    expect(left[0]?.reason).toContain('no JSON document');
    expect(queues.visible('dead')).toEqual(['no json', '{"detail":{}}']);
  });

  test('of an empty queue moves nothing', async () => {
    expect(await redrive(new MemoryQueues([]), 'dead', 'arrival')).toEqual({
      queue: 'dead',
      moved: 0,
      left: [],
    });
  });

  test('ends although a message that stays is delivered again meanwhile', async () => {
    const queues = new MemoryQueues(['no json', ...good]);
    const receive = queues.receive.bind(queues);
    queues.receive = (url) => {
      for (const message of queues.messages.get(url) ?? [])
        if (message.body === 'no json') message.hidden = false;
      return receive(url);
    };
    expect(await redrive(queues, 'dead', 'arrival')).toMatchObject({ moved: 3, left: [{ messageId: 'm1' }] });
  });

  test('cut anywhere loses no message: what is not removed is moved by the next', async () => {
    for (let at = 1; at <= 6; at++) {
      for (const when of ['before', 'after'] as const) {
        const queues = new MemoryQueues(good);
        queues.faults.crashAt(at, when);
        await expect(redrive(queues, 'dead', 'arrival')).rejects.toThrow(Crash);
        queues.reappear();
        await redrive(queues, 'dead', 'arrival');
        expect(queues.bodies('dead')).toEqual([]);
        // a double is harmless: the file is registered once
        expect([...new Set(queues.bodies('arrival'))].sort()).toEqual(good);
      }
    }
  });
});
