import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { commandOf, launchEntry } from '../fakes/editor';

// starts jest and pytest
jest.setTimeout(120_000);

const PROJECT = path.resolve(__dirname, '../../..');

interface Task {
  readonly label: string;
  readonly type: 'npm' | 'shell';
  readonly script?: string;
  readonly command?: string;
  readonly options?: { readonly env: Readonly<Record<string, string>> };
}
const read = (...name: string[]): unknown => JSON.parse(readFileSync(path.join(PROJECT, ...name), 'utf8'));
const { tasks } = read('.vscode', 'tasks.json') as { tasks: Task[] };
const { scripts } = read('package.json') as { scripts: Record<string, string> };

describe('the launch menu', () => {
  it.each([
    ['Debug the current test', 'tests/unit/release/drift.test.ts', '1 passed'],
    ['Debug the current Glue test', 'tests/glue/test_contract.py', ' passed'],
  ])('runs what "%s" says', (name, file, told) => {
    const [program = '', ...args] = commandOf(launchEntry(name, { file: path.join(PROJECT, file) }));
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: PROJECT, encoding: 'utf8' });
    expect([status, stdout + stderr]).toEqual([0, expect.stringContaining(told)]);
  });

  it('attaches to a Glue job where the task lets it wait, with the code of the project', () => {
    const { connect, pathMappings = [] } = launchEntry('Attach to a Glue job');
    const waiting = tasks.flatMap(({ options }) => options?.env['LOCALCLOUD_GLUE_DEBUG'] ?? []);
    expect(waiting).toEqual([String(connect?.port)]);
    expect(pathMappings.map(({ localRoot }) => existsSync(path.join(localRoot, 'load_dataset.py')))).toEqual([
      true,
    ]);
  });
});

describe('the tasks', () => {
  it('are scripts of the project or commands that a person can type', () => {
    for (const { label, type, script = '', command = '' } of tasks) {
      const commands = command.split(' && ').map((one) => /^npx lakehouse (\w+)$/.exec(one)?.[1]);
      expect([label, type === 'npm' ? script in scripts : commands.every(commandExists)]).toEqual([
        label,
        true,
      ]);
    }
  });
});

function commandExists(command: string | undefined): boolean {
  if (command === undefined) return false;
  const bin = path.join(PROJECT, 'bin', 'lakehouse.cjs');
  const { stdout } = spawnSync(process.execPath, [bin, command, '--help'], { encoding: 'utf8' });
  return stdout.startsWith(`Usage: lakehouse ${command} `);
}
