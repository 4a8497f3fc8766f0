import { edgesOf, type Flow, readMachine, readSource, type State } from '../../../state-machine/typing/src';
import { type Run, type RunEvent } from '../facts';

/** How a state fared: `caught` ended in an error that the machine handled, `failed` ended the run. */
export type StateOutcome = 'done' | 'caught' | 'failed' | 'running' | 'unvisited';

export interface StateRun {
  readonly name: string;
  /** Task, Choice, Wait, Pass, Succeed, Fail, Parallel or Map. */
  readonly type: string;
  readonly outcome: StateOutcome;
  readonly visits: number;
  /** Between entering and leaving, all visits together; null while it was never left. */
  readonly seconds: number | null;
  /** Errors on the way, also those that a retry mended. */
  readonly errors: number;
  readonly flows: readonly (readonly StateRun[])[];
}

/** A way between two states that the run took, or that the definition offers. */
export interface Way {
  readonly from: string;
  readonly to: string;
  readonly taken: boolean;
  /** Taken because of an error. */
  readonly catches: boolean;
}

export interface MachineRun {
  readonly states: readonly StateRun[];
  readonly ways: readonly Way[];
}

const ERROR = /(?:Failed|TimedOut|Aborted)$/u;
const FAILED_RUNS = ['FAILED', 'TIMED_OUT', 'ABORTED'];

interface Visits {
  entered: number;
  left: number;
  readonly entries: number[];
  milliseconds: number;
  errors: number;
  caught: boolean;
}

/** What the run did in each state of its machine. Ways of error handling are given when they were taken. */
export function machineRun(run: Run): MachineRun {
  const machine = readMachine(readSource(run.arn, run.definition).root);
  const byId = new Map(run.events.map((event) => [event.id, event]));
  const visits = visitsOf(run.events, byId);
  const took = new Set(run.events.map((event) => wayOf(event, byId)));
  const failed = FAILED_RUNS.includes(run.status);
  return {
    states: machine.states.map((state) => stateRun(state, visits, failed)),
    ways: waysOf(machine, took),
  };
}

function visitsOf(
  events: readonly RunEvent[],
  byId: ReadonlyMap<number, RunEvent>,
): ReadonlyMap<string, Visits> {
  const all = new Map<string, Visits>();
  const of = (name: string): Visits => {
    const known = all.get(name);
    if (known !== undefined) return known;
    const fresh = { entered: 0, left: 0, entries: [], milliseconds: 0, errors: 0, caught: false };
    all.set(name, fresh);
    return fresh;
  };
  for (const event of events) {
    if (event.state !== null && event.type.endsWith('StateEntered')) {
      const visit = of(event.state);
      visit.entered += 1;
      visit.entries.push(event.at);
    } else if (event.state !== null && event.type.endsWith('StateExited')) {
      const visit = of(event.state);
      visit.left += 1;
      // whichever visit of several at once is left: the sum over them is the same
      visit.milliseconds += event.at - (visit.entries.shift() ?? event.at);
      visit.caught = ERROR.test(byId.get(event.previous)?.type ?? '');
    } else if (ERROR.test(event.type) && !event.type.startsWith('Execution')) {
      const inside = stateOf(event, byId);
      if (inside !== null) of(inside).errors += 1;
    }
  }
  return all;
}

/** The state in which an event happened: the last one that its line of events entered. */
function stateOf(event: RunEvent, byId: ReadonlyMap<number, RunEvent>): string | null {
  for (let at = byId.get(event.previous); at !== undefined; at = byId.get(at.previous)) {
    if (at.state !== null) return at.type.endsWith('StateEntered') ? at.state : null;
  }
  return null;
}

function wayOf(event: RunEvent, byId: ReadonlyMap<number, RunEvent>): string {
  const before = byId.get(event.previous);
  if (event.state === null || !event.type.endsWith('StateEntered') || before?.state == null) return '';
  return key(before.state, event.state);
}

const key = (from: string, to: string): string => JSON.stringify([from, to]);

function stateRun(state: State, visits: ReadonlyMap<string, Visits>, failed: boolean): StateRun {
  const visit = visits.get(state.name);
  return {
    name: state.name,
    type: state.type,
    outcome: outcomeOf(state, visit, failed),
    visits: visit?.entered ?? 0,
    seconds: visit === undefined || visit.left === 0 ? null : visit.milliseconds / 1000,
    errors: visit?.errors ?? 0,
    flows: state.flows.map((flow) => flow.states.map((inner) => stateRun(inner, visits, failed))),
  };
}

function outcomeOf(state: State, visit: Visits | undefined, failed: boolean): StateOutcome {
  if (visit === undefined || visit.entered === 0) return 'unvisited';
  if (state.type === 'Fail') return 'failed';
  if (visit.left < visit.entered) return failed ? 'failed' : 'running';
  return visit.caught ? 'caught' : 'done';
}

function waysOf(flow: Flow, took: ReadonlySet<string>): Way[] {
  const ways = new Map<string, Way>();
  for (const { from, to, kind } of flow.states.flatMap(edgesOf)) {
    const taken = took.has(key(from.name, to));
    if (kind === 'catch' && !taken) continue;
    const catches = kind === 'catch' && !ways.has(key(from.name, to));
    if (!ways.has(key(from.name, to))) ways.set(key(from.name, to), { from: from.name, to, taken, catches });
  }
  return [
    ...ways.values(),
    ...flow.states.flatMap(({ flows }) => flows.flatMap((inner) => waysOf(inner, took))),
  ];
}

/** The states and those inside them, in the order of the definition. */
export function everyState(states: readonly StateRun[]): StateRun[] {
  return states.flatMap((state) => [state, ...state.flows.flatMap(everyState)]);
}
