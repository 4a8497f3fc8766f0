import { parseArgs } from 'node:util';
import { peerNames, type PeerName, phases, type Phase } from './results';

export const USE = 'npm run bench -- --items N [--peers NAME,...] [--phases NAME,...] [--record]';
const LEAST_ITEMS = 1_000;

/** What to run. */
export interface BenchOptions {
  readonly items: number;
  readonly peers: readonly PeerName[];
  readonly phases: readonly Phase[];
  readonly record: boolean;
}

/**
 * Reads the command line; everything is run unless it says otherwise.
 *
 * @throws Error that says how to call the command
 */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      items: { type: 'string', default: '100000' },
      peers: { type: 'string', default: peerNames.join(',') },
      phases: { type: 'string', default: phases.join(',') },
      record: { type: 'boolean', default: false },
    },
  });
  const items = Number(values.items);
  if (!Number.isSafeInteger(items) || items < LEAST_ITEMS) {
    throw new Error(`--items ${values.items}: give a whole number of at least ${LEAST_ITEMS}; ${USE}`);
  }
  const chosen = chosenOf('--phases', values.phases, phases);
  if (!chosen.includes('initial')) {
    throw new Error(`--phases ${values.phases}: the others need initial before them; ${USE}`);
  }
  if (values.record && chosen.length < phases.length) {
    throw new Error(`--record: a record has all phases, leave --phases out; ${USE}`);
  }
  const { record } = values;
  return { items, peers: chosenOf('--peers', values.peers, peerNames), phases: chosen, record };
}

/** Those of the names that the text lists, in the names' own order. */
function chosenOf<Name extends string>(option: string, text: string, names: readonly Name[]): Name[] {
  const words = text.split(',');
  const unknown = words.filter((word) => !names.some((name) => name === word));
  if (unknown.length > 0) {
    throw new Error(`${option} ${unknown.join(',')}: it knows ${names.join(', ')}; ${USE}`);
  }
  return names.filter((name) => words.includes(name));
}
