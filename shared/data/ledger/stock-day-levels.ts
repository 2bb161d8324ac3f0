/**
 * The days on which the stock of items changed before a day, as a table `(item, day, next_day, level, level_before)` for FROM:
 * the level that a day ended with, which holds until the day before the next one. An item is a `status_id` of `stock`; days
 * are those of TO_DAYS; `level_before` is null on an item's first day, `next_day` on its last. By the time when things
 * happened: what is recorded late is in the next answer. `isCounted` is a condition on rows `s` of stock.
 *
 * Windows over narrow rows: with the keys of items in them, each row is half a kilobyte of a temporary table on disk, and
 * the same takes eighty times as long. Movements of one day are not summed first: of all but the last the span is 0.
 */
export const stockDayLevels = (isCounted: string, before: string): string => `
(SELECT c.item, c.day, c.next_day, c.level, LAG(c.level) OVER (PARTITION BY c.item ORDER BY c.day) AS level_before
   FROM (SELECT m.item, m.day, LEAD(m.day) OVER moves AS next_day,
                SUM(m.units) OVER (moves ROWS UNBOUNDED PRECEDING) AS level
           FROM (SELECT STRAIGHT_JOIN s.status_id AS item, TO_DAYS(l.date) AS day, l.quantity_change AS units
                   FROM stock s FORCE INDEX (PRIMARY)
                   JOIN ${MOVEMENTS} ON ${OF_STOCK}
                  WHERE l.date < ${before} AND ${isCounted}) AS m
         WINDOW moves AS (PARTITION BY m.item ORDER BY m.day)) AS c
  WHERE c.next_day IS NULL OR c.next_day <> c.day)`;

/** Movements `l`, from the index that holds all that is read of them here. */
export const MOVEMENTS = 'inventory_log l FORCE INDEX (inventory_log_position)';
/** They are of a row `s` of stock. */
export const OF_STOCK = 'l.product_id = s.product_id AND l.warehouse = s.location_id';

/**
 * Units on hand at the end of each day from `:from` to `:to`, summed, of the rows `s` of stock that are counted, as a table
 * `(product_id, unit_days)` for FROM: backwards from the stock of now, which is the sum of all movements.
 */
export const unitDays = (isCounted: string): string => `
(SELECT u.product_id, SUM(u.unit_days) AS unit_days
   FROM (SELECT s.product_id, s.stock_level * (TO_DAYS(:to) + 1 - TO_DAYS(:from))
                  - COALESCE((SELECT SUM(l.quantity_change * (LEAST(TO_DAYS(l.date), TO_DAYS(:to) + 1) - TO_DAYS(:from)))
                                FROM ${MOVEMENTS} WHERE ${OF_STOCK} AND l.date >= :from), 0) AS unit_days
           FROM stock s FORCE INDEX (PRIMARY)
          WHERE ${isCounted}) AS u
  GROUP BY u.product_id)`;
