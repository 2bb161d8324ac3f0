/**
 * The days on which the stock of items changed, as a table `(item, day, next_day, level, level_before, is_known, was_known,
 * supplied)` for FROM: the level that a day ended with, which holds until the day before the next one. An item is a
 * `status_id` of `stock`; days are those of TO_DAYS; `level_before` is null on an item's first day, `next_day` on its last;
 * known = an opening, a receipt, a transfer or a count has told the ledger how much there is; `supplied` = goods came.
 * By the time when things happened: what is recorded late is in the next answer. `isCounted` is a condition on movements `l`.
 *
 * Windows over narrow rows: with the keys of items in them, each row is half a kilobyte of a temporary table on disk, and
 * the same takes eighty times as long. Movements of one day are not summed first: of all but the last the span is 0.
 */
export function stockDayLevels(
  isCounted: string,
  /** Movements from `since` on, what came before as one of the day before it; without it from the beginning. */
  { since, before }: { readonly since?: string; readonly before: string },
): string {
  const movements = `stock s
           JOIN inventory_log l FORCE INDEX (inventory_log_position)
             ON l.product_id = s.product_id AND l.warehouse = s.location_id`;
  const each = `SELECT STRAIGHT_JOIN s.status_id AS item, TO_DAYS(l.date) AS day, l.quantity_change AS units,
                l.knowledge = 1 AS learnt, l.knowledge = 1 AND l.quantity_change > 0 AS supplies
           FROM ${movements}
          WHERE l.date < ${before} AND ${isCounted}`;
  const sums = `SELECT STRAIGHT_JOIN s.status_id, TO_DAYS(${since}) - 1, SUM(l.quantity_change), SUM(l.knowledge = 1), 0
           FROM ${movements}
          WHERE l.date < ${since} AND ${isCounted}
          GROUP BY s.status_id`;
  return `
(SELECT c.item, c.day, c.next_day, c.level,
        LAG(c.level) OVER days AS level_before,
        c.learnt > 0 AS is_known,
        COALESCE(LAG(c.learnt) OVER days, 0) > 0 AS was_known,
        c.supplies > COALESCE(LAG(c.supplies) OVER days, 0) AS supplied
   FROM (SELECT m.item, m.day, LEAD(m.day) OVER moves AS next_day,
                SUM(m.units) OVER (moves ROWS UNBOUNDED PRECEDING) AS level,
                SUM(m.learnt) OVER (moves ROWS UNBOUNDED PRECEDING) AS learnt,
                SUM(m.supplies) OVER (moves ROWS UNBOUNDED PRECEDING) AS supplies
           FROM (${since === undefined ? each : `${each} AND l.date >= ${since} UNION ALL ${sums}`}) AS m
         WINDOW moves AS (PARTITION BY m.item ORDER BY m.day)) AS c
  WHERE c.next_day IS NULL OR c.next_day <> c.day
 WINDOW days AS (PARTITION BY c.item ORDER BY c.day))`;
}

/** Days from `:from` to `:to` that end with the level of a row `v` of these. */
export const SPAN_OF_LEVEL = `GREATEST(COALESCE(v.next_day, TO_DAYS(:to) + 1) - GREATEST(v.day, TO_DAYS(:from)), 0)`;
