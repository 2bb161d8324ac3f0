import * as z from 'zod';
import type { MovementFacts, StockFacts } from '../../core/analytics/kpis/kpi-facts.ts';
import { SPAN_OF_LEVEL, stockDayLevels } from '../ledger/stock-day-levels.ts';
import type { Statements } from '../sql/database.ts';
import { amountColumn, sumColumn } from './kpi-columns.ts';
import type { ScopeSql } from './kpi-scope.ts';

const Stock = z
  .object({
    unit_days: sumColumn,
    cost_days: amountColumn,
    opening: sumColumn,
    closing: sumColumn,
    item_days: sumColumn,
    days_out: sumColumn,
    cycles: sumColumn,
    short_cycles: sumColumn,
    missed_units: sumColumn,
    missed_value: amountColumn,
    missed_margin: amountColumn,
  })
  .transform(
    (row): StockFacts => ({
      unitDays: row.unit_days,
      costDays: row.cost_days,
      openingUnits: row.opening,
      closingUnits: row.closing,
      itemDays: row.item_days,
      daysOut: row.days_out,
      cycles: row.cycles,
      shortCycles: row.short_cycles,
      missedUnits: row.missed_units,
      missedValue: row.missed_value,
      missedMargin: row.missed_margin,
    }),
  );

/** Of a row that ends with no stock, the days of the period but the one on which the last unit went. */
const WHOLE_DAYS_OUT = `GREATEST(${SPAN_OF_LEVEL} - (v.day >= TO_DAYS(:from)), 0)`;

/** Units of an item `i` that were sold on the days that are counted: rates are of the same days as what they are applied to. */
const SOLD_SINCE_KNOWN = `COALESCE((SELECT SUM(d.quantity)
                                     FROM demand d
                                    WHERE d.product_id = i.product_id AND d.location_id = i.location_id
                                      AND d.date BETWEEN FROM_DAYS(i.known_from) AND :to), 0)`;

/**
 * The stock of every day of the period, folded from the ledger by the time when things happened. Days of items count from
 * the day on which the ledger learnt how much there is: sales of what it did not know of say nothing about stock.
 */
export async function readStockFacts(db: Statements, scope: ScopeSql): Promise<StockFacts> {
  const [row] = await db.select(
    Stock,
    `SELECT COALESCE(SUM(y.unit_days), 0) AS unit_days,
            CAST(SUM(y.unit_days * p.cost) AS CHAR) AS cost_days,
            COALESCE(SUM(y.opening), 0) AS opening, COALESCE(SUM(y.closing), 0) AS closing,
            COALESCE(SUM(y.item_days), 0) AS item_days, COALESCE(SUM(y.days_out), 0) AS days_out,
            COALESCE(SUM(y.cycles), 0) AS cycles, COALESCE(SUM(y.short_cycles), 0) AS short_cycles,
            COALESCE(SUM(y.missed), 0) AS missed_units,
            CAST(SUM(y.missed * p.unit_price) AS CHAR) AS missed_value,
            CAST(SUM(y.missed * (p.unit_price - p.cost)) AS CHAR) AS missed_margin
       FROM (SELECT i.*, CASE WHEN i.whole_days_out > 0 AND i.item_days > i.whole_days_out
                              THEN i.whole_days_out * ${SOLD_SINCE_KNOWN} / (i.item_days - i.whole_days_out)
                              ELSE 0 END AS missed
               FROM (SELECT k.product_id, k.location_id, g.*
                       FROM (SELECT v.item, SUM(v.level * ${SPAN_OF_LEVEL}) AS unit_days,
                                    SUM(CASE WHEN v.day < TO_DAYS(:from)
                                              AND (v.next_day IS NULL OR v.next_day >= TO_DAYS(:from))
                                             THEN v.level ELSE 0 END) AS opening,
                                    SUM(CASE WHEN v.next_day IS NULL THEN v.level ELSE 0 END) AS closing,
                                    SUM(CASE WHEN v.is_known = 1 THEN ${SPAN_OF_LEVEL} ELSE 0 END) AS item_days,
                                    MIN(CASE WHEN v.is_known = 1 THEN GREATEST(v.day, TO_DAYS(:from)) END) AS known_from,
                                    SUM(CASE WHEN v.is_known = 1 AND v.level <= 0
                                             THEN ${SPAN_OF_LEVEL} ELSE 0 END) AS days_out,
                                    SUM(CASE WHEN v.is_known = 1 AND v.level <= 0
                                             THEN ${WHOLE_DAYS_OUT} ELSE 0 END) AS whole_days_out,
                                    SUM(v.supplied = 1 AND v.was_known = 1 AND v.day >= TO_DAYS(:from)) AS cycles,
                                    SUM(v.supplied = 1 AND v.was_known = 1 AND v.day >= TO_DAYS(:from)
                                        AND v.level_before <= 0) AS short_cycles
                               FROM ${stockDayLevels(
                                 `${scope.product('l.product_id')} AND ${scope.location('l.warehouse')}`,
                                 { since: ':from', before: 'DATE_ADD(:to, INTERVAL 1 DAY)' },
                               )} AS v
                              GROUP BY v.item) AS g
                       JOIN stock k ON k.status_id = g.item) AS i) AS y
       JOIN products p ON p.product_id = y.product_id AND p.is_service = 0`,
    scope.params,
  );
  return row!;
}

const Movements = z.object({
  received: sumColumn,
  expired: amountColumn,
  damaged: amountColumn,
});

/** What came of suppliers, and what was thrown away, in the period; what was taken back counts on the day on which it was. */
export async function readMovementFacts(db: Statements, scope: ScopeSql): Promise<MovementFacts> {
  const within = `${scope.time('l.date')} AND ${scope.product('l.product_id')} AND ${scope.location('l.warehouse')}`;
  const [row] = await db.select(
    Movements,
    `SELECT COALESCE(SUM(CASE WHEN m.type = 'receipt' THEN m.units END), 0) AS received,
            CAST(-SUM(CASE WHEN m.type = 'expiry' THEN m.units * p.cost END) AS CHAR) AS expired,
            CAST(-SUM(CASE WHEN m.type = 'damage' THEN m.units * p.cost END) AS CHAR) AS damaged
       FROM (SELECT l.product_id, l.change_type AS type, SUM(l.quantity_change) AS units
               FROM inventory_log l
              WHERE l.change_type IN ('receipt', 'expiry', 'damage') AND l.reverses_log_id IS NULL AND ${within}
              GROUP BY l.product_id, l.change_type
              UNION ALL
             SELECT l.product_id, o.change_type, SUM(l.quantity_change)
               FROM inventory_log l
               JOIN inventory_log o ON o.log_id = l.reverses_log_id
                                   AND o.change_type IN ('receipt', 'expiry', 'damage')
              WHERE l.reverses_log_id IS NOT NULL AND ${within}
              GROUP BY l.product_id, o.change_type) AS m
       JOIN products p ON p.product_id = m.product_id`,
    scope.params,
  );
  return { receivedUnits: row!.received, expiredCost: row!.expired, damagedCost: row!.damaged };
}
