/** The process died: nothing catches this. */
export class Crash extends Error {}

/** Counts the writes to the outside and can end the process before or after one of them. */
export class Faults {
  writes = 0;
  private plan: { at: number; when: 'before' | 'after' } | undefined;

  crashAt(at: number, when: 'before' | 'after'): void {
    this.writes = 0;
    this.plan = { at, when };
  }

  async around<T>(write: () => T): Promise<T> {
    await Promise.resolve();
    const hit = this.plan?.at === ++this.writes ? this.plan.when : undefined;
    if (hit !== undefined) this.plan = undefined;
    if (hit === 'before') throw new Crash(`before write ${this.writes}`);
    const result = write();
    if (hit === 'after') throw new Crash(`after write ${this.writes}`);
    return result;
  }
}
