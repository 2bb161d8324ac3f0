import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EdgeService } from '../../../infra/local/services.ts';

/** Puts one service behind a free port of the loopback interface. */
export async function serveHandler(handle: EdgeService['handle']) {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
