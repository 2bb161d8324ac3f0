import * as z from 'zod';
import { foldPosition, type PositionDays } from '../../core/analytics/kpis/fold-position.ts';
import type { MovementFacts, StockFacts } from '../../core/analytics/kpis/kpi-facts.ts';
import { addDays, daysBetween } from '../../core/calendar/add-days.ts';
import { KEY_COLUMNS } from '../forecasts/series-store.ts';
import { type MovedPosition, readMovedDays, SINCE } from '../ledger/moved-days.ts';
import { readInParts } from '../ledger/read-in-parts.ts';
import { json, type Params, type Statements } from '../sql/database.ts';
import { amountColumn, sumColumn } from './kpi-columns.ts';
import type { KpiScope, ScopeSql } from './kpi-scope.ts';

/**
 * The stock of every day of the period, folded from the ledger by the time when things happened. Days of items count from
 * the day on which the ledger learnt how much there is: sales of what it did not know of say nothing about stock.
 */
export async function readStockFacts(
  db: Statements,
  { from, to }: Pick<KpiScope, 'from' | 'to'>,
  scope: ScopeSql,
): Promise<StockFacts> {
  const days = daysBetween(from, to) + 1;
  const isHere = `${scope.product('s.product_id')} AND ${scope.location('s.location_id')}`;
  const parts = await readInParts(db, SINCE, scope.params, async (part) => {
    const positions = await readMovedDays(db, part, isHere);
    const folded = positions.map((of) => ({ of, was: foldPosition(of, of.moved, days) }));
    return { ...sumsOf(folded), ...(await readMissed(db, folded, from, scope.params)) };
  });
  const sum = (name: keyof StockFacts) => parts.reduce((total, part) => total + part[name], 0);
  return {
    unitDays: sum('unitDays'),
    costDays: sum('costDays'),
    openingUnits: sum('openingUnits'),
    closingUnits: sum('closingUnits'),
    itemDays: sum('itemDays'),
    daysOut: sum('daysOut'),
    cycles: sum('cycles'),
    shortCycles: sum('shortCycles'),
    missedUnits: Math.round(sum('missedUnits') * 10_000) / 10_000,
    missedValue: Math.round(sum('missedValue')),
    missedMargin: Math.round(sum('missedMargin')),
  };
}

interface Folded {
  readonly of: MovedPosition;
  readonly was: PositionDays;
}

function sumsOf(folded: readonly Folded[]) {
  const sum = (value: (one: Folded) => number) => folded.reduce((total, one) => total + value(one), 0);
  return {
    unitDays: sum(({ was }) => was.unitDays),
    costDays: sum(({ of, was }) => was.unitDays * amountColumn.parse(of.unitCost)),
    openingUnits: sum(({ of }) => of.opening),
    closingUnits: sum(({ was }) => was.closing),
    itemDays: sum(({ was }) => was.itemDays),
    daysOut: sum(({ was }) => was.daysOut),
    cycles: sum(({ was }) => was.cycles),
    shortCycles: sum(({ was }) => was.shortCycles),
  };
}

const Sold = z.object({ n: z.int(), units: sumColumn });

/** What would have been sold on whole days without stock, at the rate of the other days since the position was known. */
async function readMissed(db: Statements, folded: readonly Folded[], from: string, params: Params) {
  const short = folded.filter(({ was }) => was.wholeDaysOut > 0 && was.itemDays > was.wholeDaysOut);
  const keys = short.map(({ of, was }) => [of.productId, of.locationId, addDays(from, was.knownFrom!)]);
  const sold =
    short.length === 0
      ? []
      : await db.select(
          Sold,
          `SELECT STRAIGHT_JOIN k.n, SUM(d.quantity) AS units
             FROM JSON_TABLE(:keys, '$[*]' COLUMNS (n FOR ORDINALITY, ${KEY_COLUMNS}, known_from DATE PATH '$[2]')) AS k
             JOIN demand d FORCE INDEX (PRIMARY)
               ON d.product_id = k.product_id AND d.location_id = k.location_id AND d.date BETWEEN k.known_from AND :to
            GROUP BY k.n`,
          { keys: json(keys), to: params.to! },
        );
  const missed = sold.map(({ n, units }) => {
    const { of, was } = short[n - 1]!;
    const lost = (was.wholeDaysOut * units) / (was.itemDays - was.wholeDaysOut);
    const [price, cost] = [amountColumn.parse(of.unitPrice), amountColumn.parse(of.unitCost)];
    const hasMargin = of.unitPrice !== null && of.unitCost !== null;
    return { units: lost, value: lost * price, margin: hasMargin ? lost * (price - cost) : 0 };
  });
  return {
    missedUnits: missed.reduce((sum, { units }) => sum + units, 0),
    missedValue: missed.reduce((sum, { value }) => sum + value, 0),
    missedMargin: missed.reduce((sum, { margin }) => sum + margin, 0),
  };
}

const Movements = z.object({
  received: sumColumn,
  expired_units: sumColumn,
  expired: amountColumn,
  damaged_units: sumColumn,
  damaged: amountColumn,
});

const REVERSED = 'JOIN inventory_log o ON o.log_id = l.reverses_log_id';

/** What came of suppliers, and what was thrown away, in the period; what was taken back counts on the day on which it was. */
export async function readMovementFacts(db: Statements, scope: ScopeSql): Promise<MovementFacts> {
  // the ledger comes first: by products every movement of theirs would be looked up
  const of = (type: string, movements: string) => `
     SELECT STRAIGHT_JOIN ${type} AS type, SUM(l.quantity_change) AS units, SUM(l.quantity_change * p.cost) AS cost
       FROM inventory_log l ${movements}
       JOIN products p ON p.product_id = l.product_id
      WHERE ${type} IN ('receipt', 'expiry', 'damage') AND ${scope.time('l.date')}
        AND ${scope.product('l.product_id')} AND ${scope.location('l.warehouse')}`;
  const [row] = await db.select(
    Movements,
    `SELECT COALESCE(SUM(CASE WHEN m.type = 'receipt' THEN m.units END), 0) AS received,
            COALESCE(-SUM(CASE WHEN m.type = 'expiry' THEN m.units END), 0) AS expired_units,
            COALESCE(-SUM(CASE WHEN m.type = 'damage' THEN m.units END), 0) AS damaged_units,
            CAST(-SUM(CASE WHEN m.type = 'expiry' THEN m.cost END) AS CHAR) AS expired,
            CAST(-SUM(CASE WHEN m.type = 'damage' THEN m.cost END) AS CHAR) AS damaged
       FROM (${of('l.change_type', '')} AND l.reverses_log_id IS NULL
              GROUP BY l.change_type
              UNION ALL${of('o.change_type', `FORCE INDEX (inventory_log_reverses) ${REVERSED}`)}
                AND l.reverses_log_id IS NOT NULL
              GROUP BY o.change_type) AS m`,
    scope.params,
  );
  const { received, expired_units, expired, damaged_units, damaged } = row!;
  return {
    receivedUnits: received,
    ...{ expiredUnits: expired_units, expiredCost: expired },
    ...{ damagedUnits: damaged_units, damagedCost: damaged },
  };
}
