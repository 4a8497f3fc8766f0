/** How a fault point is written. Operations and targets are regular expressions (docs/local-cloud.md). */
import type { FaultRule } from '../../e2e/lakehouse';
import { type DataFile, products, type Wave } from '../deliveries';
import type { Lab } from '../lab';

/** What a point may do while its fault lasts. */
export interface Meanwhile {
  readonly lab: Lab;
  /** Delivers one more file. */
  readonly deliver: (file: DataFile) => Promise<void>;
  /** Waits until a file of the point has the state. */
  readonly untilState: (name: string, state: string) => Promise<void>;
  /** Waits until the rule, counted from 0, has struck. */
  readonly untilStruck: (rule: number) => Promise<void>;
  /** Waits until a run of the products job that this point's fault caught has ended. */
  readonly untilRunEnded: () => Promise<void>;
  readonly release: (rule: number) => void;
  /** Waits until what the rule held before has been carried out. */
  readonly untilFinished: (rule: number) => Promise<void>;
}

export interface FaultPoint {
  /** Short and unique: prefix of its keys. */
  readonly id: string;
  /** What is cut. */
  readonly where: string;
  /** How, in words. */
  readonly fault: string;
  /** Without another arrival or sweep, or with one. */
  readonly recovers: 'itself' | 'sweep';
  readonly rules: readonly FaultRule[];
  readonly waves: (id: string) => Wave[];
  /** The wave, counted from 1, during which the rules are in force; else the last. */
  readonly wave?: number;
  /** What happens once the first rule has struck; what is held is released after it. */
  readonly meanwhile?: (control: Meanwhile) => Promise<void>;
  /** Seconds that a job or a function may take while the fault lasts. */
  readonly jobTimeout?: number;
  readonly functionTimeout?: readonly [name: string, seconds: number];
}

type More = Partial<FaultRule>;

export function cut(
  id: string,
  [where, fault]: readonly [string, string],
  recovers: FaultPoint['recovers'],
  rules: readonly FaultRule[],
  more: Partial<FaultPoint> = {},
): FaultPoint {
  return { id, where, fault, recovers, rules, waves: products, ...more };
}

export const write = (target: string, more: More = {}): FaultRule => ({
  ...{ service: 'dynamodb', operation: 'TransactWriteItems', target, action: 'kill-caller' },
  ...more,
});
export const object = (operation: string, target: string, more: More = {}): FaultRule => ({
  ...{ service: 's3', operation, target, action: 'kill-caller' },
  ...more,
});
export const call = (service: string, operation: string, more: More = {}): FaultRule => ({
  ...{ service, operation, target: '', action: 'kill-caller' },
  ...more,
});
export const deliver = (key: string, action: FaultRule['action']): FaultRule => ({
  ...{ service: 'events', operation: 'Deliver', target: `"${key}"`, action },
});

export const after = { moment: 'after' } as const;
export const lost = { moment: 'after', action: 'drop' } as const;
export const hold = { action: 'hold' } as const;
/** One more than an AWS SDK tries: the caller fails once. */
export const outage = { action: 'error', times: 4 } as const;

export const log = (table: string): string => `/${table}/_delta_log/\\d+\\.json`;
export const parquet = (table: string): string => `/${table}/(.*/)?part-.*\\.parquet`;
export const PREPARED = '/prepared/products\\.json';
export const RESULT = '/results/products\\.json';
