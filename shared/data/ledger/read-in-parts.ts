import * as z from 'zod';
import type { Params, Statements } from '../sql/database.ts';
import { takeTurns } from '../sql/take-turns.ts';
import { MOVEMENTS, OF_STOCK } from './stock-day-levels.ts';

/**
 * Movements of one part; a position counts as so many more. Below a megabyte, the most that the Data API answers, even where
 * an answer names every day of every position; and what is sorted of a part stays in memory.
 */
const MOVEMENTS_AT_ONCE = 50_000;
const POSITION = 24;
/** Statements that run together. */
const PARTS_AT_ONCE = 4;

const Part = z.object({ first: z.string(), most: z.int() });

/** Rows `s` of stock that are read together. */
export interface StockPart {
  readonly condition: string;
  readonly params: Params;
  /** Most movements of one of its positions. */
  readonly most: number;
}

/** What `read` answers of the whole stock, part by part, alike by those of their movements `l` that meet `isRead`. */
export async function readInParts<T>(
  db: Statements,
  isRead: string,
  params: Params,
  read: (part: StockPart) => Promise<T>,
): Promise<T[]> {
  const parts = await db.select(
    Part,
    `SELECT MIN(x.product_id) AS first, MAX(x.most) AS most
       FROM (SELECT c.product_id, MAX(c.n) AS most,
                    FLOOR(SUM(SUM(c.n + ${POSITION})) OVER (ORDER BY c.product_id) / ${MOVEMENTS_AT_ONCE}) AS part
               FROM (SELECT STRAIGHT_JOIN s.product_id, s.location_id, COUNT(l.log_id) AS n
                       FROM stock s FORCE INDEX (PRIMARY)
                       LEFT JOIN ${MOVEMENTS} ON ${OF_STOCK} AND ${isRead}
                      GROUP BY s.product_id, s.location_id) AS c
              GROUP BY c.product_id) AS x
      GROUP BY x.part
      ORDER BY first`,
    params,
  );
  const inTurn = takeTurns(PARTS_AT_ONCE, parts.length);
  return await Promise.all(
    parts.map(({ first, most }, i) => {
      const next = parts[i + 1]?.first;
      const [end, until] = next === undefined ? ['', {}] : [' AND s.product_id < :next', { next }];
      return inTurn(() =>
        read({ condition: `s.product_id >= :first${end}`, params: { ...params, first, ...until }, most }),
      );
    }),
  );
}
