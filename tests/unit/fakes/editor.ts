import { readFileSync } from 'node:fs';
import path from 'node:path';

const PROJECT = path.resolve(__dirname, '../../..');

/** What VS Code's launch menu offers. */
export interface Launch {
  readonly name: string;
  readonly request: 'launch' | 'attach';
  readonly program?: string;
  readonly module?: string;
  readonly args?: readonly string[];
  readonly runtimeExecutable?: string;
  readonly runtimeArgs?: readonly string[];
  readonly python?: string;
  readonly connect?: { readonly host: string; readonly port: number };
  readonly pathMappings?: readonly { readonly localRoot: string; readonly remoteRoot: string }[];
}

interface LaunchFile {
  readonly configurations: readonly Launch[];
  readonly inputs: readonly { readonly id: string; readonly default: string }[];
}

/** An entry with its variables filled in: the inputs with their defaults, the others as given. */
export function launchEntry(name: string, variables: Readonly<Record<string, string>> = {}): Launch {
  const text = readFileSync(path.join(PROJECT, '.vscode', 'launch.json'), 'utf8');
  const { configurations, inputs } = JSON.parse(text) as LaunchFile;
  const found = configurations.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`.vscode/launch.json has no entry ${name}`);
  const defaults = inputs.map(({ id, default: value }) => [`input:${id}`, value]);
  const known = { workspaceFolder: PROJECT, ...Object.fromEntries(defaults), ...variables } as Record<
    string,
    string
  >;
  return JSON.parse(JSON.stringify(found), (_, value: unknown) =>
    typeof value === 'string'
      ? value.replace(/\$\{([\w:]+)\}/g, (whole, variable: string) => known[variable] ?? whole)
      : value,
  ) as Launch;
}

/** The command line that an entry starts. */
export function commandOf({
  runtimeExecutable,
  runtimeArgs = [],
  program,
  python,
  module,
  args = [],
}: Launch): string[] {
  const start = python === undefined ? [runtimeExecutable, ...runtimeArgs, program] : [python, '-m', module];
  return [...start.flatMap((word) => word ?? []), ...args];
}
