import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { branchPaths, chunkPaths, heldPath, loadPath, settlePath } from '../../../src/cost/transitions';

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next?: string }[];
  readonly Branches?: readonly Machine[];
  readonly ItemProcessor?: Machine;
}
interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

const file = path.resolve(__dirname, '../../../state-machine/ingest.asl.yml');
const machine = parse(readFileSync(file, 'utf8'), { merge: true }) as Machine;

function nested({ States }: Machine): Machine[] {
  return Object.values(States).flatMap(({ Branches = [], ItemProcessor }) => [
    ...Branches,
    ...(ItemProcessor === undefined ? [] : [ItemProcessor]),
  ]);
}

/** Whether one state of the definition leads to the next, all along the path. */
function leads({ States }: Machine, names: readonly string[]): boolean {
  return names.slice(1).every((name, index) => {
    const { Next, Default, Choices = [] } = States[names[index] ?? ''] ?? { Type: '' };
    return [Next, Default, ...Choices.map((choice) => choice.Next)].includes(name);
  });
}

test('the states that are counted are a way through the definition, from its start to its success', () => {
  expect(loadPath[0]).toBe(machine.StartAt);
  expect(machine.States[loadPath.at(-1) ?? '']?.Type).toBe('Succeed');
  expect(leads(machine, loadPath)).toBe(true);
  expect(leads(machine, heldPath)).toBe(true);
  expect(machine.States[heldPath.at(-1) ?? '']?.Type).toBe('Succeed');
  expect(leads(machine, [...settlePath, 'BatchPlanned'])).toBe(true);
});

test('so are those inside its branches and chunks', () => {
  const inner = nested(machine);
  const ofPath = loadPath.flatMap((name) => {
    const { Branches = [], ItemProcessor } = machine.States[name] ?? { Type: '' };
    return [...Branches, ...(ItemProcessor === undefined ? [] : [ItemProcessor])];
  });
  for (const names of [...branchPaths, ...chunkPaths]) {
    const found = inner.find(({ StartAt }) => StartAt === names[0]);
    expect(found && leads(found, names)).toBe(true);
  }
  expect(ofPath).toHaveLength(branchPaths.length + chunkPaths.length);
});
