import { createConnection } from 'mysql2/promise';
import type { AdminCredentials } from './admin-account.ts';

const TIMEOUT_MS = 3_000;

/** Whether the server on this port answers, and is the one with this admin. */
export async function canSignIn(port: number, { user, password }: AdminCredentials): Promise<boolean> {
  try {
    const login = { host: '127.0.0.1', port, user, password, connectTimeout: TIMEOUT_MS };
    const connection = await createConnection(login);
    await connection.query({ sql: 'SELECT 1', timeout: TIMEOUT_MS });
    connection.destroy();
    return true;
  } catch {
    return false;
  }
}
