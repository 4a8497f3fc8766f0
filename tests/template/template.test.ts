/** The packaged template, which is what CloudFormation gets. One file, so that each stage is packaged once. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alarmTests } from './alarms';
import { bundleTests } from './bundles';
import { hardeningTests } from './hardening';
import { machineTests } from './machine';
import { operationTests } from './operations';
import { type Package, PROJECT, Workspace } from './packaging';
import { permissionTests } from './permissions';
import { releaseTests } from './release';
import { shippingTests } from './shipping';
import { stageTests } from './stages';
import { storageTests } from './storage';
import { typingTests } from './typing';

let workspace: Workspace;
let packages: Record<'staging' | 'prod' | 'local' | 'branch', Package>;

beforeAll(() => {
  workspace = new Workspace();
  packages = {
    staging: workspace.package('staging'),
    prod: workspace.package('prod'),
    local: workspace.package('local'),
    branch: workspace.package('branch'),
  };
}, 240_000);
afterAll(() => {
  workspace.remove();
});

describe('storage', () => {
  storageTests(() => packages.staging);
});
describe('bundles', () => {
  bundleTests(() => packages.staging);
});
describe('stages', () => {
  stageTests(() => packages);
});
describe('permissions', () => {
  permissionTests(() => packages.staging);
});
describe('hardening', () => {
  hardeningTests(() => packages);
});
describe('operation', () => {
  operationTests(() => packages.staging);
});
describe('alarms and dashboard', () => {
  alarmTests(() => packages);
});
describe('state machine', () => {
  machineTests(() => packages);
  typingTests(() => packages.staging);
});

describe('release', () => {
  releaseTests(
    () => packages.staging,
    () => workspace,
  );
});

describe('shipping', () => {
  shippingTests(() => packages);
});

describe('cfn-lint', () => {
  it('has nothing to say about any stage, nor about the roles of GitHub Actions', () => {
    const lint = join(PROJECT, '.tools', 'venv-local', 'bin', 'cfn-lint');
    const roles = join(PROJECT, '.github', 'aws', 'deploy-roles.yml');
    const files = [...Object.values(packages).map(({ file }) => file), roles];
    let findings: string;
    try {
      findings = execFileSync(lint, files, { encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      findings = (error as { stdout: string }).stdout;
    }
    expect(findings).toBe('');
  }, 180_000);
});
