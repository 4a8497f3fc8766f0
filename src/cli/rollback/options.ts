import { type StageOptions } from '../stage';

/** What `rollback` is called with. */
export interface RollbackOptions extends StageOptions {
  readonly batch: string;
  readonly dryRun?: true;
  readonly timeout: string;
}
