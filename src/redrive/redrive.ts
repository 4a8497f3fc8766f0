import type { RedrivenQueue } from '../../generated/types/outputs/redrive';
import { parseMessage } from '../arrival/message';
import { InvalidEvent } from '../errors';
import type { Queues, Received } from './queue';

/**
 * Moves the messages of a dead letter queue into the arrival queue. Both dead letter queues hold events as EventBridge
 * wrote them, so one way serves both (StartMessageMoveTask refuses the queue of an EventBridge rule). A message that the
 * service could not read would only come back: it stays, and is named.
 *
 * A message is sent before it is removed. Cut in between it is there twice, which registers the file once.
 */
export async function redrive(queues: Queues, from: string, to: string): Promise<RedrivenQueue> {
  let moved = 0;
  const left = new Map<string, Received & { readonly reason: string }>();
  for (;;) {
    const received = await queues.receive(from);
    // one that comes a second time had been hidden long enough for us to have seen the others
    const unseen = received.filter(({ messageId }) => !left.has(messageId));
    for (const message of unseen) {
      const reason = whyUnreadable(message.body);
      if (reason !== undefined) {
        left.set(message.messageId, { ...message, reason });
        continue;
      }
      await queues.send(to, message.body);
      await queues.remove(from, message.receipt);
      moved++;
    }
    if (unseen.length === 0) break;
  }
  for (const { receipt } of left.values()) await queues.putBack(from, receipt);
  return {
    queue: from,
    moved,
    left: [...left.values()].map(({ messageId, reason }) => ({ messageId, reason })),
  };
}

function whyUnreadable(body: string): string | undefined {
  try {
    parseMessage(body);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidEvent) return error.message;
    throw error;
  }
}
