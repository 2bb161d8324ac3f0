import * as z from 'zod';
import {
  MAX_SHEET_LINES,
  StockCount,
  type StockCountDetail,
  StockCountLine,
} from '../../contracts/api/stock-count.ts';
import {
  flagColumn,
  moneyColumn,
  type Page,
  type PageAsked,
  Total,
  timeColumn,
  where,
} from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';

/** Whether a closed line `l` of the count `c` is as it should be. */
export const IS_ACCURATE = `ABS(l.counted - l.expected) <= GREATEST(l.expected, 0) * c.tolerance_percent / 100`;

const Row = StockCount.extend({
  is_blind: flagColumn,
  tolerance_percent: z.coerce.number(),
  opened_at: timeColumn,
  closed_at: timeColumn.nullable(),
  accuracy: z.coerce.number().nullable(),
  lost_cost: moneyColumn.nullable(),
  gained_cost: moneyColumn.nullable(),
});

const SELECT = `
SELECT c.count_id, c.location_id, c.is_blind, c.status, c.tolerance_percent, COUNT(*) AS products,
       COUNT(l.counted) AS counted, c.opened_by, c.opened_at, c.closed_by, c.closed_at, c.reason,
       CASE WHEN c.status = 'closed'
            THEN SUM(CASE WHEN ${IS_ACCURATE} THEN 1 ELSE 0 END) / NULLIF(COUNT(l.expected), 0) END AS accuracy,
       CAST(SUM(GREATEST(l.expected - l.counted, 0)) AS SIGNED) AS lost_units,
       SUM(GREATEST(l.expected - l.counted, 0) * l.unit_cost) AS lost_cost,
       CAST(SUM(GREATEST(l.counted - l.expected, 0)) AS SIGNED) AS gained_units,
       SUM(GREATEST(l.counted - l.expected, 0) * l.unit_cost) AS gained_cost
  FROM stock_count c
  JOIN stock_count_line l ON l.count_id = c.count_id`;
const GROUP = `GROUP BY c.count_id, c.location_id, c.is_blind, c.status, c.tolerance_percent, c.opened_by,
          c.opened_at, c.closed_by, c.closed_at, c.reason`;

/** Counts, newest first. */
export async function listCounts(
  db: Statements,
  { status, locationId }: { readonly status?: string | undefined; readonly locationId?: string | undefined },
  { skip, limit }: PageAsked,
): Promise<Page<StockCount>> {
  const conditions = where([
    status !== undefined && 'c.status = :status',
    locationId !== undefined && 'c.location_id = :locationId',
  ]);
  const params = {
    ...(status !== undefined && { status }),
    ...(locationId !== undefined && { locationId }),
  };
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM stock_count c ${conditions}`, params);
  const data = await db.select(
    Row,
    `${SELECT}
      ${conditions}
      ${GROUP}
      ORDER BY c.count_id DESC
      LIMIT :limit OFFSET :skip`,
    { ...params, skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

const Line = StockCountLine.extend({
  counted_at: timeColumn.nullable(),
  variance_cost: moneyColumn.nullable(),
  is_accurate: flagColumn.nullable(),
});
/** Lines of one answer of the database. */
const PAGE = 1_000;

/** One count with its lines; whoever must not see what should be there gets null for it while the count is open. */
export async function findCount(
  db: Statements,
  countId: number,
  seesExpected: boolean,
): Promise<StockCountDetail | undefined> {
  const [count] = await db.select(Row, `${SELECT} WHERE c.count_id = :countId ${GROUP}`, { countId });
  if (!count) return undefined;
  const lines: StockCountLine[] = [];
  for (let skip = 0; skip < MAX_SHEET_LINES; skip += PAGE) {
    const page = await db.select(
      Line,
      `SELECT l.product_id, p.product_name,
              CASE WHEN c.status = 'closed' THEN l.expected
                   WHEN c.status = 'open' THEN COALESCE(s.stock_level, 0) END AS expected,
              l.counted, l.counted_at, l.counted_by, l.counted - l.expected AS variance,
              (l.counted - l.expected) * l.unit_cost AS variance_cost,
              CASE WHEN l.expected IS NULL THEN NULL WHEN ${IS_ACCURATE} THEN 1 ELSE 0 END AS is_accurate
         FROM stock_count_line l
         JOIN stock_count c ON c.count_id = l.count_id
         JOIN products p ON p.product_id = l.product_id
         LEFT JOIN stock s ON s.product_id = l.product_id AND s.location_id = c.location_id
        WHERE l.count_id = :countId
        ORDER BY l.product_id
        LIMIT ${PAGE} OFFSET :skip`,
      { countId, skip },
    );
    lines.push(...page);
    if (page.length < PAGE) break;
  }
  const isHidden = count.is_blind && count.status === 'open' && !seesExpected;
  return { ...count, lines: isHidden ? lines.map((line) => ({ ...line, expected: null })) : lines };
}
