import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type JSONSchemaType } from 'ajv';

/** What the stage of this machine was last deployed from, and when CloudFormation says that it was. */
export interface Deployment {
  /** SHA-256 of everything that a deploy reads, in hex. */
  readonly sources: string;
  /** Time of the stack's last change, ISO 8601: a deploy by another way moves it. */
  readonly at: string;
}

/** Top folders that no deploy reads; the packages are named by package-lock.json. */
const NOT_DEPLOYED = new Set([
  ...['node_modules', 'tests', 'bench', 'docs', 'release', 'coverage', 'test-reports'],
  ...['.git', '.github', '.tools', '.lakehouse', '.recordings', '.serverless', '.esbuild'],
]);

/** SHA-256 in hex of the names and contents of all files below the project that a deploy may read. */
export function sourcesOf(project: string): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    const entries = readdirSync(join(project, path), { withFileTypes: true });
    // the same order on every machine
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const below = join(path, entry.name);
      if (NOT_DEPLOYED.has(below) || entry.name === '__pycache__') continue;
      if (entry.isDirectory()) add(below);
      else if (entry.isFile())
        hash
          .update(`${below}\0`)
          .update(readFileSync(join(project, below)))
          .update('\0');
    }
  };
  add('');
  return hash.digest('hex');
}

const SCHEMA: JSONSchemaType<Deployment> = {
  type: 'object',
  properties: { sources: { type: 'string' }, at: { type: 'string' } },
  required: ['sources', 'at'],
};
const isDeployment = new Ajv().compile(SCHEMA);

const recordFile = (home: string): string => join(home, 'deployment.json');

/** Whether the instance in `home` has the deployment already. */
export function isDeployed(home: string, deployment: Deployment): boolean {
  try {
    const document: unknown = JSON.parse(readFileSync(recordFile(home), 'utf8'));
    return isDeployment(document) && document.sources === deployment.sources && document.at === deployment.at;
  } catch {
    // nothing was deployed there yet, or the record was spoilt: deploying again is always right
    return false;
  }
}

/** Remembers what was deployed to the instance in `home`. */
export function recordDeployment(home: string, deployment: Deployment): void {
  writeFileSync(recordFile(home), JSON.stringify(deployment));
}
