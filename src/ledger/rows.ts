import type { Rows } from '../../generated/types/documents/fileItem';

export type { Rows };

/** The counts of `a` changed by those of `b`, or with `sign` -1 the change taken back. */
export function sum(a: Rows, b: Rows, sign: 1 | -1 = 1): Rows {
  const erased = (a.erased ?? 0) + sign * (b.erased ?? 0);
  return {
    read: a.read + sign * b.read,
    inserted: a.inserted + sign * b.inserted,
    updated: a.updated + sign * b.updated,
    unchanged: a.unchanged + sign * b.unchanged,
    superseded: a.superseded + sign * b.superseded,
    duplicate: a.duplicate + sign * b.duplicate,
    rejected: a.rejected + sign * b.rejected,
    orphaned: a.orphaned + sign * b.orphaned,
    ...(erased === 0 ? {} : { erased }),
  };
}
