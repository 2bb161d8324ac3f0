import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminCredentials } from './admin-account.ts';
import { canSignIn } from './can-sign-in.ts';

const POLL_MS = 20;
const GREETING_TIMEOUT_MS = 2_000;

/**
 * Waits until our server serves on this port, `isGone` says that it never will, or time is up.
 * Another server may sit on the port and greet: only ours knows its admin.
 */
export async function waitForServer(
  port: number,
  admin: AdminCredentials,
  timeoutMs: number,
  isGone: () => boolean,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (!isGone() && Date.now() < deadline) {
    if ((await greets(port)) && (await canSignIn(port, admin)) && !isGone()) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/** Whether any MySQL or MariaDB server answers on this port now; much cheaper than to sign in. */
function greets(port: number): Promise<boolean> {
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
