import { ServiceUnavailable } from '../../../src/errors';
import type { Random } from '../random';
import type { Actor, Scheduler } from './scheduler';

/** How likely each fault is in a history; 0 switches it off. */
export interface FaultRates {
  /** A call to a service fails before it has an effect. */
  throttled: number;
  /** A call takes effect, but its answer is lost. */
  replyLost: number;
  /** Somebody dies, at each step of anybody. */
  death: number;
  /** What is declared dead goes on all the same. */
  zombie: number;
  /** Most seconds for which what goes on unseen is held up first. */
  lag: number;
  /** A job fails as if a file were to blame. */
  falsePoison: number;
  /** The validation finds one violation more than there is. */
  falseAlarm: number;
}

export const NO_FAULTS: FaultRates = {
  ...{ throttled: 0, replyLost: 0, death: 0, zombie: 0, lag: 0, falsePoison: 0, falseAlarm: 0 },
};

/** The way to every service: a pause, and what can go wrong on the way there and back. */
export class Wire {
  rates = NO_FAULTS;

  constructor(
    private readonly random: Random,
    private readonly scheduler: Scheduler,
  ) {}

  /** Somebody is declared dead; a zombie goes on, perhaps much later. */
  kill(actor: Actor): void {
    if (!this.random.chance(this.rates.zombie)) actor.alive = false;
    else if (this.rates.lag > 0) this.scheduler.delay(actor, this.random.below(this.rates.lag));
  }

  async call<T>(actor: Actor, what: string, action: () => T | Promise<T>): Promise<T> {
    await this.scheduler.pause(actor);
    if (this.random.chance(this.rates.throttled)) throw new ServiceUnavailable(`${what} was throttled`);
    const answer = await action();
    if (this.random.chance(this.rates.replyLost)) throw new ServiceUnavailable(`${what} was not heard of`);
    return answer;
  }
}
