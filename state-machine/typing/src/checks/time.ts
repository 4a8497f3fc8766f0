import { field, fieldEntry, type State } from '../definition/machine';
import { numberOf } from '../document/node';
import type { Report } from '../findings';

/** A Task without a limit waits for a lost answer for as long as the execution may run. */
export function checkTime(state: State, report: Report): void {
  if (state.type !== 'Task') return;
  const timeout = field(state, 'TimeoutSeconds') ?? field(state, 'TimeoutSecondsPath');
  const { name, offset } = state;
  if (timeout === undefined) {
    const mend = 'add TimeoutSeconds, a little more than the task may take';
    report({ check: 'timeout', offset, state: name, message: 'the Task has no TimeoutSeconds', mend });
  }
  const heartbeat = fieldEntry(state, 'HeartbeatSeconds');
  const [beat, limit] = [numberOf(heartbeat?.value), numberOf(timeout)];
  if (heartbeat === undefined || beat === undefined || limit === undefined || beat < limit) return;
  const message = `HeartbeatSeconds ${beat} is not below TimeoutSeconds ${limit}`;
  report({ check: 'heartbeat', offset: heartbeat.offset, state: name, message, mend: 'lower it' });
}
