import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findLocalCloud, LocalCloudError, startLocalCloud, stopLocalCloud } from '../../../local/instance';
import { isLauncher, launcherArguments, readRecord } from '../../../local/instance-record';
import { HEALTHY, projectWithLauncher } from './fakeLauncher';

const projects: string[] = [];
const callersHome = process.env['LAKEHOUSE_HOME'];

function projectOf(script: string): string {
  const project = projectWithLauncher(script);
  projects.push(project);
  return project;
}

const homeOf = (project: string): string => join(project, '.lakehouse');
const starts = (project: string): number =>
  readFileSync(join(homeOf(project), 'starts'), 'utf8')
    .trim()
    .split('\n').length;

function record(project: string, pid: number, port = 9): void {
  mkdirSync(homeOf(project), { recursive: true });
  const content = { endpoint: `http://127.0.0.1:${port}`, port, pid };
  writeFileSync(join(homeOf(project), 'instance.json'), JSON.stringify(content));
}

beforeEach(() => {
  delete process.env['LAKEHOUSE_HOME'];
});
afterEach(async () => {
  for (const project of projects.splice(0)) {
    await stopLocalCloud(project);
    rmSync(project, { recursive: true });
  }
  if (callersHome !== undefined) process.env['LAKEHOUSE_HOME'] = callersHome;
});

describe('the local cloud of a project', () => {
  it('starts, is found, is not started twice and stops', async () => {
    const project = projectOf(HEALTHY);
    expect(await findLocalCloud(project)).toBeUndefined();
    const cloud = await startLocalCloud(project);
    expect(await findLocalCloud(project)).toEqual(cloud);
    expect(await startLocalCloud(project)).toEqual(cloud);
    expect(await stopLocalCloud(project)).toBe(true);
    expect(isLauncher(cloud.pid, cloud.home)).toBe(false);
    expect(await findLocalCloud(project)).toBeUndefined();
    expect(await stopLocalCloud(project)).toBe(false);
  });

  it('is one for several that start it at once', async () => {
    const project = projectOf(HEALTHY);
    const clouds = await Promise.all([1, 2, 3].map(() => startLocalCloud(project)));
    expect(new Set(clouds.map(({ pid }) => pid)).size).toBe(1);
    expect(starts(project)).toBe(1);
  });

  it('is not taken for running after kill -9, and starts again', async () => {
    const project = projectOf(HEALTHY);
    const killed = await startLocalCloud(project);
    process.kill(killed.pid, 'SIGKILL');
    expect(readRecord(killed.home)).toBeDefined();
    expect(await findLocalCloud(project)).toBeUndefined();
    expect((await startLocalCloud(project)).pid).not.toBe(killed.pid);
  });

  it('is not another’s process that got the pid of an old record, which stop leaves alone', async () => {
    const project = projectOf(HEALTHY);
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], {
      stdio: 'ignore',
    });
    await once(stranger, 'spawn');
    record(project, stranger.pid!);
    expect(await findLocalCloud(project)).toBeUndefined();
    expect(await stopLocalCloud(project)).toBe(false);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill('SIGKILL');
    await once(stranger, 'exit');
  });

  it('is waited for while the one before it still leaves the folder', async () => {
    const project = projectOf(`
      const { existsSync } = require('node:fs');
      if (existsSync(home + '/second')) { process.on('SIGTERM', leave); serve(); }
      else {
        writeFileSync(home + '/second', '');
        console.error('localcloud: another local cloud already uses ' + home);
        process.exitCode = 2;
      }`);
    expect((await startLocalCloud(project)).endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('that ends while it starts is reported with the last lines of its log', async () => {
    const project = projectOf(`console.error('no such jar'); process.exitCode = 1;`);
    await expect(startLocalCloud(project)).rejects.toThrow(/ended while it started[\s\S]*no such jar/);
  });

  it('that never answers is ended and reported', async () => {
    const project = projectOf(
      `writeFileSync(home + '/pid', String(process.pid)); console.log('thinking'); setInterval(leave, 1e6);`,
    );
    const start = startLocalCloud(project, { timeoutMs: 1_500 });
    await expect(start).rejects.toThrow(LocalCloudError);
    await expect(start).rejects.toThrow(/did not answer in time[\s\S]*thinking/);
    const pid = Number(readFileSync(join(homeOf(project), 'pid'), 'utf8'));
    expect(isLauncher(pid, homeOf(project))).toBe(false);
  });

  it('is ended when its start is interrupted', async () => {
    const project = projectOf('setInterval(leave, 1e6);');
    const start = startLocalCloud(project, { signal: AbortSignal.timeout(200) });
    await expect(start).rejects.toThrow(/interrupted/);
  });
});

describe('a record', () => {
  it.each([
    ['of no process', { endpoint: 'http://127.0.0.1:1', port: 1, pid: 0 }],
    ['of a group of processes', { endpoint: 'http://127.0.0.1:1', port: 1, pid: -5 }],
    ['of another machine', { endpoint: 'http://example.com:1', port: 1, pid: 5 }],
  ])('%s is none', (_name, content) => {
    const project = projectOf(HEALTHY);
    mkdirSync(homeOf(project), { recursive: true });
    writeFileSync(join(homeOf(project), 'instance.json'), JSON.stringify(content));
    expect(readRecord(homeOf(project))).toBeUndefined();
  });

  it('names a launcher only of the very same folder', async () => {
    const project = projectOf(HEALTHY);
    const { pid, home } = await startLocalCloud(project);
    expect(isLauncher(pid, home)).toBe(true);
    expect(isLauncher(pid, home.slice(0, -1))).toBe(false);
    expect(launcherArguments(home)).toContain(home);
  });
});
