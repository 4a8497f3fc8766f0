import pMap from 'p-map';
import type { DetectArrivalEvent, StorageDue } from '../../generated/types/events/detectArrival';
import type { DetectArrivalResult } from '../../generated/types/states/detectArrival';
import { InvalidEvent } from '../errors';
import type { Executions } from '../execution/executions';
import type { Log } from '../lambda/lambda';
import { ensureControl } from '../ledger/lease';
import { ask } from '../ledger/requests';
import { type Arrival, register } from '../ledger/registration';
import { ledgerMeasurements } from '../metrics/ledgerMeasurements';
import type { Measure } from '../metrics/metrics';
import { type Objects, type ObjectVersion, uri } from '../objects/objects';
import type { Store } from '../store/store';
import { type ArrivalMessage, parseMessage } from './message';
import { arrivalsOf, isTooLong, MAX_KEY_BYTES, RAW } from './versions';

export interface DetectArrivalPorts {
  readonly store: Store;
  readonly objects: Pick<Objects, 'versions'>;
  readonly executions: Pick<Executions, 'start'>;
  readonly now: () => Date;
  readonly log: Log;
  readonly measure: Measure;
}

const CONCURRENT_LISTINGS = 8;

/**
 * Registers what has arrived, or that maintenance is due, and starts an execution, also for files that the ledger knows:
 * the execution that an earlier delivery of the message should have started may never have.
 *
 * @throws InvalidEvent when a simulated arrival names an object that does not exist. A message that cannot be read is
 *   reported back to the queue, the others of its batch are registered.
 */
export async function detectArrival(
  ports: DetectArrivalPorts,
  bucket: string,
  event: Exclude<DetectArrivalEvent, StorageDue>,
): Promise<DetectArrivalResult> {
  if ('sweep' in event) return sweep(ports, bucket);
  if ('maintenance' in event) return askForMaintenance(ports);
  if ('key' in event) return simulated(ports, bucket, event.key);
  return messages(ports, bucket, event.Records);
}

async function messages(
  ports: DetectArrivalPorts,
  bucket: string,
  records: readonly { messageId: string; body: string }[],
): Promise<DetectArrivalResult> {
  const failed: string[] = [];
  const arrivals: Arrival[] = [];
  let ignored = 0;
  const attempt = async (messageId: string, body: string): Promise<void> => {
    try {
      const found = await arrivalsNamed(ports, bucket, parseMessage(body));
      if (found.length === 0) ignored++;
      arrivals.push(...found);
    } catch (error) {
      failed.push(messageId);
      ports.log.error('message not registered; the queue delivers it again', {
        messageId,
        error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      });
    }
  };
  await pMap(records, ({ messageId, body }) => attempt(messageId, body), {
    concurrency: CONCURRENT_LISTINGS,
  });
  const counts = await registerAll(ports, arrivals);
  if (arrivals.length > 0) await ports.executions.start({ trigger: 'arrival' });
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })), ...counts, ignored };
}

/**
 * The version that a message names, behind the older ones of its second: once an even older one has left raw/, only
 * what is registered together keeps its order. None for a folder marker, a key outside raw/ or a version that is gone.
 */
async function arrivalsNamed(
  { objects, log }: DetectArrivalPorts,
  bucket: string,
  message: ArrivalMessage,
): Promise<Arrival[]> {
  if (message.bucket !== bucket || !message.key.startsWith(RAW)) {
    log.info('ignored: not under raw/ of the landing bucket', { ...message });
    return [];
  }
  const versions = await versionsOf(objects, bucket, message.key);
  if (!versions.some(({ versionId }) => versionId === message.versionId)) {
    log.warn('dropped: the version no longer exists', { ...message });
    return [];
  }
  const arrivals = arrivalsOf(bucket, versions);
  const named = arrivals.find(({ versionId }) => versionId === message.versionId);
  if (named === undefined) return [];
  const moment = named.lastModified.getTime();
  return arrivals.filter(
    ({ lastModified, order }) => lastModified.getTime() === moment && order <= named.order,
  );
}

async function simulated(
  ports: DetectArrivalPorts,
  bucket: string,
  key: string,
): Promise<DetectArrivalResult> {
  const versions = await versionsOf(ports.objects, bucket, key);
  const latest = versions.find(({ isLatest }) => isLatest);
  if (latest === undefined) {
    throw new InvalidEvent(`${uri({ bucket, key })} does not exist; upload it, or name a key that does`);
  }
  const arrivals = arrivalsOf(bucket, versions).filter(({ versionId }) => versionId === latest.versionId);
  const counts = await registerAll(ports, arrivals);
  if (arrivals.length > 0) await ports.executions.start({ trigger: 'arrival' });
  return { batchItemFailures: [], ...counts, ignored: 1 - arrivals.length };
}

async function sweep(ports: DetectArrivalPorts, bucket: string): Promise<DetectArrivalResult> {
  const byKey = new Map<string, ObjectVersion[]>();
  let found = 0;
  for await (const version of ports.objects.versions(bucket, RAW)) {
    found++;
    if (isTooLong(version.key)) {
      ports.log.error(`not registered: the key has more than ${MAX_KEY_BYTES} bytes`, { key: version.key });
      continue;
    }
    byKey.set(version.key, [...(byKey.get(version.key) ?? []), version]);
  }
  const arrivals = [...byKey.values()].flatMap((versions) => arrivalsOf(bucket, versions));
  const counts = await registerAll(ports, arrivals);
  ports.measure(ledgerMeasurements(await ensureControl(ports.store), ports.now()));
  if (counts.registered > 0) ports.log.warn('the sweep found files that no event told of', counts);
  await ports.executions.start({ trigger: 'sweep' });
  return { batchItemFailures: [], ...counts, ignored: found - arrivals.length };
}

/** The schedule's request, written once: the schedule tries again where its call failed. Another that waits is served first. */
async function askForMaintenance({
  store,
  executions,
  now,
  log,
}: DetectArrivalPorts): Promise<DetectArrivalResult> {
  const moment = now();
  const id = `maintenance-${moment.toISOString().slice(0, 16)}`;
  const waiting = await ask(store, { id, operation: 'maintenance' }, moment);
  if (waiting.operation !== 'maintenance')
    log.info('maintenance is not asked for: another request waits', { request: waiting.id });
  await executions.start({ trigger: 'sweep' });
  return { batchItemFailures: [], registered: 0, known: 0, ignored: 0 };
}

async function registerAll(
  { store, now, measure }: DetectArrivalPorts,
  arrivals: readonly Arrival[],
): Promise<{ registered: number; known: number }> {
  const { registered, known } = await register(store, arrivals, now());
  const received = new Map<string, number>();
  for (const { dataset } of registered) received.set(dataset, (received.get(dataset) ?? 0) + 1);
  measure([...received].map(([dataset, value]) => ({ name: 'FilesReceived', value, dataset })));
  return { registered: registered.length, known };
}

/** Every version of exactly this key: a listing by prefix begins with it. */
async function versionsOf(
  objects: DetectArrivalPorts['objects'],
  bucket: string,
  key: string,
): Promise<ObjectVersion[]> {
  const versions: ObjectVersion[] = [];
  for await (const version of objects.versions(bucket, key)) {
    if (version.key !== key) break;
    versions.push(version);
  }
  return versions;
}
