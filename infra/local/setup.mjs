// Runs a script of this project with the Node that the project pins, and gets first what is missing for that:
//   node infra/local/setup.mjs SCRIPT [args...]
// Has no dependency and runs on any Node from 20 on. The database engine is looked for, or fetched, by the
// scripts that start a database (database/ensure-engine.ts). Says what it does on stderr: stdout is the script's.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const LOCK_WAIT_MS = 20 * 60_000;
const LOCK_POLL_MS = 200;
/** Longer than anyone needs to write their number into a lock just taken. */
const LOCK_WRITE_MS = 10_000;

const root = fileURLToPath(new URL('../..', import.meta.url));
const modules = join(root, 'node_modules');
const stampPath = join(modules, '.smart-inventory-setup');
const pinnedNode =
  process.platform === 'win32' ? join(modules, 'node', 'bin', 'node.exe') : join(modules, '.bin', 'node');
/** The Node that is no part of node_modules, which an installation replaces while it runs. */
const outerPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !resolve(folder).startsWith(`${modules}${sep}`))
  .join(delimiter);

const say = (line) => process.stderr.write(`setup: ${line}\n`);

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function checkNode() {
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return;
  fail(
    [
      `Node ${process.versions.node} is too old: ${OLDEST_NODE} or newer is needed to get started.`,
      '  Debian, Ubuntu: https://github.com/nodesource/distributions, or nvm install --lts',
      '  macOS:          brew install node',
      '  Windows:        winget install OpenJS.NodeJS.LTS',
      '  others:         https://nodejs.org/en/download',
    ].join('\n'),
  );
}

/** Changes with whatever would make another node_modules. */
function wantedStamp() {
  const { dependencies, devDependencies, overrides } = readJson(join(root, 'package.json'));
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(JSON.stringify([dependencies, devDependencies, overrides]))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex');
}

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

function isInstalled(stamp) {
  try {
    return readFileSync(stampPath, 'utf8') === stamp && existsSync(pinnedNode);
  } catch {
    return false;
  }
}

/** Whether somebody has already installed exactly what the lock file says, with npm and without this script. */
function isInstalledByHand() {
  try {
    const [wanted, found] = [join(root, 'package-lock.json'), join(modules, '.package-lock.json')].map(
      (path) => readJson(path).packages,
    );
    return (
      runs(pinnedNode) &&
      Object.entries(wanted).every(
        ([path, { version, optional }]) => path === '' || optional || found[path]?.version === version,
      )
    );
  } catch {
    return false;
  }
}

/** How often is looked whether the shell that started this still lives. */
const PARENT_CHECK_MS = 100;

function runs(node) {
  return spawnSync(node, ['--version'], { stdio: 'ignore' }).status === 0;
}

async function ensureInstalled() {
  const stamp = wantedStamp();
  if (isInstalled(stamp)) return;
  await withLock(join(root, '.local', 'setup.lock'), () => {
    if (isInstalled(stamp)) return;
    if (!isInstalledByHand()) install();
    writeFileSync(stampPath, stamp);
  });
}

function install() {
  say('installing the dependencies of package-lock.json');
  const npm = npmCommand();
  const options = { cwd: root, env: { ...process.env, PATH: outerPath }, stdio: ['ignore', 2, 2] };
  const { status, error } = spawnSync(
    npm[0],
    [...npm.slice(1), 'ci', '--loglevel=error', '--no-audit', '--no-fund'],
    { ...options, shell: npm[0].endsWith('.cmd') },
  );
  if (status !== 0) fail(error ? missingNpm(error) : 'setup: npm ci failed; its reasons are above');
  if (runs(pinnedNode)) return;
  // npm installs the package but runs its script, which fetches the binary, only where scripts are allowed.
  say('fetching the pinned Node');
  spawnSync(outerNode(), ['installArchSpecificPackage.js'], { ...options, cwd: join(modules, 'node') });
  if (!runs(pinnedNode)) {
    fail(
      [
        `setup: ${pinnedNode} does not run. The npm package "node" brings it by an install script: allow that with`,
        '  npm config set ignore-scripts false, or npm ci --ignore-scripts=false, and start again.',
      ].join('\n'),
    );
  }
}

/** The npm that runs us, else the one on PATH. */
function npmCommand() {
  const running = process.env.npm_execpath;
  if (running && /npm-cli\.[cm]?js$/.test(running) && existsSync(running)) return [outerNode(), running];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

function outerNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return (
    outerPath
      .split(delimiter)
      .map((folder) => join(folder, name))
      .find((path) => existsSync(path)) ?? process.execPath
  );
}

const missingNpm = (error) =>
  [
    `setup: npm cannot be run (${error.message}). It comes with Node; some distributions package it apart:`,
    '  Debian, Ubuntu: sudo apt-get install npm',
    '  Alpine:         apk add npm',
  ].join('\n');

/** Two starts at once must not both install; the lock of a dead process counts for nothing. */
async function withLock(path, work) {
  mkdirSync(join(path, '..'), { recursive: true });
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (let waited = 0; !takeLock(path); waited++) {
    if (waited === 5) say('waiting for another start that is installing');
    if (Date.now() > deadline) fail(`setup: ${path} has been held for too long; remove it`);
    await new Promise((done) => setTimeout(done, LOCK_POLL_MS));
  }
  try {
    work();
  } finally {
    rmSync(path, { force: true });
  }
}

function takeLock(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isStale(path)) rmSync(path, { force: true });
    return false;
  }
}

function isStale(path) {
  try {
    const owner = readFileSync(path, 'utf8');
    if (owner === '') return Date.now() - statSync(path).mtimeMs > LOCK_WRITE_MS;
    process.kill(Number(owner), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** Runs the script to its end and ends as it did. */
function run(script, args) {
  const path = [join(modules, '.bin'), process.env.PATH].filter(Boolean).join(delimiter);
  const child = spawn(pinnedNode, [resolve(root, script), ...args], {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: path,
      SMART_INVENTORY_HOME: process.env.SMART_INVENTORY_HOME || join(root, '.local'),
    },
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  child.on('error', (error) => fail(`setup: ${pinnedNode} cannot be run: ${error.message}`));
  // npm ends its shell on a signal, and the shell does not pass it on: its end is the signal then.
  if (process.env.npm_lifecycle_event !== undefined) {
    const shell = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === shell) return;
      clearInterval(watch);
      child.kill('SIGTERM');
    }, PARENT_CHECK_MS);
    watch.unref();
  }
  child.on('exit', (code, signal) => {
    for (const name of signals) process.off(name, forward);
    if (signal === null) process.exit(code);
    process.kill(process.pid, signal);
    // where the signal does not end us, the shells' way of saying so
    setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 100);
  });
}

const [script, ...args] = process.argv.slice(2);
checkNode();
if (!script) fail('usage: node infra/local/setup.mjs SCRIPT [args...]');
await ensureInstalled();
run(script, args);
