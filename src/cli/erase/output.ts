import { type EraseOutput } from '../../../generated/types/outputs/erase';
import { renderTable } from '../table';

/** The output for people: what was changed, and what an erasure does not reach. */
export function renderErase({ state, entry, certificateKey, certificate }: EraseOutput): string {
  if (certificate === null)
    return state === 'PENDING'
      ? 'the erasure waits for the batch that is open\n'
      : `the erasure is at work, entry ${entry ?? '?'} of the log\n`;
  const { tables, files, objects, exceptions } = certificate;
  return [
    `erased, entry ${entry ?? '?'} of the log; certificate: ${certificateKey ?? ''}\n`,
    renderTable(
      ['table', 'rows removed'],
      tables.map(({ name, rows }) => [name, rows]),
    ),
    files.length === 0
      ? 'no kept file named the person\n'
      : renderTable(
          ['kept file', 'lines taken out'],
          files.map(({ key, lines }) => [key, lines.length]),
        ),
    `${objects.documents.length} documents no longer quote the person; ${objects.versions} old versions and ` +
      `${objects.queryResults} query results are removed\n`,
    'not reached:\n',
    ...exceptions.map(({ what, until }) => `- ${what}${until === null ? '' : `; until ${until}`}\n`),
  ].join('');
}
