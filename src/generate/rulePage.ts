import type { FileExample, RowExample, RowsExample, Rule } from './rules';

/** Characters of an example that the page shows. */
const MOST = 60;

/** docs/rules.md: every rule that can reject a row or a file, with examples that tests run. */
export function rulePage(rules: readonly Rule[]): string {
  return [
    '# Rules',
    'Generated from schemas/rules.json by `npm run generate`. Tests run every example: rows on real Spark, files through the header check. An example ' +
      "changes some cells of a sound row, which is made of the first `examples` of the contract's columns; its file arrived at " +
      '2025-05-01T00:00:00Z. Line breaks and bytes that nobody sees are written as `\\n`, `\\u0000`, `\\xFC`.',
    ...section(
      'A row is rejected',
      'A row that breaks a rule is kept in `<dataset>_rejects` with all its reasons, not the first alone; the rows around it load. Surrounding white space ' +
        'is trimmed and an empty cell is null; apart from that text is kept as it is written and never interpreted.',
      rules.filter(({ scope }) => scope === 'row'),
    ),
    ...section(
      'A file is rejected',
      'The file goes to `rejected/` with a document of its reasons, and none of its rows anywhere; the files beside it load.',
      rules.filter(({ scope }) => scope === 'header' || scope === 'content'),
    ),
    ...section(
      'A file fails',
      'The file stays in `raw/` and an alert is sent.',
      rules.filter(({ scope }) => scope === 'file'),
    ),
    '',
  ].join('\n\n');
}

function section(title: string, intro: string, rules: readonly Rule[]): string[] {
  const rows = rules.flatMap(({ name, meaning, examples }) =>
    examples.map((example, index) =>
      [index === 0 ? name : '', index === 0 ? meaning : '', shown(example), escaped(example.message)].join(
        ' | ',
      ),
    ),
  );
  const head = '| rule | meaning | example | what the reason says |\n| --- | --- | --- | --- |';
  return [`## ${title}`, intro, [head, ...rows.map((row) => `| ${row} |`)].join('\n')];
}

function shown(example: RowExample | FileExample | RowsExample): string {
  if ('cells' in example) return `${example.dataset}: ${cells(example.cells)}`;
  if ('line' in example) return `${example.dataset}: the line ${code(example.line)}`;
  if ('rows' in example) {
    const { dataset, maxRejectRate, rows } = example;
    const all = rows.map((row) => (Object.keys(row).length === 0 ? 'a sound row' : cells(row)));
    return `${dataset} with \`x-maxRejectRate\` ${maxRejectRate}: ${all.join('; ')}`;
  }
  const { key, file, times, size } = example;
  return [
    ...(key === undefined ? [] : [code(key)]),
    ...(file === null
      ? ['an object that is gone']
      : [`${code(file)}${times === undefined ? '' : ` ${times} times`}`]),
    ...(size === undefined ? [] : [`of ${size} bytes`]),
  ].join(' ');
}

function cells(changed: Readonly<Record<string, string>>): string {
  return Object.entries(changed)
    .map(([name, text]) => `${name} ${code(text)}`)
    .join(', ');
}

/** Text as code, shortened, with what nobody sees written out. */
function code(text: string): string {
  if (text === '') return '(empty)';
  const visible = JSON.stringify(text.length > MOST ? `${text.slice(0, MOST)}…` : text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll(/\\udc([89a-f][0-9a-f])/g, (_, byte: string) => `\\x${byte.toUpperCase()}`)
    .replaceAll('\u00a0', '\\u00a0');
  return `\`${visible.replaceAll('|', '\\|')}\``;
}

function escaped(message: string): string {
  return message.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
