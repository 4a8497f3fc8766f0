/** What GitHub reads besides workflows: who reviews, what an issue asks for, which updates come together. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const PROJECT = path.resolve(__dirname, '../../..');
const GITHUB = path.join(PROJECT, '.github');
const read = (...name: string[]): string => readFileSync(path.join(PROJECT, ...name), 'utf8');

describe('the owners of code', () => {
  const lines = read('.github', 'CODEOWNERS')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/ +/));

  it('own what there is, everything among it, and each is a team', () => {
    const paths = lines.map(([pattern = '']) => pattern);
    expect(paths[0]).toBe('*');
    for (const pattern of paths.slice(1)) {
      expect([pattern, existsSync(path.join(PROJECT, pattern))]).toEqual([pattern, true]);
    }
    for (const [, ...owners] of lines) {
      expect(owners.length).toBeGreaterThan(0);
      for (const owner of owners) expect(owner).toMatch(/^@[\w-]+\/[\w-]+$/);
    }
  });

  it('guard the pipeline, the roles and the contracts', () => {
    expect(lines.map(([pattern]) => pattern)).toEqual(
      expect.arrayContaining(['/.github/', '/resources/roles/', '/schemas/datasets/']),
    );
  });
});

describe('an issue', () => {
  const FORMS = readdirSync(path.join(GITHUB, 'ISSUE_TEMPLATE')).filter((file) => file !== 'config.yml');
  const INPUTS = ['checkboxes', 'dropdown', 'input', 'textarea'];

  interface Field {
    readonly type: string;
    readonly id?: string;
    readonly attributes: { readonly label?: string; readonly value?: string };
    readonly validations?: { readonly required: boolean };
  }

  it.each(FORMS)('of the form %s asks for what is needed to work on it', (file) => {
    const form = parse(read('.github', 'ISSUE_TEMPLATE', file)) as {
      name: string;
      description: string;
      body: Field[];
    };
    expect([form.name.length, form.description.length]).not.toContain(0);
    const inputs = form.body.filter(({ type }) => type !== 'markdown');
    const ids = inputs.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const { type, id, attributes, validations } of inputs) {
      expect(INPUTS).toContain(type);
      expect([id, attributes.label?.length]).toEqual([expect.stringMatching(/^[\w-]+$/), expect.any(Number)]);
      expect([id, validations]).toEqual([id, { required: true }]);
    }
    for (const { attributes } of form.body.filter(({ type }) => type === 'markdown'))
      expect(attributes.value).toBeDefined();
  });

  it('is never blank, and a weakness in security is not one', () => {
    expect(FORMS.length).toBeGreaterThan(1);
    expect(parse(read('.github', 'ISSUE_TEMPLATE', 'config.yml'))).toMatchObject({
      blank_issues_enabled: false,
    });
    expect(read('.github', 'ISSUE_TEMPLATE', 'bug.yml')).toContain('SECURITY.md');
  });
});

describe('updates of dependencies', () => {
  const { updates } = parse(read('.github', 'dependabot.yml')) as {
    updates: {
      'package-ecosystem': string;
      cooldown?: { 'default-days': number };
      groups: Record<string, { patterns: string[] }>;
    }[];
  };
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  const names = Object.keys({ ...dependencies, ...devDependencies });
  const matches = (pattern: string, name: string): boolean =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

  it('come for packages, actions and the dev container, in groups, after some days', () => {
    expect(updates.map((update) => update['package-ecosystem'])).toEqual([
      'npm',
      'github-actions',
      'devcontainers',
    ]);
    for (const { cooldown, groups } of updates) {
      expect(Object.keys(groups).length).toBeGreaterThan(0);
      expect(cooldown?.['default-days']).toBeGreaterThan(0);
    }
  });

  it('come together by patterns that each name a package of ours', () => {
    const patterns = Object.values(updates[0]?.groups ?? {}).flatMap((group) => group.patterns);
    for (const pattern of patterns)
      expect([pattern, names.filter((name) => matches(pattern, name)).length]).not.toEqual([pattern, 0]);
  });

  it('need no package outside of the registries that are locked', () => {
    for (const version of Object.values({ ...dependencies, ...devDependencies }))
      expect(version).toMatch(/^(npm:[\w-]+@)?\d+\.\d+\.\d+$/);
  });
});

describe('a pull request', () => {
  it('says why, what to look at and what shows it', () => {
    const headings = [...read('.github', 'pull_request_template.md').matchAll(/^## (.+)$/gm)].map(
      ([, h]) => h,
    );
    expect(headings).toEqual(['Why', 'What a reviewer should look at first', 'Shown by']);
  });
});
