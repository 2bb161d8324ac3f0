import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from './temp-folder.ts';

/** A project whose only dependency is its pinned Node, which is the one that runs us. */
function project(version = '1.0.0'): string {
  const root = tempFolder();
  mkdirSync(join(root, 'infra/local'), { recursive: true });
  mkdirSync(join(root, 'pinned'));
  copyFileSync(
    new URL('../../../infra/local/setup.mjs', import.meta.url),
    join(root, 'infra/local/setup.mjs'),
  );
  const stub = join(root, 'pinned/node.sh');
  writeFileSync(stub, `#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
  chmodSync(stub, 0o755);
  writeManifests(root, version);
  writeFileSync(
    join(root, 'script.mjs'),
    `console.log(JSON.stringify([process.argv.slice(2), process.env.PATH.split('${delimiter}')[0],
       process.env.SMART_INVENTORY_HOME]));
     process.exit(Number(process.env.CODE ?? 0));`,
  );
  return root;
}

function writeManifests(root: string, version: string): void {
  const devDependencies = { node: 'file:pinned' };
  const own = { name: 'node', version, bin: { node: 'node.sh' } };
  const write = (path: string, value: unknown) => writeFileSync(join(root, path), JSON.stringify(value));
  write('pinned/package.json', own);
  write('package.json', { name: 'small', version: '1.0.0', devDependencies });
  write('package-lock.json', {
    name: 'small',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': { name: 'small', version: '1.0.0', devDependencies },
      'node_modules/node': { resolved: 'pinned', link: true },
      pinned: { ...own, dev: true },
    },
  });
}

function begin(root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const { SMART_INVENTORY_HOME: _home, npm_execpath: _npm, ...inherited } = process.env;
  const child = spawn(process.execPath, ['infra/local/setup.mjs', ...args], {
    cwd: root,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function outcome(child: ChildProcess) {
  let [stdout, stderr] = ['', ''];
  child.stdout!.on('data', (data) => (stdout += data));
  child.stderr!.on('data', (data) => (stderr += data));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, stdout, stderr };
}

const installs = (stderr: string): number => stderr.split('installing the dependencies').length - 1;

test('the first start installs, and the script alone writes to stdout', async () => {
  const root = project();
  const { code, stdout, stderr } = await outcome(
    begin(root, ['script.mjs', '--once', 'two words'], { CODE: '7' }),
  );
  expect(installs(stderr)).toBe(1);
  expect(JSON.parse(stdout)).toEqual([
    ['--once', 'two words'],
    join(root, 'node_modules/.bin'),
    join(root, '.local'),
  ]);
  expect(code).toBe(7);
});

test('the next start says nothing and installs nothing, until the lock file changes', async () => {
  const root = project();
  await outcome(begin(root, ['script.mjs']));
  expect((await outcome(begin(root, ['script.mjs']))).stderr).toBe('');
  writeManifests(root, '1.0.1');
  const third = await outcome(begin(root, ['script.mjs']));
  expect(installs(third.stderr)).toBe(1);
  expect(third.code).toBe(0);
});

test('two starts at once install once', async () => {
  const root = project();
  const both = await Promise.all([1, 2].map(() => outcome(begin(root, ['script.mjs']))));
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(installs(both.map(({ stderr }) => stderr).join(''))).toBe(1);
});

test('the lock of a start that was killed is no obstacle', async () => {
  const root = project();
  const dead = spawn(process.execPath, ['--version']);
  await once(dead, 'exit');
  mkdirSync(join(root, '.local'));
  writeFileSync(join(root, '.local/setup.lock'), String(dead.pid));
  expect((await outcome(begin(root, ['script.mjs']))).code).toBe(0);
});

test('a variable that is set wins', async () => {
  const { stdout } = await outcome(begin(project(), ['script.mjs'], { SMART_INVENTORY_HOME: '/elsewhere' }));
  expect(JSON.parse(stdout)[2]).toBe('/elsewhere');
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s reaches the script, which ends as it likes',
  async (signal) => {
    const root = project();
    writeFileSync(
      join(root, 'wait.mjs'),
      `process.on('${signal}', () => { console.log('told'); process.exit(5); });
     setInterval(() => {}, 1000); console.log('ready');`,
    );
    const child = begin(root, ['wait.mjs']);
    const end = outcome(child);
    await once(child.stdout!, 'data');
    child.kill(signal);
    expect(await end).toMatchObject({ code: 5, stdout: 'ready\ntold\n' });
  },
);

test('a script that a signal ends makes its starter end by that signal', async () => {
  const root = project();
  writeFileSync(join(root, 'die.mjs'), `process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000);`);
  expect(await outcome(begin(root, ['die.mjs']))).toMatchObject({ code: null, signal: 'SIGTERM' });
});

test('an installation that fails ends the start with a reason', async () => {
  const root = project();
  writeFileSync(join(root, 'package-lock.json'), '{}');
  const { code, stderr, stdout } = await outcome(begin(root, ['script.mjs']));
  expect(code).toBe(1);
  expect(stderr).toContain('npm ci failed');
  expect(stdout).toBe('');
});

test('a pinned Node that does not run is named, with what to do', async () => {
  const root = project();
  writeFileSync(join(root, 'pinned/node.sh'), '#!/bin/sh\nexit 1\n');
  const { code, stderr } = await outcome(begin(root, ['script.mjs']));
  expect(code).toBe(1);
  expect(stderr).toMatch(/does not run[\s\S]*ignore-scripts/);
});

test('without a script it says how it is used', async () => {
  const { code, stderr } = await outcome(begin(project(), []));
  expect(code).toBe(1);
  expect(stderr).toContain('usage:');
});
