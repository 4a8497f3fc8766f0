import { type Selection, selectionOfFile } from '../../replay/selection';
import { UsageError } from '../errors';
import { type StageOptions } from '../stage';

/** What `replay` is called with. */
export interface ReplayOptions extends StageOptions {
  readonly file?: readonly string[];
  readonly batch?: string;
  readonly failed?: true;
  readonly from?: string;
  readonly to?: string;
  readonly dryRun?: true;
  readonly timeout: string;
}

/**
 * Which files the options mean: exactly one way to choose them.
 *
 * @throws UsageError
 */
export function selectionsOf({ file, batch, failed, from, to }: ReplayOptions): Selection[] {
  const arrival = from === undefined && to === undefined ? undefined : arrivalBetween(from, to);
  const ways: (Selection[] | undefined)[] = [
    file?.map(selectionOfFile),
    batch === undefined ? undefined : [{ by: 'batch', number: batchNumber(batch) }],
    failed === undefined ? undefined : [{ by: 'failure' }],
    arrival === undefined ? undefined : [arrival],
  ];
  const [chosen, ...others] = ways.filter((way) => way !== undefined);
  if (chosen !== undefined && others.length === 0) return chosen;
  throw new UsageError('Say which files in one way: --file KEY, --batch N, --failed, or --from and --to');
}

function arrivalBetween(from: string | undefined, to: string | undefined): Selection {
  return {
    by: 'arrival',
    ...(from === undefined ? {} : { from: momentOf(from) }),
    ...(to === undefined ? {} : { to: momentOf(to) }),
  };
}

/** @throws UsageError */
export function batchNumber(text: string): number {
  if (/^[1-9]\d*$/u.test(text)) return Number(text);
  throw new UsageError(`${text} is no batch: write its number`);
}

/** A date is its first moment in UTC. */
function momentOf(text: string): Date {
  const shape = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z)?$/u;
  const moment = new Date(shape.test(text) ? text : Number.NaN);
  if (!Number.isNaN(moment.getTime())) return moment;
  throw new UsageError(`${text} is no moment: write a date such as 2025-04-01, or 2025-04-01T10:00:00Z`);
}
