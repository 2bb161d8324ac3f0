import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Role } from '../../shared/contracts/role.ts';
import { killTree, SHOWS_PROCESSES, startStack } from './run-once.ts';

const START_MS = 300_000;

/** What somebody with a role may ask a running stack. */
export interface Asking {
  readonly url: string;
  get(path: string): Promise<Response>;
  post(path: string, body: unknown): Promise<Response>;
  /** Brings a CSV file in. */
  upload(csv: string): Promise<Response>;
}

/** A stack of its own process, serving until it is killed. */
export interface LiveStack extends Asking {
  /** Where the local AWS APIs are. */
  readonly edge: string;
  /** kill -9 of the whole tree. */
  kill(): Promise<void>;
}

/** Starts `npm start -- --empty` with its state in `home`, and waits until an admin is answered. */
export async function openLiveStack(home: string): Promise<LiveStack> {
  const [port, edgePort] = [await freePort(), await freePort()];
  const child = startStack(home, ['--empty'], { PORT: String(port), AWS_PORT: String(edgePort) });
  let said = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (said += chunk));
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    if (SHOWS_PROCESSES) killTree(child.pid!);
    else child.kill('SIGKILL');
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    // A stack that has just started may still be making its tables.
    for (const limit = Date.now() + START_MS; ; await sleep(300)) {
      if (child.exitCode !== null || Date.now() > limit) throw new Error(`the stack did not start\n${said}`);
      const asking = await askAs(url, home).catch(() => undefined);
      if (asking && (await asking.get('/locations')).ok) {
        return { ...asking, edge: `http://127.0.0.1:${edgePort}`, kill };
      }
    }
  } catch (error) {
    await kill();
    throw error;
  }
}

/** Signs in as the demo user of that role at the stack of `url`. */
export async function askAs(url: string, home: string, role: Role = 'admin'): Promise<Asking> {
  const { users } = JSON.parse(readFileSync(join(home, 'credentials.json'), 'utf8')) as {
    users: { username: string; password: string }[];
  };
  const { username, password } = users.find((user) => user.username === role)!;
  const answer = await fetch(`${url}/auth/token`, {
    method: 'POST',
    body: new URLSearchParams({ username, password }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const authorization = `Bearer ${token}`;
  const send = (path: string, type: string, body: string) =>
    fetch(url + path, { method: 'POST', headers: { authorization, 'content-type': type }, body });
  return {
    url,
    get: (path) => fetch(url + path, { headers: { authorization } }),
    post: (path, body) => send(path, 'application/json', JSON.stringify(body)),
    upload: (csv) => send('/forecast/upload-data', 'text/csv', csv),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
