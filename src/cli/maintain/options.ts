import { type StageOptions } from '../stage';

/** What `maintain` is called with. */
export interface MaintainOptions extends StageOptions {
  readonly table?: string;
  readonly dryRun?: true;
  readonly timeout: string;
}
