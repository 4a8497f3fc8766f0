import { problemsOf } from './checks/problems';
import { ledgerOf } from './checks/ledger';
import { Cloud } from './cloud/cloud';
import { NO_FAULTS } from './cloud/faults';
import { aimToRollBack, type Features, History } from './history/history';
import { Random } from './random';

/** How one history ended. */
export interface Ending {
  readonly seed: number;
  readonly features: Features;
  readonly problems: readonly string[];
  readonly trace: readonly string[];
  readonly events: number;
}

/** Changes a cloud before the history begins: a planted defect. */
export type Defect = (cloud: Cloud) => void;

/** How a history differs from what its seed alone makes of it. */
export interface Variation {
  readonly defect?: Defect | undefined;
  /** Events that are left out. */
  readonly without?: ReadonlySet<number>;
  readonly features?: Features | undefined;
}

const SWEEPS = 12;
export const LOADS_ALONE: Features = { replays: false, judged: false, rollbacks: false };

/**
 * A third of the histories has loads alone, a third replays, a third replays and withdrawals; a quarter of each has rollbacks
 * besides.
 */
export function featuresOf(seed: number): Features {
  return { replays: seed % 3 !== 0, judged: seed % 3 === 2, rollbacks: seed % 4 === 1 };
}

/** Plays the history of a seed, lets it come to rest, and judges. */
export async function simulate(
  seed: number,
  { defect, without = new Set(), features = featuresOf(seed) }: Variation = {},
): Promise<Ending> {
  const random = new Random(seed);
  const cloud = new Cloud(random);
  defect?.(cloud);
  const history = new History(random, cloud, without, features);
  await history.happen();
  cloud.wire.rates = NO_FAULTS;
  const problems = await judge(cloud, history, features).catch((error: unknown) => [
    `broken: ${String(error)}`,
  ]);
  return { seed, features, problems, trace: history.trace, events: history.events };
}

async function judge(cloud: Cloud, history: History, { replays, rollbacks }: Features): Promise<string[]> {
  if (!(await deliverAll(cloud))) return ['rest: executions go on for ever'];
  cloud.queue.release();
  if (!(await deliverAll(cloud))) return ['rest: executions go on for ever'];
  const { control } = ledgerOf(cloud.store);
  if (history.calm && control?.arrived !== control?.planned) return ['rest: files wait and nobody comes'];
  if (history.calm && control?.request !== undefined) return ['rest: a request waits and nobody comes'];
  if (!(await comeToRest(cloud)))
    return ['rest: the pipeline never comes to rest', ...(await problemsOf(cloud, history))];
  if (!(await redriveAll(cloud))) return ['redrive: dead letters stay'];
  const problems = [...(await problemsOf(cloud, history)), ...(await repeat(cloud, history))];
  if (rollbacks && problems.length === 0) problems.push(...(await rollBackOne(cloud, history)));
  return replays && problems.length === 0 ? replayAll(cloud, history) : problems;
}

/** Rolls a batch back while nothing goes wrong, so that every history with rollbacks has one. */
async function rollBackOne(cloud: Cloud, history: History): Promise<string[]> {
  const aim = aimToRollBack(cloud);
  if (aim === undefined) return [];
  cloud.rollBack(aim);
  if (!(await comeToRest(cloud))) return ['rollback: the pipeline never comes to rest'];
  return (await problemsOf(cloud, history)).map(
    (problem) => `after a rollback of ${JSON.stringify(aim)}, ${problem}`,
  );
}

/** Loads everything again, and where that may bring something once more: it changes no table. */
async function replayAll(cloud: Cloud, history: History): Promise<string[]> {
  if (cloud.validation === 'strict') cloud.validation = 'mended';
  const { files } = ledgerOf(cloud.store);
  // the parents of a line that has expired are looked for anew: since then some may have come
  const hasExpired = Object.values(cloud.lake.datasets).some(({ rejects }) =>
    rejects.rows().some(({ expired }) => expired),
  );
  const hasNews =
    cloud.deploys > 0 ||
    hasExpired ||
    files.some(({ state }) => state !== 'ARCHIVED' && state !== 'REJECTED');
  for (const changes of hasNews ? [true, false] : [false]) {
    const before = JSON.stringify(cloud.lake.versions());
    cloud.replay({ by: 'arrival' });
    if (!(await comeToRest(cloud))) return ['replay: the pipeline never comes to rest'];
    const after = JSON.stringify(cloud.lake.versions());
    const problems = (await problemsOf(cloud, history)).map((problem) => `after a replay, ${problem}`);
    if (!changes && before !== after) problems.push(`replay: ${after} instead of ${before}`);
    if (problems.length > 0) return problems;
  }
  return [];
}

/** Moves the dead letters back and takes them in; false when some stay. */
async function redriveAll(cloud: Cloud): Promise<boolean> {
  if (cloud.queue.deadLetters === 0) return true;
  cloud.redrive();
  return (await deliverAll(cloud)) && cloud.queue.deadLetters === 0 && comeToRest(cloud);
}

/** Delivers what is under way and lets everybody finish; false when that never comes. */
async function deliverAll(cloud: Cloud): Promise<boolean> {
  do {
    cloud.queue.deliver(10);
    if (!(await cloud.runToEnd())) return false;
  } while (cloud.queue.size > 0);
  return true;
}

/** Sweeps until nothing is left to do. */
async function comeToRest(cloud: Cloud): Promise<boolean> {
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const before = ledgerOf(cloud.store);
    cloud.queue.sweep();
    if (!(await deliverAll(cloud))) return false;
    const { control, files } = ledgerOf(cloud.store);
    const atRest =
      control === undefined || (control.arrived === control.planned && control.openEntry === undefined);
    // an entry that was open before kept everybody from looking for what is due
    const looked = before.control?.openEntry === undefined;
    if (
      atRest &&
      looked &&
      files.length === before.files.length &&
      control?.nextNumber === before.control?.nextNumber
    )
      return true;
  }
  return false;
}

/** Tells of everything again; nothing may change. */
async function repeat(cloud: Cloud, history: History): Promise<string[]> {
  const before = JSON.stringify(stateOf(cloud));
  for (const { key, versionId } of history.uploads) cloud.queue.send(key, versionId);
  while (cloud.queue.size > 0) cloud.queue.deliver(10);
  cloud.queue.sweep();
  const ended = await cloud.runToEnd();
  const after = JSON.stringify(stateOf(cloud));
  return ended && before === after ? [] : [`repetition: ${after} instead of ${before}`];
}

function stateOf(cloud: Cloud): unknown {
  const { files, entries, pending } = ledgerOf(cloud.store);
  const states = files.map(({ fileId, state, rows }) => [fileId, state, rows]);
  return { states, entries: entries.length, pending, tables: cloud.lake.versions() };
}
