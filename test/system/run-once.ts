import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Starts `npm start -- ARGS` in its own process group, on free ports, with its state in `home`. */
export function startStack(
  home: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawn('npm', ['start', '--silent', '--', ...args], {
    cwd: root,
    env: { ...process.env, SMART_INVENTORY_HOME: home, PORT: '0', AWS_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The JSON summary of `npm start -- --once`; throws with the output when it fails. */
export async function runOnce(home: string): Promise<Record<string, number>> {
  const child = startStack(home, ['--once']);
  let out = '';
  let err = '';
  child.stdout!.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr!.on('data', (chunk) => {
    err += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`npm start -- --once ended with ${code}\n${out}\n${err}`);
  return JSON.parse(out.trim().split('\n').at(-1)!) as Record<string, number>;
}

/** Whether this system shows its processes as files; only then can a whole tree of them be found. */
export const SHOWS_PROCESSES = existsSync('/proc/self/stat');

/** Every process below this one, itself included. Where processes are shown as files. */
export function treeOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // it ended meanwhile
    }
  }
  const tree = [pid];
  for (let i = 0; i < tree.length; i++) {
    for (const [child, parent] of parents) if (parent === tree[i]) tree.push(child);
  }
  return tree;
}

/** kill -9 of the whole tree, root last, so that nobody is left to tidy up. */
export function killTree(pid: number): void {
  for (const victim of treeOf(pid).reverse()) {
    try {
      process.kill(victim, 'SIGKILL');
    } catch {
      // it ended meanwhile
    }
  }
}
