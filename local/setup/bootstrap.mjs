/**
 * Runs a TypeScript program of this project on a machine that has nothing but Node >= 20:
 *
 *     node local/setup/bootstrap.mjs PROGRAM.ts [ARGUMENTS...]
 *
 * Installs the locked npm packages when they are not there, then hands over to tsx on the project's own Node. The only
 * program in plain JavaScript, because it runs before anything is installed.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';

const OLDEST_NODE = 20;
const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const LOCK = join(PROJECT, '.tools', 'npm.lock');

/** Ends with one line that says what to do. */
function fail(message) {
  process.stderr.write(`set-up: ${message}\n`);
  process.exit(1);
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/**
 * Whether node_modules holds what package-lock.json says. npm writes its hidden lock file last, so an interrupted
 * installation has none; optional packages are those of other platforms.
 */
function isInstalled() {
  const hidden = join(PROJECT, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = packagesOf(hidden);
  return Object.entries(packagesOf(join(PROJECT, 'package-lock.json'))).every(
    ([path, { version, integrity, optional, link }]) =>
      path === '' ||
      optional ||
      link ||
      (installed[path]?.version === version && installed[path]?.integrity === integrity),
  );
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Takes the lock; one whose owner is gone is moved away first, so that only one of those who wait gets it. */
function acquire() {
  mkdirSync(dirname(LOCK), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!waited)
      process.stderr.write('set-up: another set-up installs npm packages in this folder, waiting for it\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    freeIfAbandoned();
  }
}

function ownerOf(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function freeIfAbandoned() {
  const owner = ownerOf(LOCK);
  if (owner === undefined || isAlive(owner)) return;
  const grave = `${LOCK}.${process.pid}`;
  try {
    renameSync(LOCK, grave);
    // somebody else was faster and holds a lock of its own by now
    if (ownerOf(grave) !== owner) renameSync(grave, LOCK);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  rmSync(grave, { force: true });
}

/** Runs a program to its end, passes signals on to it and tells how it ended. */
function runToEnd(file, args, options) {
  const child = spawn(file, args, options);
  const pass = (signal) => {
    // Ctrl-C in a terminal reaches the child without our help
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  return new Promise((settle) => {
    child.once('error', (error) => settle({ error }));
    child.once('exit', (status, signal) => settle({ status, signal }));
  }).finally(() => {
    for (const signal of SIGNALS) process.off(signal, pass);
  });
}

/** Ends as the child did, so that a shell sees the same status or signal. */
function endAs(file, { error, status, signal }) {
  if (error) fail(`${file} cannot be started: ${error.message}`);
  if (signal) process.kill(process.pid, signal);
  else process.exitCode = status;
}

async function installPackages() {
  if (isInstalled()) return;
  acquire();
  let end = { status: 0 };
  const begin = performance.now();
  try {
    if (isInstalled()) return;
    process.stderr.write('set-up: npm packages (npm ci) ...\n');
    // what npm prints on stdout is no result of the program that follows
    const stdio = ['ignore', 2, 2];
    end = await runToEnd('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: PROJECT,
      stdio,
    });
  } finally {
    rmSync(LOCK, { force: true });
  }
  if (end.signal) endAs('npm', end);
  if (end.error) fail(`npm cannot be started (${end.error.message}): install Node together with npm`);
  if (end.status !== 0) fail('npm ci failed, see above; check the network and start again');
  process.stderr.write(
    `set-up: npm packages: done in ${((performance.now() - begin) / 1000).toFixed(1)} s\n`,
  );
}

/** The Node of the deployed Lambda runtime, which the package `node` ships. */
function projectNode() {
  const node = join(PROJECT, 'node_modules', 'node', 'bin', 'node');
  if (existsSync(node)) return node;
  process.stderr.write(
    `set-up: ${node} is missing (are npm's install scripts switched off?), going on with Node ${process.version}\n`,
  );
  return process.execPath;
}

async function handOver(program, args) {
  const node = projectNode();
  const tsx = pathToFileURL(join(PROJECT, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
  // what the program starts by name ("node", "sls") is the project's own, as in an npm script
  const env = { ...process.env, PATH: `${join(PROJECT, 'node_modules', '.bin')}:${process.env.PATH ?? ''}` };
  const argv = ['--import', tsx, resolve(PROJECT, program), ...args];
  endAs(node, await runToEnd(node, argv, { stdio: 'inherit', env }));
}

const [program, ...args] = process.argv.slice(2);
const major = Number(process.versions.node.split('.')[0]);
if (major < OLDEST_NODE)
  fail(`Node ${OLDEST_NODE} or later is needed, this is ${process.version}: install a newer one`);
if (program === undefined)
  fail('give the TypeScript program to run: node local/setup/bootstrap.mjs PROGRAM.ts');
await installPackages();
await handOver(program, args);
