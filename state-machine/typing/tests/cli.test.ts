/** The command as it is started, on files. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const COMMAND = join(__dirname, '..', 'bin', 'asl.cjs');
const CONTRACTS = join(__dirname, 'trip.contracts.json');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'asl-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
function asl(...args: string[]): { status: number | null; lines: string[]; errors: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8' });
  return { status, lines: stdout.split('\n').filter((line) => line !== ''), errors: stderr };
}

const machine = (output: string) => `QueryLanguage: JSONata
StartAt: Greet
States:
  Greet: { Type: Pass, Output: '{% ${output} %}', Next: Done }
  Done: { Type: Succeed }
`;

describe('asl check', () => {
  it('says nothing about a correct machine and ends with 0', () => {
    const correct = file('correct.asl.yml', machine('$states.input.traveller'));
    expect(asl('check', correct, '--contracts', CONTRACTS)).toEqual({ status: 0, lines: [], errors: '' });
  });

  it('prints a line for each finding, with its place, expression and what to do, and ends with 1', () => {
    const wrong = file('wrong.asl.yml', machine('$states.input.travelr & $states.input.city'));
    const { status, lines } = asl('check', wrong, '--contracts', CONTRACTS);
    expect(status).toBe(1);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(`${wrong}:4:50: Greet: there is no property travelr`);
    expect(lines[0]).toContain('in {% $states.input.travelr & $states.input.city %}; correct the name');
  });

  it('prints findings as JSON', () => {
    const wrong = file('json.asl.yml', machine('$states.input.coupon'));
    const { lines } = asl('check', wrong, '--contracts', CONTRACTS, '--json');
    expect(JSON.parse(lines.join('\n'))).toMatchObject([
      {
        check: 'missing',
        file: wrong,
        line: 4,
        column: 50,
        state: 'Greet',
        expression: ' $states.input.coupon ',
      },
    ]);
  });

  it('reports what cannot be known only if asked', () => {
    const open = file('open.asl.yml', machine('$states.input.traveller ~> $parse()'));
    expect(asl('check', open, '--contracts', CONTRACTS).lines).toEqual([]);
    const { status, lines } = asl('check', open, '--contracts', CONTRACTS, '--strict');
    expect([status, lines.length]).toEqual([1, 1]);
    expect(lines[0]).toContain('4:36: Greet: the type cannot be known');
  });

  it('points at what is no YAML', () => {
    const { status, lines } = asl('check', file('broken.asl.yml', 'StartAt: [A\n'));
    expect([status, lines.length]).toEqual([1, 1]);
    expect(lines[0]).toContain('[syntax]');
  });

  it.each([
    ['no text', '', ':1:1: the file is empty'],
    ['a list', '[]', ':1:1: the file holds no machine'],
    ['two documents', `${machine('1')}---\n{}\n`, ':6:1: Source contains multiple documents'],
    ['a key twice', 'StartAt: A\nStartAt: B\n', ':2:1: Map keys must be unique'],
  ])('points at the place from which a file with %s is no machine', (title, text, told) => {
    const wrong = file(`${title}.asl.yml`, text);
    expect(asl('check', wrong).lines).toEqual([expect.stringContaining(`${wrong}${told}`)]);
    expect(asl('types', wrong)).toMatchObject({
      status: 2,
      lines: [],
      errors: expect.stringContaining(`${wrong}${told}`),
    });
  });

  it('reads a definition in JSON with the functions of CloudFormation', () => {
    const task = {
      Type: 'Task',
      Resource: { 'Fn::GetAtt': ['FindHotel', 'Arn'] },
      Arguments: { traveller: { Ref: 'Name' }, nights: 0 },
      TimeoutSeconds: 5,
      End: true,
    };
    const json = file(
      'wrong.asl.json',
      JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'A', States: { A: task } }),
    );
    const { status, lines } = asl('check', json, '--contracts', CONTRACTS);
    expect([status, lines]).toEqual([
      1,
      [expect.stringContaining('1:166: A: Arguments.nights may be 0, but has to be integer from 1')],
    ]);
  });

  it.each([
    ['is not there', () => join(folder, 'nobody.asl.yml')],
    ['is a folder', () => folder],
  ])('ends with 2 and names the file when it %s', (_, path) => {
    expect(asl('check', path())).toMatchObject({ status: 2, errors: expect.stringContaining(path()) });
  });

  it.each([
    ['is no JSON', '{', 'cannot be read as JSON'],
    ['has another shape', '[]', 'expected an object'],
    ['has a member that nobody reads', '{ "inputs": "start.json" }', 'there is no member inputs'],
    ['names a schema that is not there', '{ "input": "nobody.json" }', 'nobody.json names no file'],
    ['points at nothing in a schema', '{ "input": "here.json#/start" }', '#/start names nothing'],
    [
      'lists errors as a text',
      '{ "functions": { "A": { "errors": "B" } } }',
      'expected a list of error names',
    ],
  ])('ends with 2 when the contracts file %s', (_, text, told) => {
    file('here.json', '{}');
    const contracts = file('unusable.json', text);
    const { status, errors } = asl('check', file('any.asl.yml', machine('1')), '--contracts', contracts);
    expect([status, errors]).toEqual([2, expect.stringContaining(told)]);
  });

  it.each([
    ['a file', ['check'], 'missing required argument'],
    ['a command that exists', ['prove', 'a.yml'], 'unknown command'],
    ['an option that exists', ['check', 'a.yml', '--fast'], 'unknown option'],
  ])('ends with 2 when it is called without %s', (_, args, told) => {
    expect(asl(...args)).toMatchObject({ status: 2, errors: expect.stringContaining(told) });
  });

  it('helps, and ends with 0', () => {
    expect(asl('--help')).toMatchObject({ status: 0, errors: '' });
  });

  it('finds the contracts that lie beside the definition', () => {
    file('beside.contracts.json', JSON.stringify({ input: 'start.json' }));
    file(
      'start.json',
      JSON.stringify({ type: 'object', properties: { a: {} }, additionalProperties: false }),
    );
    expect(asl('check', file('beside.asl.yml', machine('$states.input.b'))).status).toBe(1);
  });
});

describe('asl types', () => {
  it('prints the input, the variables and the output of each state', () => {
    const { status, lines } = asl(
      'types',
      file('types.asl.yml', machine('$states.input.nights')),
      '--contracts',
      CONTRACTS,
    );
    expect(status).toBe(0);
    expect(lines.slice(-3)).toEqual(['Done (Succeed)', '  input    integer', '  output   integer']);
  });

  it('prints them as JSON Schema', () => {
    const { lines } = asl(
      'types',
      file('schema.asl.yml', machine('$states.input.nights')),
      '--contracts',
      CONTRACTS,
      '--json',
    );
    expect(JSON.parse(lines.join('\n'))).toMatchObject({ Done: { input: { type: 'integer', minimum: 1 } } });
  });
});

describe('asl graph', () => {
  it('draws each state and the type on each edge, the same every time', () => {
    const drawn = file('graph.asl.yml', machine('$states.input.nights'));
    const svg = join(folder, 'graph.svg');
    expect(asl('graph', drawn, '--contracts', CONTRACTS, '--out', svg).status).toBe(0);
    const text = readFileSync(svg, 'utf8');
    for (const label of ['>Greet<', '>Done<', '>integer<']) expect(text).toContain(label);
    expect(asl('graph', drawn, '--contracts', CONTRACTS, '--check', svg)).toMatchObject({
      status: 0,
      lines: [],
    });
  });

  it('tells of a drawing of another machine', () => {
    const drawn = file('other.asl.yml', machine('$states.input.traveller'));
    expect(asl('graph', drawn, '--contracts', CONTRACTS, '--check', file('old.svg', '<svg/>')).status).toBe(
      1,
    );
  });
});
