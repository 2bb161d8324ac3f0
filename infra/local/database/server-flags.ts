import { totalmem } from 'node:os';
import type { Engine } from './engine.ts';

/** Where one server keeps its things. */
export interface ServerPlaces {
  readonly data: string;
  readonly socket: string;
  readonly pidFile: string;
  readonly errorLog: string;
  readonly initFile: string;
  /** Of this server alone: a MariaDB that starts deletes the temporary tables of every server in its folder. */
  readonly temporary: string;
}

/**
 * An eighth of the machine, taken only as it is used: with 256 MiB an import slows down to a quarter as soon as the
 * indexes of a million lines no longer fit.
 */
const poolMib = (): number => Math.min(MOST_POOL_MIB, Math.max(256, Math.floor(totalmem() / 8 / 1024 ** 2)));
const MOST_POOL_MIB = 4_096;

/** What MySQL 8 sets by itself; MariaDB is told. */
const SQL_MODE =
  'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

/** The flags under which either engine behaves like Aurora MySQL 3, on the loopback interface only. */
export function serverFlags(
  engine: Engine,
  places: ServerPlaces,
  port: number,
  { logFileMib, durable }: { readonly logFileMib: number; readonly durable: boolean },
): string[] {
  const flags = [
    '--no-defaults',
    ...(engine.basedir ? [`--basedir=${engine.basedir}`] : []),
    ...asRoot(),
    `--datadir=${places.data}`,
    `--socket=${places.socket}`,
    `--pid-file=${places.pidFile}`,
    `--log-error=${places.errorLog}`,
    `--init-file=${places.initFile}`,
    `--tmpdir=${places.temporary}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    '--skip-log-bin',
    '--max-connections=400',
    '--max-allowed-packet=64M',
    `--innodb-buffer-pool-size=${durable ? poolMib() : 256}M`,
    // A killed server loses nothing; only a power cut may take the last second.
    `--innodb-flush-log-at-trx-commit=${durable ? 2 : 0}`,
    '--character-set-server=utf8mb4',
    `--collation-server=${collation(engine)}`,
    `--sql-mode=${SQL_MODE}`,
    '--default-time-zone=+00:00',
    '--transaction-isolation=REPEATABLE-READ',
  ];
  if (!durable) flags.push('--innodb-doublewrite=OFF');
  if (!durable && engine.flavour === 'mariadb') flags.push('--debug-no-sync');
  // macOS and Windows do not tell upper from lower case in file names, and the server refuses to pretend.
  if (process.platform === 'linux') flags.push('--lower-case-table-names=0');
  return [
    ...flags,
    ...(engine.flavour === 'mariadb' ? mariadbFlags(logFileMib) : mysqlFlags(engine, logFileMib)),
  ];
}

const mariadbFlags = (logFileMib: number): string[] => [`--innodb-log-file-size=${logFileMib}M`];

const mysqlFlags = ({ version }: Engine, logFileMib: number): string[] => [
  '--mysqlx=OFF',
  '--performance-schema=OFF',
  isAtLeast(version, [8, 0, 30])
    ? `--innodb-redo-log-capacity=${logFileMib}M`
    : `--innodb-log-file-size=${Math.max(4, Math.floor(logFileMib / 2))}M`,
];

/** Compares without padding, and takes a = A = á, as MySQL 8's default does. */
function collation({ flavour, version }: Engine): string {
  if (flavour === 'mysql') return 'utf8mb4_0900_ai_ci';
  return isAtLeast(version, [10, 10, 1]) ? 'utf8mb4_uca1400_nopad_ai_ci' : 'utf8mb4_unicode_520_nopad_ci';
}

/** Servers refuse to run as root unless told; another account might not reach the folder. */
export const asRoot = (): string[] => (process.getuid?.() === 0 ? ['--user=root'] : []);

function isAtLeast(version: string, wanted: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (let i = 0; i < wanted.length; i++) {
    if (parts[i] !== wanted[i]) return (parts[i] ?? 0) > wanted[i]!;
  }
  return true;
}
