import { describe, expect, it } from '@jest/globals';
import { layOut } from '../../../src/report/graph/layout';
import { reached } from '../../../src/report/graph/reached';
import { everyState, machineRun, type StateRun } from '../../../src/report/model/machine';
import { definition, events, goodRun } from './fixture';

const run = (history: ReturnType<typeof events>, status: string): ReturnType<typeof machineRun> =>
  machineRun({
    ...{ arn: 'run', startedAt: '2025-05-02T06:00:00Z', endedAt: null },
    ...{ definition, status, events: history },
  });
const byName = (states: readonly StateRun[]): Record<string, StateRun> =>
  Object.fromEntries(everyState(states).map((state) => [state.name, state]));

describe('the machine of a run', () => {
  it('tells for each state how it ended, how long it took and what went wrong on the way', () => {
    const { states } = run(goodRun, 'SUCCEEDED');
    const { Plan, Load, LoadA, LoadB, Alert } = byName(states);
    expect(Plan).toMatchObject({ outcome: 'done', visits: 1, seconds: 4, errors: 1 });
    expect(Load).toMatchObject({ outcome: 'done', seconds: 5 });
    expect(LoadA).toMatchObject({ outcome: 'done', seconds: 1 });
    expect(LoadB).toMatchObject({ outcome: 'unvisited', visits: 0, seconds: null });
    expect(Alert).toMatchObject({ outcome: 'unvisited' });
  });

  it('marks the ways that were taken, and shows error handling only where the run went', () => {
    const good = run(goodRun, 'SUCCEEDED');
    expect(good.ways).toContainEqual({ from: 'Due', to: 'Load', taken: true, catches: false });
    expect(good.ways).toContainEqual({ from: 'Due', to: 'Nothing', taken: false, catches: false });
    expect(good.ways.map(({ to }) => to)).not.toContain('Alert');
    const shown = reached(good);
    expect(everyState(shown.states).map(({ name }) => name)).not.toContain('Alert');
    expect(shown.leftOut).toBe(2);
  });

  it('tells an error that was handled from one that ended the run', () => {
    const caught = run(
      events([
        ['ExecutionStarted'],
        ['TaskStateEntered', 'Plan'],
        ['TaskFailed'],
        ['TaskStateExited', 'Plan'],
        ['TaskStateEntered', 'Alert'],
        ['TaskFailed'],
        ['ExecutionFailed'],
      ]),
      'FAILED',
    );
    const { Plan, Alert } = byName(caught.states);
    expect(Plan).toMatchObject({ outcome: 'caught', errors: 1 });
    expect(Alert).toMatchObject({ outcome: 'failed', seconds: null });
    expect(caught.ways).toContainEqual({ from: 'Plan', to: 'Alert', taken: true, catches: true });
    expect(everyState(reached(caught).states).map(({ name }) => name)).toContain('Failed');
  });

  it('shows a state as running while the execution is', () => {
    const { states } = run(events([['ExecutionStarted'], ['TaskStateEntered', 'Plan']]), 'RUNNING');
    expect(byName(states)['Plan']).toMatchObject({ outcome: 'running', visits: 1 });
  });

  it('adds up the time of visits at once, whichever ends first', () => {
    const [, entered] = events([['ExecutionStarted'], ['TaskStateEntered', 'LoadA']]);
    const history = [
      entered!,
      { ...entered!, id: 3, at: entered!.at + 1000 },
      { ...entered!, id: 4, type: 'TaskStateExited', previous: 3, at: entered!.at + 2000 },
      { ...entered!, id: 5, type: 'TaskStateExited', previous: 2, at: entered!.at + 5000 },
    ];
    expect(byName(run(history, 'RUNNING').states)['LoadA']).toMatchObject({ visits: 2, seconds: 6 });
  });

  it('has a place for every state within the picture, none over another', async () => {
    const { width, height, states, ways } = await layOut(reached(run(goodRun, 'SUCCEEDED')));
    expect(states.map(({ state }) => state.name).sort()).toEqual(
      ['Done', 'Due', 'Load', 'LoadA', 'LoadB', 'Nothing', 'Plan'].sort(),
    );
    for (const box of states) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect(box.y + box.height).toBeLessThanOrEqual(height);
      const over = states.filter(
        (other) =>
          other !== box &&
          other.x < box.x + box.width &&
          box.x < other.x + other.width &&
          other.y < box.y + box.height &&
          box.y < other.y + other.height,
      );
      expect(over).toEqual([]);
    }
    expect(ways.filter(({ way }) => way.taken).length).toBe(5);
  });
});
