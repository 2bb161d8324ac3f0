import { spawn } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export interface StartTimes {
  /** New home: synthesizes the templates, installs the database, migrates. */
  readonly firstSeconds: number;
  /** New home that has the synthesized templates already. */
  readonly firstSynthesizedSeconds: number;
  /** A home that was started before. */
  readonly secondSeconds: number;
}

const START_LIMIT_MS = 5 * 60_000;
const HEALTH_POLL_MS = 20;

/** Times `npm start -- --empty` from the start of its process to a healthy answer of its API, in three situations. */
export async function measureStarts(home: string, otherHome: string): Promise<StartTimes> {
  const firstSeconds = await startOnce(home);
  const synthesis = readdirSync(home).find((name) => name.startsWith('cdk.out-'))!;
  cpSync(join(home, synthesis), join(otherHome, synthesis), { recursive: true });
  const firstSynthesizedSeconds = await startOnce(otherHome);
  return { firstSeconds, firstSynthesizedSeconds, secondSeconds: await startOnce(home) };
}

async function startOnce(home: string): Promise<number> {
  const script = resolve(import.meta.dirname, '../../infra/local/start.ts');
  const began = performance.now();
  const child = spawn(process.execPath, [script, '--empty'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SMART_INVENTORY_HOME: home, PORT: '0', AWS_PORT: '0' },
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const limit = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
  try {
    let apiUrl: string | undefined;
    for await (const line of createInterface({ input: child.stdout })) {
      apiUrl = /^dashboard and API\s+(\S+)/.exec(line)?.[1];
      if (apiUrl) break;
    }
    if (!apiUrl) throw new Error('npm start ended, or took too long, before it told its address');
    while (!(await isHealthy(apiUrl))) await new Promise((done) => setTimeout(done, HEALTH_POLL_MS));
    return (performance.now() - began) / 1000;
  } finally {
    child.kill('SIGTERM');
    await ended;
    clearTimeout(limit);
  }
}

async function isHealthy(apiUrl: string): Promise<boolean> {
  const answer = await fetch(`${apiUrl}/health`).catch(() => undefined);
  if (!answer?.ok) return false;
  return ((await answer.json()) as { status: string }).status === 'ok';
}
