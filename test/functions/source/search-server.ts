import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a call is answered: a status with headers and a body, or silence. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent as it is instead of the body. */
  readonly text?: string;
  readonly hangs?: boolean;
}

/** One call as the server saw it. */
export interface SeenCall {
  readonly parameters: Readonly<Record<string, string>>;
  readonly path: string;
  readonly at: number;
}

/** A search API on a port of its own that answers what a function says. */
export async function openSearchServer(
  answer: (parameters: Readonly<Record<string, string>>, call: number) => Reply,
) {
  const calls: SeenCall[] = [];
  let open = 0;
  let mostOpen = 0;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    response.on('close', () => (open -= 1));
    const url = new URL(request.url ?? '/', 'http://search.example');
    const parameters = Object.fromEntries(url.searchParams);
    calls.push({ parameters, path: url.pathname, at: Date.now() });
    const { status = 200, headers, body, text, hangs } = answer(parameters, calls.length);
    if (hangs) return;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(text ?? JSON.stringify(body));
  };
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    mostOpen: () => mostOpen,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
