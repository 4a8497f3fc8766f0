import { expect, test } from '@jest/globals';
import document from '../../../schemas/rules.json';
import type { ManifestFile } from '../../../src/batch/documents';
import { contracts, datasetNames } from '../../../src/contract/contracts';
import { termsOf } from '../../../src/contract/terms';
import { type FileExample, parseRules } from '../../../src/generate/rules';
import { FAILURE_RULES, judgeFile } from '../../../src/verdict/judgeFile';

const rules = parseRules(document);
const terms = Object.fromEntries(datasetNames.map((name) => [name, termsOf(contracts[name], 'local')]));
const fileExamples = rules
  .filter(({ scope }) => scope === 'header' || scope === 'file')
  .flatMap(({ name, examples }) =>
    examples.flatMap((example) => ('file' in example ? [{ name, example }] : [])),
  );

/** The bytes of an example: U+DC80 to U+DCFF stand for single bytes. */
function bytesOf({ file, times = 1 }: FileExample): Uint8Array | undefined {
  if (file === null) return undefined;
  const parts = Array.from(file.repeat(times), (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(character);
  });
  return Buffer.concat(parts);
}

function judge(example: FileExample) {
  const bytes = bytesOf(example);
  const file: ManifestFile = {
    ...{ fileId: 'f', dataset: example.dataset, key: example.key ?? 'raw/products/a.csv', versionId: 'v' },
    ...{ size: example.size ?? bytes?.length ?? 1, etag: 'e', lastModified: '2025-05-01T00:00:00Z' },
    ...{ sequence: 's', chunk: 0, processingKey: 'processing/f.csv' },
    ...{ location: null, earlierBatch: null, loaded: null },
  };
  const read = (_: unknown, most?: number) => Promise.resolve(bytes?.subarray(0, most));
  return judgeFile({ read }, { landingBucket: 'landing', contracts: terms }, file);
}

test.each(fileExamples)('$name says of its example what the table says', async ({ name, example }) => {
  const { accepted, reasons } = await judge(example);
  expect(accepted).toBe(false);
  expect(reasons).toContainEqual({ rule: name, column: example.column, message: example.message });
});

test('every rule for a file has an example here, and the example of no rule is left out', () => {
  const shown = new Set(fileExamples.map(({ name }) => name));
  const named = rules.filter(({ scope }) => scope === 'header' || scope === 'file').map(({ name }) => name);
  expect([...shown].sort()).toEqual([...named].sort());
  expect(fileExamples).toHaveLength(
    rules.filter(({ name }) => named.includes(name)).flatMap(({ examples }) => examples).length,
  );
});

test('the rules that fail a file are the ones that the list says', () => {
  const listed = rules.filter(({ scope }) => scope === 'file').map(({ name }) => name);
  expect([...FAILURE_RULES].sort()).toEqual(listed.sort());
});

test('a rule has one name and a list without an example is refused', () => {
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  expect(() => parseRules([{ ...rules[0], examples: [] }])).toThrow(/examples must NOT have fewer than 1/);
});
