import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** What the thread is told: it sends `requests` in all, `clients` of them at a time. */
export interface LoadOrder {
  readonly url: string;
  readonly token: string;
  readonly clients: number;
  readonly requests: number;
  /** A POST of JSON instead of a GET, in which `{n}` stands for the number of the request. */
  readonly body?: string;
}

/** What the thread answers. */
export interface LoadResult {
  readonly seconds: number;
  /** One for each request that succeeded. */
  readonly milliseconds: readonly number[];
  /** Other answers, by status. */
  readonly refused: Readonly<Record<string, number>>;
}

const { url, token, clients, requests, body } = workerData as LoadOrder;
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
    const status = await ask(body?.replaceAll('{n}', String(sent)));
    if (status >= 200 && status < 300) milliseconds.push(performance.now() - start);
    else refused[status] = (refused[status] ?? 0) + 1;
  }
}

function ask(content: string | undefined): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const asking = request(
      url,
      { agent, headers, method: content === undefined ? 'GET' : 'POST' },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    asking.on('error', reject);
    asking.end(content);
  });
}
