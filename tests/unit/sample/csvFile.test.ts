import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvLine } from '../../../src/sample/csvFile';

describe('a CSV line of the sample', () => {
  it('reads back as the cells that were written, whatever stands in them', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 8 }), (cells) => {
        expect(parse(`${csvLine(cells)}\n`, { bom: false, record_delimiter: '\n' })).toEqual([cells]);
      }),
    );
  });
});
