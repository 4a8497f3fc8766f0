import { type Executions } from '../../execution/executions';
import { type Objects } from '../../objects/objects';
import { type Store } from '../../store/store';
import { type Clock, type RunView } from '../ingest/follow';
import { type Terminal } from '../terminal';

/** What a command works on that asks for an entry of the log and follows it. */
export interface RequestPorts {
  readonly store: Store;
  readonly objects: Objects;
  readonly executions: Pick<Executions, 'start'>;
  readonly view: RunView;
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly newId: () => string;
}
