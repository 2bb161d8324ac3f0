import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;
const GREETING_TIMEOUT_MS = 2_000;

/** Waits until the server on this port greets as servers do, `isGone` says that it never will, or time is up. */
export async function waitForGreeting(
  port: number,
  timeoutMs: number,
  isGone: () => boolean,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (!isGone() && Date.now() < deadline) {
    if (await greets(port)) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/** Whether a MySQL or MariaDB server answers on this port now. */
export function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(GREETING_TIMEOUT_MS, () => end(false));
    socket.once('error', () => end(false));
    socket.once('end', () => end(false));
    // four bytes of header, then the protocol version: 10 is a greeting, 255 an error
    socket.once('data', (data) => end(data[4] === 10));
  });
}
