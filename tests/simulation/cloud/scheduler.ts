import { setImmediate } from 'node:timers';
import type { Random } from '../random';

/** Something that runs beside others: an execution, an invocation of a function, the driver of a job run. */
export class Actor {
  /** A dead actor never goes on: what it awaits never answers. */
  alive = true;

  constructor(readonly name: string) {}
}

interface Parked {
  readonly actor: Actor;
  readonly until: number;
  readonly resume: () => void;
}

/**
 * Decides who goes on. Every call to the outside pauses first, and of all actors that are paused one is chosen at
 * random, so that any order of their steps can happen; the same seed repeats it.
 */
export class Scheduler {
  private parked: Parked[] = [];

  constructor(
    private readonly random: Random,
    /** Milliseconds since 1970; stands still while anybody can go on. */
    public time: number,
  ) {}

  pause(actor: Actor): Promise<void> {
    return this.sleep(actor, 0);
  }

  sleep(actor: Actor, seconds: number): Promise<void> {
    return new Promise((resume) => {
      if (actor.alive) this.parked.push({ actor, until: this.time + seconds * 1000, resume });
    });
  }

  /** What the actor is about to do it does so many seconds later. */
  delay(actor: Actor, seconds: number): void {
    this.parked = this.parked.map((parked) =>
      parked.actor === actor ? { ...parked, until: parked.until + seconds * 1000 } : parked,
    );
  }

  /** Lets one actor make its next step; false when none is left. */
  async step(): Promise<boolean> {
    this.parked = this.parked.filter(({ actor }) => actor.alive);
    let ready = this.parked.filter(({ until }) => until <= this.time);
    if (ready.length === 0) {
      if (this.parked.length === 0) return false;
      this.time = Math.min(...this.parked.map(({ until }) => until));
      ready = this.parked.filter(({ until }) => until <= this.time);
    }
    const next = this.random.pick(ready);
    this.parked.splice(this.parked.indexOf(next), 1);
    next.resume();
    await this.calm();
    return true;
  }

  /** Everybody has paused again, ended or died. */
  calm(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}
