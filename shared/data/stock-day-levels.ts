/**
 * The days on which the stock of items changed, as a table `(product_id, location_id, day, level, change_of_day, day_before,
 * next_day, supplied, ledger_began)` for FROM: the level that the day ended with, which holds until the day before the next one.
 * `day_before` is null on an item's first day; `supplied` is 1 on days on which goods came; `ledger_began` is the first day on which the ledger learnt how much there is.
 * By the time when things happened: what is recorded late is in the next answer. Reads nothing but one index.
 */
export const stockDayLevels = (isCounted: string, ofDays: { readonly before: string }): string => `
(SELECT x.product_id, x.location_id, x.day, x.change_of_day, x.supplied,
        SUM(x.change_of_day) OVER (days ROWS UNBOUNDED PRECEDING) AS level,
        LAG(x.day) OVER days AS day_before,
        LEAD(x.day) OVER days AS next_day,
        MIN(x.learnt) OVER (PARTITION BY x.product_id, x.location_id) AS ledger_began
   FROM (SELECT l.product_id, l.warehouse AS location_id, CAST(l.date AS DATE) AS day,
                SUM(l.quantity_change) AS change_of_day,
                MAX(l.knowledge = 1 AND l.quantity_change > 0) AS supplied,
                MIN(CASE WHEN l.knowledge = 1 THEN CAST(l.date AS DATE) END) AS learnt
           FROM inventory_log l FORCE INDEX (inventory_log_position)
          WHERE l.date < ${ofDays.before} AND ${isCounted}
          GROUP BY l.product_id, l.warehouse, CAST(l.date AS DATE)) AS x
 WINDOW days AS (PARTITION BY x.product_id, x.location_id ORDER BY x.day))`;
