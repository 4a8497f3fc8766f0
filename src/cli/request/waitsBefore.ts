import { type RequestItem } from '../../ledger/items';
import { CommandFailed } from '../errors';

/** What to say when a request for something else waits: one comes after the other. */
export function waitsBefore(request: RequestItem): CommandFailed {
  return new CommandFailed(
    `${nameOf(request)} was asked for before and waits: one comes after the other. Ask again later`,
  );
}

function nameOf(request: RequestItem): string {
  switch (request.operation) {
    case 'rollback':
      return `The rollback of batch ${request.batch}`;
    case 'maintenance':
      return 'Maintenance';
    case 'erasure':
      return 'The erasure of a person';
  }
}
