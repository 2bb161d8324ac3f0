import * as z from 'zod';
import type { Moved } from '../../core/analytics/kpis/fold-position.ts';
import { flagColumn, jsonColumn } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';
import type { StockPart } from './read-in-parts.ts';
import { MOVEMENTS, OF_STOCK } from './stock-day-levels.ts';

/** The stock of a product at a location before the first of some days, and what moved from then on. */
export interface MovedPosition {
  readonly productId: string;
  readonly locationId: string;
  readonly unitPrice: string | null;
  readonly unitCost: string | null;
  readonly opening: number;
  readonly isKnown: boolean;
  readonly moved: readonly Moved[];
}

/**
 * A movement, or the sum of a day's, is one number, its flags in the lowest two bits, the day in the next
 * twelve, the units above: the Data API answers a megabyte at most, and takes as long as the answer is large.
 */
const LEARNT = 1;
const SUPPLIED = 2;
const DAY = 4;
const UNIT = 2 ** 14;

const Row = z
  .object({
    product_id: z.string(),
    location_id: z.string(),
    cost: z.string().nullable(),
    unit_price: z.string().nullable(),
    stock_level: z.int(),
    is_known: flagColumn,
    moved: jsonColumn(z.array(z.number())).nullable(),
  })
  .transform((row): MovedPosition => {
    const moved = (row.moved ?? []).map(unpacked);
    return {
      productId: row.product_id,
      locationId: row.location_id,
      unitCost: row.cost,
      unitPrice: row.unit_price,
      opening: row.stock_level - moved.reduce((sum, { units }) => sum + units, 0),
      isKnown: row.is_known,
      moved,
    };
  });

function unpacked(packed: number): Moved {
  const units = Math.floor(packed / UNIT);
  const rest = packed - units * UNIT;
  return {
    units,
    day: Math.floor(rest / DAY),
    isLearnt: (rest & LEARNT) !== 0,
    isSupplied: (rest & SUPPLIED) !== 0,
  };
}

/** Movements of a position from which on they are summed by day first: an answer has 64 KB a row at most. */
const MANY = 4_000;

const packed = (units: string, day: string, learnt: string, supplied: string): string =>
  `${units} * ${UNIT} + ${day} * ${DAY} + ${learnt} * ${LEARNT} + ${supplied} * ${SUPPLIED}`;
/** What is after the period is as if on the day after it: it says what the level was before. */
const DAY_OF = '(LEAST(TO_DAYS(l.date), TO_DAYS(:to) + 1) - TO_DAYS(:from))';
const IS_LEARNT = '(l.knowledge = 1)';
const IS_SUPPLIED = '(l.knowledge = 1 AND l.quantity_change > 0)';
/** What is read of the ledger. */
export const SINCE = 'l.date >= :from';

/**
 * All goods of a part of stock that meet a condition, from `:from` to `:to`, 4,000 days at most: backwards from the stock of
 * now, which is the sum of all movements.
 */
export async function readMovedDays(
  db: Statements,
  { condition, params, most }: StockPart,
  isCounted: string,
): Promise<MovedPosition[]> {
  const where = `${condition} AND ${isCounted}`;
  const each = `(SELECT JSON_ARRAYAGG(${packed('l.quantity_change', DAY_OF, IS_LEARNT, IS_SUPPLIED)})
               FROM ${MOVEMENTS} WHERE ${OF_STOCK} AND ${SINCE})`;
  const byDay = `
       LEFT JOIN (SELECT d.item, JSON_ARRAYAGG(d.packed) AS moved
                    FROM (SELECT m.item, ${packed('SUM(m.units)', 'm.day', 'MAX(m.learnt)', 'MAX(m.supplied)')} AS packed
                            FROM (SELECT s.status_id AS item, ${DAY_OF} AS day, l.quantity_change AS units,
                                         ${IS_LEARNT} AS learnt, ${IS_SUPPLIED} AS supplied
                                    FROM stock s
                                    JOIN ${MOVEMENTS} ON ${OF_STOCK}
                                   WHERE ${SINCE} AND ${where}) AS m
                           GROUP BY m.item, m.day) AS d
                   GROUP BY d.item) AS g ON g.item = s.status_id`;
  return await db.select(
    Row,
    `SELECT s.product_id, s.location_id, CAST(p.cost AS CHAR) AS cost,
            CAST(p.unit_price AS CHAR) AS unit_price, s.stock_level,
            EXISTS (SELECT 1 FROM ${MOVEMENTS} WHERE ${OF_STOCK} AND l.date < :from AND l.knowledge = 1) AS is_known,
            ${most < MANY ? each : 'g.moved'} AS moved
       FROM stock s FORCE INDEX (PRIMARY)
       JOIN products p ON p.product_id = s.product_id AND p.is_service = 0${most < MANY ? '' : byDay}
      WHERE ${where}`,
    params,
  );
}
