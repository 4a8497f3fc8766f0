import { type MachineRun, type StateRun, type Way } from '../model/machine';

/**
 * The machine without what only an error leads to, unless the run went there: the handling of errors that did not
 * happen would hide the way that was taken.
 */
export function reached({ states, ways }: MachineRun): MachineRun & { readonly leftOut: number } {
  const all = flat(states);
  const firsts = [states[0], ...all.flatMap(({ flows }) => flows.map(([first]) => first))];
  const known = new Set(firsts.flatMap((state) => (state === undefined ? [] : [state.name])));
  const queue = [...known, ...all.filter(({ visits }) => visits > 0).map(({ name }) => name)];
  const next = new Map<string, string[]>();
  for (const { from, to } of ways) next.set(from, [...(next.get(from) ?? []), to]);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    known.add(name);
    queue.push(...(next.get(name) ?? []).filter((to) => !known.has(to)));
  }
  const kept = (list: readonly StateRun[]): StateRun[] =>
    list.filter(({ name }) => known.has(name)).map((state) => ({ ...state, flows: state.flows.map(kept) }));
  const stays = ({ from, to }: Way): boolean => known.has(from) && known.has(to);
  return { states: kept(states), ways: ways.filter(stays), leftOut: all.length - known.size };
}

const flat = (states: readonly StateRun[]): StateRun[] =>
  states.flatMap((state) => [state, ...state.flows.flatMap(flat)]);
