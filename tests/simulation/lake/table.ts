import { JobInterrupted } from '../../../src/errors';

/** What a commit says of itself: the transaction marker and the manifest it belongs to. */
export interface Step {
  readonly appId: string;
  readonly number: number;
  readonly manifestHash: string;
}

/** An append conflicts only with a commit of the same marker, the others with every commit between. */
export type WriteKind = 'append' | 'merge' | 'restore';

interface Commit<Row> {
  readonly rows: readonly Row[];
  readonly step: Step | undefined;
  /** Whether Delta heard of the marker; without one nothing stops a second commit. */
  readonly marked: boolean;
  readonly isRestore: boolean;
  /** Whether its run had lost the lease. */
  readonly isLate: boolean;
}

/** A transaction between its beginning and its commit. */
export interface Transaction<Row> {
  /** False when the marker is there already: Delta then skips the write. */
  readonly due: boolean;
  /** @throws JobInterrupted when a commit that came between conflicts. */
  commit(change: (rows: readonly Row[]) => readonly Row[], isLate?: boolean): void;
}

/** A Delta table: a row of commits, each with the rows after it. */
export class DeltaTable<Row> {
  private readonly commits: Commit<Row>[] = [];

  constructor(
    readonly name: string,
    /** Told of every new version. */
    private readonly onCommit: (version: number) => void,
  ) {}

  get version(): number {
    return this.commits.length - 1;
  }

  /** Rows at a version; none at version -1. */
  rows(version = this.version): readonly Row[] {
    return this.commits[version]?.rows ?? [];
  }

  create(): void {
    if (this.version < 0)
      this.add({ rows: [], step: undefined, marked: false, isRestore: false, isLate: false });
  }

  /** The newest marker of the application. */
  marker(appId: string): Step | undefined {
    return this.commits.findLast(({ step, marked }) => marked && step?.appId === appId)?.step;
  }

  /** The commits after a version, in order. */
  since(version: number): readonly Commit<Row>[] {
    return this.commits.slice(version + 1);
  }

  /**
   * Begins a write. RESTORE sets no marker, and leaves those that are there.
   * https://docs.delta.io/latest/concurrency-control.html
   */
  begin(step: Step, kind: WriteKind, marked: boolean): Transaction<Row> {
    const start = this.version;
    const due = !marked || (this.marker(step.appId)?.number ?? -1) < step.number;
    return {
      due,
      commit: (change, isLate = false) => {
        const between = this.since(start);
        const conflicts = between.some(
          (commit) => kind !== 'append' || (marked && commit.step?.appId === step.appId),
        );
        if (conflicts) throw new JobInterrupted(`${this.name} was changed by another writer meanwhile`);
        this.add({ rows: change(this.rows()), step, marked, isRestore: kind === 'restore', isLate });
      },
    };
  }

  private add(commit: Commit<Row>): void {
    this.commits.push(commit);
    this.onCommit(this.version);
  }
}
