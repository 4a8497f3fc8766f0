import type { ExecutionInput, Executions as ExecutionsPort } from '../../../src/execution/executions';
import { ingest } from '../machine/ingest';
import type { Cloud } from './cloud';
import { Actor } from './scheduler';

type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';

/** An execution of the state machine. */
export interface Execution {
  readonly arn: string;
  readonly trigger: ExecutionInput['trigger'];
  readonly startedAt: string;
  readonly actor: Actor;
  status: Status;
}

/** Step Functions: executions run beside each other; one that is aborted makes no further step. */
export class Executions {
  readonly all: Execution[] = [];
  private readonly names = new Set<string>();

  constructor(private readonly cloud: Cloud) {}

  start({ trigger }: ExecutionInput, name?: string): void {
    if (name !== undefined && this.names.has(name)) return;
    if (name !== undefined) this.names.add(name);
    const arn = `arn:aws:states:::execution:ingest:${this.all.length + 1}`;
    const startedAt = this.cloud.now().toISOString();
    const execution: Execution = { arn, trigger, startedAt, actor: new Actor(arn), status: 'RUNNING' };
    this.all.push(execution);
    void this.run(execution);
  }

  portOf(actor: Actor): ExecutionsPort {
    const { wire } = this.cloud;
    return {
      start: (input, name) =>
        wire.call(actor, 'StartExecution', () => {
          this.start(input, name);
        }),
      isRunning: (arn) =>
        wire.call(actor, 'DescribeExecution', () =>
          this.all.some((execution) => execution.arn === arn && execution.status === 'RUNNING'),
        ),
    };
  }

  /** One of the running executions ends; what it has started may go on. */
  abortOne(): void {
    const running = this.all.filter(({ status }) => status === 'RUNNING');
    if (running.length === 0) return;
    const execution = this.cloud.random.pick(running);
    execution.status = 'ABORTED';
    execution.actor.alive = false;
  }

  private async run(execution: Execution): Promise<void> {
    await this.cloud.scheduler.pause(execution.actor);
    const status = await ingest(this.cloud, execution);
    if (execution.status === 'RUNNING') execution.status = status;
  }
}
