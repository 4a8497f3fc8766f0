import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isolate, otherHalfOf } from '../../../src/outcome/isolate';

/** Loads the files as entries would, group by group, and isolates what fails; what became of each file. */
function narrow(fileIds: readonly string[], errorOf: (fileIds: readonly string[]) => string | undefined) {
  const loaded: string[] = [];
  const failed: string[] = [];
  const stopped: string[] = [];
  const errors = new Map<string, string>();
  let open: { group: string | undefined; fileIds: readonly string[] }[] = [{ group: undefined, fileIds }];
  let runs = 0;
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    runs++;
    const error = errorOf(next.fileIds);
    if (error === undefined) {
      loaded.push(...next.fileIds);
      continue;
    }
    const { group } = next;
    if (group !== undefined) errors.set(group, error);
    const otherHalf = group === undefined ? undefined : errors.get(otherHalfOf(group));
    const result = isolate({ batch: 7, fileIds: next.fileIds, group, error, otherHalf });
    failed.push(...result.failed);
    // what the other half was taken apart into waits with this one
    if (result.backOff && group !== undefined) {
      const apart = open.filter((other) => other.group?.startsWith(otherHalfOf(group)));
      stopped.push(...apart.flatMap((other) => other.fileIds));
      open = open.filter((other) => !apart.includes(other));
    }
    const groups = new Map<string | undefined, string[]>();
    for (const [fileId, into] of result.waiting) groups.set(into, [...(groups.get(into) ?? []), fileId]);
    for (const [into, ids] of groups) {
      if (into === undefined) stopped.push(...ids);
      else open.push({ group: into, fileIds: ids });
    }
  }
  return { loaded, failed, stopped, runs };
}

const files = fc
  .integer({ min: 1, max: 64 })
  .map((count) => Array.from({ length: count }, (_, n) => `f${n}`));
const withPoison = files.chain((ids) =>
  fc.tuple(fc.constant(ids), fc.subarray(ids, { maxLength: Math.min(4, ids.length) })),
);

test('halving finds exactly the files that fail, when each fails in its own way', () => {
  fc.assert(
    fc.property(withPoison, ([ids, poisoned]) => {
      const { loaded, failed, stopped, runs } = narrow(ids, (some) =>
        poisoned.find((id) => some.includes(id)),
      );
      expect(failed.toSorted()).toEqual(poisoned.toSorted());
      expect(loaded.length).toBe(ids.length - poisoned.length);
      expect(stopped).toEqual([]);
      // the whole, and for each of them at most the two halves at every depth
      expect(runs).toBeLessThanOrEqual(1 + 2 * poisoned.length * Math.ceil(Math.log2(ids.length || 1)));
    }),
  );
});

test('no file is blamed for a failure that it does not cause, and none is lost', () => {
  fc.assert(
    fc.property(withPoison, ([ids, poisoned]) => {
      const alike = (some: readonly string[]): string | undefined =>
        poisoned.some((id) => some.includes(id)) ? 'RowsUnaccounted' : undefined;
      const { loaded, failed, stopped } = narrow(ids, alike);
      expect(failed.filter((id) => !poisoned.includes(id))).toEqual([]);
      expect([...loaded, ...failed, ...stopped].toSorted()).toEqual(ids.toSorted());
    }),
  );
});

test('an outage blames nobody where there are files to compare', () => {
  fc.assert(
    fc.property(files, (ids) => {
      const { loaded, failed } = narrow(ids, () => 'RowsUnaccounted');
      expect(loaded).toEqual([]);
      // the first of two has nothing to be compared with
      expect(failed.length).toBe(ids.length > 2 ? 0 : 1);
    }),
  );
});

test('the other half of the other half is the half itself', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[1-9]\d{0,3}\.[01]{1,8}$/), (group) => {
      expect(otherHalfOf(group)).not.toBe(group);
      expect(otherHalfOf(otherHalfOf(group))).toBe(group);
      expect(otherHalfOf(group).slice(0, -1)).toBe(group.slice(0, -1));
    }),
  );
});
