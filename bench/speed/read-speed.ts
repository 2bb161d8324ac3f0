import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import type { Stack } from '../../infra/local/start-stack.ts';
import type { LoadOrder, LoadResult } from './load-client.ts';

export interface ReadSpeed {
  readonly route: string;
  readonly requests: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly perSecond: number;
  readonly refused: Readonly<Record<string, number>>;
}

export const CLIENTS = 50;
const REQUESTS = 2_000;

/** Reads of the API by 50 clients at a time, who keep their connections, from a thread of their own. */
export async function measureReads(stack: Stack, home: string): Promise<ReadSpeed[]> {
  const token = await signIn(stack, home);
  const [forecast] = await stack.database.select(
    z.object({ productId: z.string() }),
    'SELECT product_id AS productId FROM forecast ORDER BY forecast_id DESC LIMIT 1',
  );
  const routes = [
    '/products?limit=50',
    '/suggestions?limit=12',
    `/forecasts/${forecast!.productId}`,
    '/health',
  ];
  const speeds: ReadSpeed[] = [];
  for (const route of routes) {
    const order = { url: `${stack.apiUrl}${route}`, token, clients: CLIENTS };
    // the first requests start workers, which is measured elsewhere
    await load({ ...order, requests: CLIENTS * 2 });
    speeds.push(speedOf(route, await load({ ...order, requests: REQUESTS })));
  }
  return speeds;
}

/** The quantiles of what was answered. */
export function speedOf(route: string, { seconds, milliseconds, refused }: LoadResult): ReadSpeed {
  if (milliseconds.length === 0) throw new Error(`${route} was never answered: ${JSON.stringify(refused)}`);
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.ceil(sorted.length * share) - 1]!;
  return {
    route,
    requests: sorted.length,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    perSecond: sorted.length / seconds,
    refused,
  };
}

/** Sends the requests from a thread of its own. */
export function load(order: LoadOrder): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./load-client.ts', import.meta.url), { workerData: order });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** A token of the demo user who may do everything. */
export async function signIn({ apiUrl }: Stack, home: string): Promise<string> {
  const { users } = JSON.parse(readFileSync(join(home, 'credentials.json'), 'utf8')) as {
    users: { username: string; password: string; roles: string[] }[];
  };
  const { username, password } = users.find(({ roles }) => roles.includes('admin'))!;
  const answer = await fetch(`${apiUrl}/auth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}
