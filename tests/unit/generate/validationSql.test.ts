import { describe, expect, it } from '@jest/globals';
import type { Contract } from '../../../src/contract/contracts';
import { validationSql } from '../../../src/generate/validationSql';

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
const checks = validationSql({ parent, child }, ['parent', 'child']).split(/\nUNION ALL\n(?=SELECT ')/);

/** The conditions of the scans in a check. */
function predicates(sql = ''): string[] {
  return [...sql.matchAll(/^ {2}SELECT count\(\*\) AS cells FROM \w+ WHERE (.+)$/gmu)].map(
    ([, found = '']) => found,
  );
}

describe('validationSql', () => {
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
    expect(predicates(checks[1])).toEqual(['"code" IS NULL']);
    expect(checks[1]).not.toContain('note');
  });

  it('bounds numbers and timestamps by the contract', () => {
    expect(predicates(checks[4])).toEqual([
      '"amount" < 1 OR "amount" > 9',
      `"at" < TIMESTAMP '2001-02-03 04:05:06'`,
    ]);
  });

  it('names one column in each predicate, or no statistics could answer it', () => {
    const found = checks.flatMap((sql) => predicates(sql));
    expect(found).toHaveLength(7);
    for (const predicate of found) {
      expect(new Set([...predicate.matchAll(/"(\w+)"/gu)].map(([, name]) => name)).size).toBe(1);
    }
  });

  it('looks a foreign key up in the primary key of its parent', () => {
    expect(checks[5]).toContain(
      'FROM child c LEFT JOIN parent p ON c."of" = p."code" WHERE p."code" IS NULL',
    );
  });
});
