import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Signs in to the server with all rights. */
export interface AdminCredentials {
  readonly user: string;
  readonly password: string;
}

const ADMIN = 'local_admin';

/** The admin of this data directory: made once, in a file that only its owner may read. */
export function keepAdminCredentials(path: string): AdminCredentials {
  if (!existsSync(path)) {
    const made: AdminCredentials = { user: ADMIN, password: randomBytes(24).toString('hex') };
    writeFileSync(path, JSON.stringify(made), { mode: 0o600 });
    return made;
  }
  return JSON.parse(readFileSync(path, 'utf8')) as AdminCredentials;
}

/**
 * Statements the server runs at every start before it listens, so that there is no moment at which another user of
 * the machine could enter: the admin gets its password, and the accounts that come without one lose their door.
 */
export function writeInitFile(path: string, { user, password }: AdminCredentials): void {
  const admin = `'${user}'@'127.0.0.1'`;
  const statements = [
    `CREATE USER IF NOT EXISTS ${admin} IDENTIFIED BY '${password}'`,
    `ALTER USER ${admin} IDENTIFIED BY '${password}'`,
    `GRANT ALL PRIVILEGES ON *.* TO ${admin} WITH GRANT OPTION`,
    `CREATE USER IF NOT EXISTS 'root'@'localhost' IDENTIFIED BY '${password}'`,
    `ALTER USER 'root'@'localhost' IDENTIFIED BY '${password}'`,
    ...['127.0.0.1', '::1', '%', hostname().replaceAll(/[^\w.-]/g, '')].map(
      (host) => `DROP USER IF EXISTS 'root'@'${host}', ''@'${host}', ''@'localhost'`,
    ),
  ];
  writeFileSync(path, `${statements.join(';\n')};\n`, { mode: 0o600 });
}
