import { Agent, get } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** What the thread is told: it sends `requests` in all, `clients` of them at a time. */
export interface LoadOrder {
  readonly url: string;
  readonly token: string;
  readonly clients: number;
  readonly requests: number;
}

/** What the thread answers. */
export interface LoadResult {
  readonly seconds: number;
  /** One for each request that was answered with 200. */
  readonly milliseconds: readonly number[];
  /** Other answers, by status. */
  readonly refused: Readonly<Record<string, number>>;
}

const { url, token, clients, requests } = workerData as LoadOrder;
const agent = new Agent({ keepAlive: true, maxSockets: clients });
const milliseconds: number[] = [];
const refused: Record<string, number> = {};
let sent = 0;

const began = performance.now();
await Promise.all(Array.from({ length: clients }, client));
const seconds = (performance.now() - began) / 1000;
agent.destroy();
parentPort!.postMessage({ seconds, milliseconds, refused } satisfies LoadResult);

async function client(): Promise<void> {
  while (sent < requests) {
    sent += 1;
    const start = performance.now();
    const status = await ask();
    if (status === 200) milliseconds.push(performance.now() - start);
    else refused[status] = (refused[status] ?? 0) + 1;
  }
}

function ask(): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    }).on('error', reject);
  });
}
