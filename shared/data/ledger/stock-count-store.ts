import * as z from 'zod';
import { Fault } from '../../contracts/fault.ts';
import { json, type Statements } from '../sql/database.ts';

export interface NewSheet {
  readonly locationId: string;
  readonly productIds: readonly string[] | undefined;
  readonly category: string | undefined;
  readonly isBlind: boolean;
  readonly tolerancePercent: number;
  readonly openedBy: string;
  /** Of products that nobody named. */
  readonly mostLines: number;
}

/** Opens a sheet and says its number and how many of the products it has; goods that are active, in stock or named. */
export async function openSheet(
  tx: Statements,
  sheet: NewSheet,
): Promise<{ readonly countId: number; readonly lines: number }> {
  const { locationId, productIds, category, mostLines } = sheet;
  const { insertId } = await tx.write(
    `INSERT INTO stock_count (location_id, is_blind, status, tolerance_percent, opened_by)
     VALUES (:locationId, :isBlind, 'open', :tolerancePercent, :openedBy)`,
    {
      locationId,
      isBlind: sheet.isBlind,
      tolerancePercent: sheet.tolerancePercent,
      openedBy: sheet.openedBy,
    },
  );
  const countId = insertId!;
  const named = productIds && [...new Set(productIds)];
  const from = named
    ? `JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j JOIN products p ON p.product_id = j.id`
    : `products p LEFT JOIN stock s ON s.product_id = p.product_id AND s.location_id = :locationId`;
  const { updated } = await tx.write(
    `INSERT INTO stock_count_line (count_id, product_id)
     SELECT :countId, p.product_id
       FROM ${from}
      WHERE p.is_service = 0
        ${named ? '' : 'AND p.is_active = 1'}
        ${named || category !== undefined ? '' : 'AND s.product_id IS NOT NULL'}
        ${category === undefined ? '' : 'AND p.category = :category'}
      LIMIT ${mostLines + 1}`,
    {
      countId,
      ...(named ? { ids: json(named) } : { locationId }),
      ...(category !== undefined && { category }),
    },
  );
  return { countId, lines: updated };
}

const Held = z.object({
  location_id: z.string(),
  status: z.string(),
});

/** Holds a count until the transaction ends. Fault `missing` without it. */
export async function holdCount(tx: Statements, countId: number): Promise<z.infer<typeof Held>> {
  const [held] = await tx.select(
    Held,
    `SELECT location_id, status FROM stock_count WHERE count_id = :countId FOR UPDATE`,
    { countId },
  );
  if (!held) throw new Fault('missing', `There is no count ${countId}`);
  return held;
}

/** What was found of a product. `at` = YYYY-MM-DD HH:MM:SS.mmm in UTC. */
export interface Counted {
  readonly productId: string;
  readonly counted: number;
  readonly at: string;
}

/** Notes what was counted, over what was noted before; answers how many of the products are on the sheet. */
export async function noteCounted(
  tx: Statements,
  countId: number,
  lines: readonly Counted[],
  countedBy: string,
): Promise<number> {
  const { updated } = await tx.write(
    `UPDATE stock_count_line l
       JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (
              product_id VARCHAR(64) PATH '$[0]',
              counted    BIGINT      PATH '$[1]',
              at         DATETIME(3) PATH '$[2]')) AS j ON j.product_id = l.product_id
        SET l.counted = j.counted, l.counted_at = j.at, l.counted_by = :countedBy
      WHERE l.count_id = :countId`,
    {
      countId,
      countedBy,
      rows: json(lines.map((line) => [line.productId, line.counted, line.at])),
    },
  );
  return updated;
}

const CountedRow = z.object({
  product_id: z.string(),
  counted: z.int(),
  counted_at: z.string(),
});

/**
 * The lines of a sheet that were counted, by product. `most` at once. A locking read: a plain one would fix what the
 * transaction sees of the ledger before it holds the stock.
 */
export async function countedLines(tx: Statements, countId: number, most: number): Promise<Counted[]> {
  const rows = await tx.select(
    CountedRow,
    `SELECT product_id, counted, CAST(counted_at AS CHAR) AS counted_at
       FROM stock_count_line
      WHERE count_id = :countId AND counted IS NOT NULL
      ORDER BY product_id
      LIMIT ${most}
       LOCK IN SHARE MODE`,
    { countId },
  );
  return rows.map((row) => ({ productId: row.product_id, counted: row.counted, at: row.counted_at }));
}

/** Keeps with each counted line what should have been there, and what a unit costs today. */
export async function keepExpected(
  tx: Statements,
  countId: number,
  lines: readonly { readonly productId: string; readonly expected: number }[],
): Promise<void> {
  await tx.write(
    `UPDATE stock_count_line l
       JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (
              product_id VARCHAR(64) PATH '$[0]',
              expected   BIGINT      PATH '$[1]')) AS j ON j.product_id = l.product_id
       JOIN products p ON p.product_id = l.product_id
        SET l.expected = j.expected, l.unit_cost = COALESCE(p.cost, 0)
      WHERE l.count_id = :countId`,
    { countId, rows: json(lines.map((line) => [line.productId, line.expected])) },
  );
}

/** Ends a count for good. */
export async function endCount(
  tx: Statements,
  countId: number,
  end: { readonly status: 'closed' | 'cancelled'; readonly actor: string; readonly reason: string | null },
): Promise<void> {
  await tx.write(
    `UPDATE stock_count
        SET status = :status, closed_by = :actor, closed_at = UTC_TIMESTAMP(3), reason = :reason
      WHERE count_id = :countId`,
    { countId, ...end },
  );
}
