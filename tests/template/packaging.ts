/** Packages a copy of the project, so that tests leave nothing behind and disturb no deploy that runs beside them. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const PROJECT = resolve(__dirname, '..', '..');

export interface Resource {
  Type: string;
  Condition?: string;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  Properties: Record<string, unknown>;
}
export interface Template {
  Parameters: Record<string, { Default: string }>;
  Conditions: Record<string, unknown>;
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Value: unknown }>;
}
export interface Package {
  readonly folder: string;
  readonly file: string;
  readonly template: Template;
}

const SOURCES = [
  'serverless.yml',
  'package.json',
  'tsconfig.json',
  'src',
  'resources',
  'state-machine',
  'plugins',
  'queries',
  'schemas',
  'generated',
  'glue',
  'local',
];

export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'lakehouse-template-'));
  private readonly project = join(this.folder, 'project');

  constructor() {
    mkdirSync(this.project);
    for (const name of SOURCES.filter((source) => existsSync(join(PROJECT, source)))) {
      cpSync(join(PROJECT, name), join(this.project, name), { recursive: true });
    }
    symlinkSync(join(PROJECT, 'node_modules'), join(this.project, 'node_modules'));
  }

  /** Edits a file of the copy. */
  change(path: string, edit: (text: string) => string): void {
    const file = join(this.project, path);
    writeFileSync(file, edit(readFileSync(file, 'utf8')));
  }

  /** What `sls package` makes of a stage; there are no credentials in its environment. */
  package(stage: string, name = stage): Package {
    const folder = join(this.folder, name);
    const command = ['package', '--stage', stage, '--package', folder];
    const sls = join(PROJECT, 'node_modules', '.bin', 'sls');
    const bin = join(PROJECT, 'node_modules', '.bin');
    const env = {
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      HOME: this.folder,
      SLS_TELEMETRY_DISABLED: '1',
    };
    execFileSync(sls, command, { cwd: this.project, env, encoding: 'utf8', stdio: 'pipe' });
    const file = join(folder, 'cloudformation-template-update-stack.json');
    return { folder, file, template: JSON.parse(readFileSync(file, 'utf8')) as Template };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The resources of one type, by logical id. */
export function ofType(template: Template, type: string): [id: string, resource: Resource][] {
  const found = Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
  // A check over nothing would pass whatever the template holds.
  if (found.length === 0) throw new Error(`the template has no ${type}`);
  return found;
}

export const resource = (template: Template, id: string): Resource => {
  const found = template.Resources[id];
  if (found === undefined) throw new Error(`the template has no resource ${id}`);
  return found;
};

/** What stands at a path of a resource's properties; a step that is not there is an error. */
export const at = (template: Template, id: string, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null || !(step in value)) {
      throw new Error(`${id} has no ${path.join('/')}`);
    }
    return (value as Record<string | number, unknown>)[step];
  }, resource(template, id).Properties);
