import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { EdgeService } from '../../../infra/local/services.ts';

/** One edge service on a free port of this machine, for as long as the running test. */
export async function serveEdge(service: EdgeService): Promise<string> {
  const server = createServer((request, response) => {
    service.handle(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
