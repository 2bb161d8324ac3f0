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
export const stockDayLevels = (isCounted: string, ofDays: { readonly before: string }): string => `
(SELECT c.item, c.day, c.next_day, c.level,
        LAG(c.level) OVER days AS level_before,
        c.learnt > 0 AS is_known,
        COALESCE(LAG(c.learnt) OVER days, 0) > 0 AS was_known,
        c.supplies > COALESCE(LAG(c.supplies) OVER days, 0) AS supplied
   FROM (SELECT STRAIGHT_JOIN s.status_id AS item, TO_DAYS(l.date) AS day,
                LEAD(TO_DAYS(l.date)) OVER moves AS next_day,
                SUM(l.quantity_change) OVER (moves ROWS UNBOUNDED PRECEDING) AS level,
                SUM(l.knowledge = 1) OVER (moves ROWS UNBOUNDED PRECEDING) AS learnt,
                SUM(l.knowledge = 1 AND l.quantity_change > 0) OVER (moves ROWS UNBOUNDED PRECEDING) AS supplies
           FROM stock s
           JOIN inventory_log l FORCE INDEX (inventory_log_position)
             ON l.product_id = s.product_id AND l.warehouse = s.location_id
          WHERE l.date < ${ofDays.before} AND ${isCounted}
         WINDOW moves AS (PARTITION BY s.status_id ORDER BY l.date, l.log_id)) AS c
  WHERE c.next_day IS NULL OR c.next_day <> c.day
 WINDOW days AS (PARTITION BY c.item ORDER BY c.day))`;

/** Days from `:from` to `:to` that end with the level of a row `v` of these. */
export const SPAN_OF_LEVEL = `GREATEST(COALESCE(v.next_day, TO_DAYS(:to) + 1) - GREATEST(v.day, TO_DAYS(:from)), 0)`;
