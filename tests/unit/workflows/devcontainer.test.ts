import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019';
import { parse } from 'yaml';

/** What this project's container says; its format allows far more. */
interface Container {
  readonly image: string;
  readonly features: Readonly<Record<string, { readonly version: string }>>;
  readonly postCreateCommand: string;
}

const PROJECT = path.resolve(__dirname, '../../..');
const read = (...name: string[]): string => readFileSync(path.join(PROJECT, ...name), 'utf8');

const document = JSON.parse(read('.devcontainer', 'devcontainer.json')) as Container;
const specification: unknown = JSON.parse(
  readFileSync(path.join(__dirname, 'spec', 'devContainer.base.schema.json'), 'utf8'),
);
// the schema has keywords for editors, and formats that this validator does not know
const isContainer = new Ajv2019({ strict: false, validateFormats: false }).compile(specification as object);

describe('the dev container', () => {
  it('is as its specification says', () => {
    isContainer(document);
    expect(isContainer.errors ?? []).toEqual([]);
  });

  it.each<[string, object]>([
    ['a property that nobody knows', { postCreateComand: 'npm ci' }],
    ['a size that is no size', { hostRequirements: { memory: '8 GB' } }],
  ])('would be refused with %s', (_, more) => {
    expect(isContainer({ ...document, ...more })).toBe(false);
  });

  it('takes its image by digest and what is added to it by a whole version', () => {
    expect(document.image).toMatch(/^mcr\.microsoft\.com\/.+:\d+\.\d+\.\d+-.+@sha256:[0-9a-f]{64}$/);
    for (const feature of Object.keys(document.features)) expect(feature).toMatch(/:\d+\.\d+\.\d+$/);
  });

  it('has the Node and the Python that ci has', () => {
    const ci = parse(read('.github', 'workflows', 'ci.yml')) as {
      jobs: { test: { steps: { with?: Record<string, string | number> }[] } };
    };
    const setUp = Object.assign({}, ...ci.jobs.test.steps.map((step) => step.with ?? {})) as Record<
      string,
      unknown
    >;
    const [, node] = /:\d+\.\d+\.\d+-(\d+)-/.exec(document.image) ?? [];
    expect(node).toBe(String(setUp['node-version']));
    expect(Object.values(document.features).map(({ version }) => version)).toEqual([setUp['python-version']]);
  });

  it('is set up by a command that a person runs too', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const [, script = ''] = /^npm run ([\w:]+)$/.exec(document.postCreateCommand) ?? [];
    expect(Object.keys(scripts)).toContain(script);
    expect(read('CONTRIBUTING.md')).toContain(`\`npm run ${script}\``);
  });
});
