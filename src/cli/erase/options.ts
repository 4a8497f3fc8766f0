import { type StageOptions } from '../stage';

/** What `erase` is called with. */
export interface EraseOptions extends StageOptions {
  readonly user: string;
  readonly timeout: string;
}

/** What `hold` is called with. */
export interface HoldOptions extends StageOptions {
  readonly add?: string;
  readonly remove?: string;
  readonly reason?: string;
}
