/** Generated from schemas/ by `npm run generate`. */

/**
 * What `lakehouse release list|promote|rollback|prune --json` give: the releases afterwards, newest first.
 */
export type ReleaseOutput = ListedRelease[];

export interface ListedRelease {
  /**
   * Version of the state machine.
   */
  number: number;
  /**
   * Stage parameter release of its deploy.
   */
  name: string;
  createdAt: string;
  /**
   * Share of the starts that go to it, in percent.
   */
  live: number;
  /**
   * Somebody went back from it; a rollback passes it by.
   */
  withdrawn: boolean;
}
