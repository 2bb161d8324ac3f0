import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Statements } from '../sql/database.ts';

/** The logs that are sealed, with all that a row says, in this order for ever: another order is another digest. */
const LOGS = {
  inventory_log: {
    id: 'log_id',
    columns: [
      'log_id',
      'product_id',
      'warehouse',
      'date',
      'quantity_change',
      'stock_level',
      'change_type',
      'reason',
      'reference_id',
      'reverses_log_id',
      'actor',
      'recorded_at',
      'movement_key',
      'is_synthetic',
    ],
  },
  audit_log: {
    id: 'entry_id',
    columns: [
      'entry_id',
      'recorded_at',
      'actor',
      'subject',
      'subject_id',
      'action',
      'reason',
      'before_state',
      'after_state',
    ],
  },
} as const;
export type SealedLog = keyof typeof LOGS;

/** Rows hashed together inside the database: GROUP_CONCAT of so many digests fits its smallest limit, 1,024 bytes. */
const GROUP = 15;
/** Groups of one answer, which stays below the Data API's 1 MiB. */
const GROUPS = 10_000;
/** Ids of one seal. */
const SEAL_IDS = GROUP * GROUPS;

/** A sealed range. */
export interface Seal {
  readonly sealNo: number;
  readonly firstId: number;
  readonly lastId: number;
  readonly rowCount: number;
  readonly digest: string;
  readonly chain: string;
}

const SealRow = z
  .object({
    seal_no: z.int(),
    first_id: z.int(),
    last_id: z.int(),
    row_count: z.int(),
    digest: z.string(),
    chain: z.string(),
  })
  .transform(
    (row): Seal => ({
      sealNo: row.seal_no,
      firstId: row.first_id,
      lastId: row.last_id,
      rowCount: row.row_count,
      digest: row.digest,
      chain: row.chain,
    }),
  );
const SEAL = `SELECT seal_no, first_id, last_id, row_count, digest, chain FROM seal`;

/** The newest seal of a log, if there is one. */
export async function findLastSeal(statements: Statements, log: SealedLog): Promise<Seal | undefined> {
  const [seal] = await statements.select(
    SealRow,
    `${SEAL} WHERE log_name = :log ORDER BY seal_no DESC LIMIT 1`,
    { log },
  );
  return seal;
}

/** The seal with a number. */
export async function findSeal(
  statements: Statements,
  log: SealedLog,
  sealNo: number,
): Promise<Seal | undefined> {
  const [seal] = await statements.select(SealRow, `${SEAL} WHERE log_name = :log AND seal_no = :sealNo`, {
    log,
    sealNo,
  });
  return seal;
}

/** Whether the chain of a log's seals holds this link. */
export async function holdsChain(statements: Statements, log: SealedLog, chain: string): Promise<boolean> {
  const rows = await statements.select(SealRow, `${SEAL} WHERE log_name = :log AND chain = :chain`, {
    log,
    chain,
  });
  return rows.length > 0;
}

const LastRow = z.object({ id: z.int() });

/**
 * Seals the next rows of a log that are older than `minAgeMinutes`, at most 150,000 ids; undefined when there are none.
 * Ids are given out before their transactions commit: the age is longer than any transaction of ours lives, so that no
 * row with an id of the range can still appear.
 */
export async function sealNext(
  tx: Statements,
  log: SealedLog,
  minAgeMinutes: number,
): Promise<Seal | undefined> {
  const { id } = LOGS[log];
  const last = await findLastSeal(tx, log);
  const firstId = (last?.lastId ?? 0) + 1;
  const [newest] = await tx.select(
    LastRow,
    `SELECT ${id} AS id
       FROM ${log}
      WHERE ${id} >= :firstId
        AND recorded_at <= DATE_SUB(CURRENT_TIMESTAMP(3), INTERVAL :minAgeMinutes MINUTE)
      ORDER BY ${id} DESC
      LIMIT 1`,
    { firstId, minAgeMinutes },
  );
  if (!newest) return undefined;
  const lastId = Math.min(newest.id, firstId + SEAL_IDS - 1);
  const { digest, rowCount } = await digestOf(tx, log, firstId, lastId);
  const sealNo = (last?.sealNo ?? 0) + 1;
  const chain = chainOf(last?.chain ?? '', { firstId, lastId, rowCount, digest });
  await tx.write(
    `INSERT INTO seal (log_name, seal_no, first_id, last_id, row_count, digest, chain)
     VALUES (:log, :sealNo, :firstId, :lastId, :rowCount, :digest, :chain)`,
    { log, sealNo, firstId, lastId, rowCount, digest, chain },
  );
  return { sealNo, firstId, lastId, rowCount, digest, chain };
}

/** What is wrong with a seal, in a sentence; undefined when its rows and its place in the chain are as sealed. */
export async function faultOfSeal(
  statements: Statements,
  log: SealedLog,
  seal: Seal,
  before: Seal | undefined,
): Promise<string | undefined> {
  const name = `seal ${seal.sealNo} over ${log} ${seal.firstId} to ${seal.lastId}`;
  if (seal.sealNo > 1 && !before) return `${name}: the seal before it is missing`;
  if (seal.firstId !== (before?.lastId ?? 0) + 1)
    return `${name}: it does not begin where the one before ends`;
  if (seal.chain !== chainOf(before?.chain ?? '', seal))
    return `${name}: it does not follow from the one before`;
  const now = await digestOf(statements, log, seal.firstId, seal.lastId);
  if (now.rowCount !== seal.rowCount) return `${name}: ${now.rowCount} rows instead of ${seal.rowCount}`;
  return now.digest === seal.digest ? undefined : `${name}: its rows are not what they were`;
}

const GroupRow = z.object({ row_count: z.int(), digest: z.string() });

/** SHA-256 over the digests of groups of rows, each a digest over those of its rows. */
async function digestOf(
  statements: Statements,
  log: SealedLog,
  firstId: number,
  lastId: number,
): Promise<{ readonly digest: string; readonly rowCount: number }> {
  const { id, columns } = LOGS[log];
  // QUOTE tells an empty text from none, and no text can pass for two
  const row = `SHA2(CONCAT_WS(',', ${columns.map((column) => `QUOTE(${column})`).join(', ')}), 256)`;
  const groups = await statements.select(
    GroupRow,
    `SELECT COUNT(*) AS row_count, SHA2(GROUP_CONCAT(${row} ORDER BY ${id} SEPARATOR ''), 256) AS digest
       FROM ${log}
      WHERE ${id} BETWEEN :firstId AND :lastId
      GROUP BY (${id} - :firstId) DIV ${GROUP}
      ORDER BY MIN(${id})`,
    { firstId, lastId },
  );
  const hash = createHash('sha256');
  for (const group of groups) hash.update(group.digest);
  return {
    digest: hash.digest('hex'),
    rowCount: groups.reduce((sum, group) => sum + group.row_count, 0),
  };
}

function chainOf(before: string, seal: Pick<Seal, 'firstId' | 'lastId' | 'rowCount' | 'digest'>): string {
  return createHash('sha256')
    .update(`${before}|${seal.firstId}|${seal.lastId}|${seal.rowCount}|${seal.digest}`)
    .digest('hex');
}
