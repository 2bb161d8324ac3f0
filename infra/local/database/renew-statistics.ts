import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { AdminCredentials } from './admin-account.ts';

/**
 * Counts every table's rows anew. A server that was killed has forgotten how much its tables changed since they were
 * counted last: it takes one for empty that was filled before the kill, until as much again is written to it, and reads all
 * of it where its indexes would do.
 */
export async function renewStatistics(port: number, { user, password }: AdminCredentials): Promise<void> {
  const connection = await createConnection({ host: '127.0.0.1', port, user, password });
  try {
    const [tables] = await connection.query<RowDataPacket[]>(
      `SELECT table_schema AS of_schema, table_name AS of_table
         FROM information_schema.tables
        WHERE engine = 'InnoDB' AND table_schema NOT IN ('mysql', 'sys')`,
    );
    for (const { of_schema: schema, of_table: table } of tables)
      await connection.query('ANALYZE TABLE ??.??', [schema, table]);
  } finally {
    connection.destroy();
  }
}
