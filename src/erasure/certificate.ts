import type { Certificate } from '../../generated/types/documents/certificate';
import type { Location } from '../objects/objects';

/** How long what an erasure does not reach is kept, in days. */
export interface Retention {
  readonly logDays: number;
  readonly auditDays: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Of DynamoDB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html */
const BACKUP_DAYS = 35;
/** Of Athena: https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html */
const QUERY_HISTORY_DAYS = 45;

export function certificateLocation(artefactsBucket: string, entry: number): Location {
  return { bucket: artefactsBucket, key: `certificates/${String(entry).padStart(6, '0')}.json` };
}

/** What an erasure does not reach, and when it is gone. */
export function exceptionsOf(
  closedAt: Date,
  { logDays, auditDays }: Retention,
  unsearchable: readonly string[],
): Certificate['exceptions'] {
  const after = (days: number): string => new Date(closedAt.getTime() + days * DAY_MS).toISOString();
  return [
    {
      what: 'Backups of the ledger (point-in-time recovery): reasons that quoted a refused file',
      until: after(BACKUP_DAYS),
    },
    {
      what: 'The audit trail, which nobody can change: names of objects and callers, no content',
      until: after(auditDays),
    },
    { what: 'Logs of functions and jobs: no rows, but messages of engines', until: after(logDays) },
    {
      what: 'The history of queries at Athena: their text, with what people asked for',
      until: after(QUERY_HISTORY_DAYS),
    },
    {
      what: 'Files under raw/ that wait, have failed or were withdrawn: they are cleaned when they load',
      until: null,
    },
    { what: 'Copies that somebody made outside the buckets of the service', until: null },
    ...unsearchable.map((key) => ({
      what: `${key}: no text, nobody can tell whether it names the person`,
      until: null,
    })),
  ];
}
