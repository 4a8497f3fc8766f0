import { describe, expect, it } from '@jest/globals';
import type { Contract } from '../../../src/contract/contracts';
import systemColumns from '../../../schemas/tables/system-columns.json';
import { ofBatch, ofTables, type Scope, validationSql } from '../../../src/generate/validationSql';

const parent: Contract = {
  $id: 'parent',
  title: 'Parent',
  description: '',
  'x-primaryKey': 'code',
  'x-partitionBy': null,
  'x-foreignKeys': [],
  'x-evolution': 'strict',
  required: ['code'],
  properties: {
    code: { type: 'string', description: '' },
    note: { type: ['string', 'null'], description: '' },
  },
};
const child: Contract = {
  ...parent,
  'x-primaryKey': 'line',
  'x-foreignKeys': [{ column: 'of', dataset: 'parent' }],
  properties: {
    line: { type: 'string', description: '' },
    of: { type: 'string', description: '' },
    amount: { type: 'integer', minimum: 1, maximum: 9, description: '' },
    at: {
      type: 'string',
      format: 'date-time',
      'x-timestampRange': { earliest: '2001-02-03T04:05:06Z', daysAfterArrival: 1 },
      description: '',
    },
  },
};
const checksOf = (scope: Scope): string[] =>
  validationSql({ parent, child }, ['parent', 'child'], scope).split(/\nUNION ALL\n(?=SELECT ')/);
const written = `"${systemColumns.writtenBy}" = :batch`;

/** The conditions of the scans in a check. */
function predicates(sql = ''): string[] {
  return [...sql.matchAll(/^ {2}SELECT count\(\*\) AS cells FROM \w+ WHERE (.+)$/gmu)].map(
    ([, found = '']) => found,
  );
}

describe.each([
  { scope: ofTables, where: 'whole tables', own: (predicate: string) => predicate },
  { scope: ofBatch, where: 'a batch', own: (predicate: string) => `${written} AND (${predicate})` },
])('validationSql of $where', ({ scope, own }) => {
  const checks = checksOf(scope);

  it('names every check of every dataset once', () => {
    expect(checks.map((sql) => /^SELECT '(\w+)' AS name/.exec(sql)?.[1])).toEqual([
      'parent_primary_key_unique',
      'parent_required_present',
      'child_primary_key_unique',
      'child_required_present',
      'child_within_range',
      'child_of_exists',
    ]);
  });

  it('leaves nullable columns out of the presence check', () => {
    expect(predicates(checks[1])).toEqual([own('"code" IS NULL')]);
    expect(checks[1]).not.toContain('note');
  });

  it('bounds numbers and timestamps by the contract', () => {
    expect(predicates(checks[4])).toEqual([
      own('"amount" < 1 OR "amount" > 9'),
      own(`"at" < TIMESTAMP '2001-02-03 04:05:06'`),
    ]);
  });

  it('names one column in each predicate, or no statistics could answer it', () => {
    const found = checks.flatMap((sql) => predicates(sql));
    expect(found).toHaveLength(7);
    for (const predicate of found) {
      const names = [...predicate.replace(written, '').matchAll(/"(\w+)"/gu)].map(([, name]) => name);
      expect(new Set(names).size).toBe(1);
    }
  });
});

describe('validationSql of whole tables', () => {
  it('looks a foreign key up in the primary key of its parent', () => {
    expect(checksOf(ofTables)[5]).toContain(
      'FROM child c LEFT JOIN parent p ON c."of" = p."code" WHERE p."code" IS NULL',
    );
  });
});

describe('validationSql of a batch', () => {
  it('reads no table but by the rows of the batch, or joined with their keys on its right', () => {
    const scans = checksOf(ofBatch).flatMap((sql) => [...sql.matchAll(/FROM (?:parent|child) ?.*/gu)]);
    expect(scans).toHaveLength(11);
    for (const [scan] of scans) {
      expect(scan).toMatch(
        /^FROM \w+ (?:WHERE|\w JOIN \(SELECT DISTINCT "\w+" FROM \w+ WHERE) "_batch" = :batch/u,
      );
    }
  });

  it('counts a foreign key that its parent lacks once, however often it is there', () => {
    expect(checksOf(ofBatch)[5]?.trim()).toBe(
      [
        `SELECT 'child_of_exists' AS name, sum(keys) AS violations FROM (`,
        `  SELECT count(DISTINCT "of") AS keys FROM child WHERE ${written}`,
        '  UNION ALL',
        '  SELECT -count(DISTINCT p."code") AS keys FROM parent p ' +
          `JOIN (SELECT DISTINCT "of" FROM child WHERE ${written}) b ON p."code" = b."of"`,
        ')',
      ].join('\n'),
    );
  });
});
