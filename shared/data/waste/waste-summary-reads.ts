import * as z from 'zod';
import type { WasteSummary } from '../../contracts/api/waste.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { WASTE_KINDS } from '../../core/inventory/waste/judge-stock.ts';
import { date, type Statements } from '../sql/database.ts';
import { type OutlookFilter, UNIT_COST } from './stock-outlook-store.ts';
import { amountOf, moneyText, readWaste } from './waste-reads.ts';

const amount = z.string().nullable().transform(amountOf);
const Losses = z.object({
  units_expired: z.coerce.number(),
  expired: amount,
  units_damaged: z.coerce.number(),
  damaged: amount,
});
const Sold = z.object({ cost: amount, below: amount });

/** What stock is and what it costs, each unit counted once as the worst that it is, and what was lost of late. */
export async function readWasteSummary(
  db: Statements,
  filter: OutlookFilter,
  days: number,
): Promise<WasteSummary> {
  const view = await readWaste(db, filter);
  const outlooks = view?.outlooks ?? [];
  const kinds = WASTE_KINDS.map((kind) => {
    const some = outlooks.filter(({ judgement }) => judgement.units[kind] > 0);
    const units = some.reduce((sum, { judgement }) => sum + judgement.units[kind], 0);
    const cost = some.reduce(
      (sum, { judgement, unitCost }) => sum + judgement.units[kind] * amountOf(unitCost),
      0,
    );
    return { kind, positions: some.length, units, value: moneyText(cost) };
  });
  const all = outlooks.reduce((sum, { facts, unitCost }) => sum + facts.onHand * amountOf(unitCost), 0);
  const to = view?.asOf ?? '1970-01-01';
  return {
    as_of: view?.asOf ?? null,
    kinds,
    total: {
      positions: outlooks.length,
      units: outlooks.reduce((sum, { facts }) => sum + facts.onHand, 0),
      value: moneyText(all),
    },
    units_without_cost: outlooks.reduce(
      (sum, { facts, unitCost }) => sum + (unitCost === null ? facts.onHand : 0),
      0,
    ),
    losses: await readLosses(db, filter, addDays(to, 1 - days), to),
  };
}

/** What was written off and what was sold below cost in those days; what was taken back does not count. */
async function readLosses(
  db: Statements,
  { productId, locationId, category }: OutlookFilter,
  from: string,
  to: string,
): Promise<WasteSummary['losses']> {
  const params = { productId: productId ?? '', locationId: locationId ?? '', category: category ?? '' };
  const only = (location: string) =>
    `(:productId = '' OR p.product_id = :productId) AND (:locationId = '' OR ${location} = :locationId)
        AND (:category = '' OR p.category = :category)`;
  const [lost] = await db.select(
    Losses,
    `SELECT COALESCE(SUM(CASE WHEN x.type = 'expiry' THEN x.units ELSE 0 END), 0) AS units_expired,
            CAST(SUM(CASE WHEN x.type = 'expiry' THEN x.units * x.unit_cost ELSE 0 END) AS CHAR) AS expired,
            COALESCE(SUM(CASE WHEN x.type = 'damage' THEN x.units ELSE 0 END), 0) AS units_damaged,
            CAST(SUM(CASE WHEN x.type = 'damage' THEN x.units * x.unit_cost ELSE 0 END) AS CHAR) AS damaged
       FROM (SELECT l.change_type AS type, -l.quantity_change AS units, COALESCE(${UNIT_COST}, 0) AS unit_cost
               FROM inventory_log l FORCE INDEX (inventory_log_type)
               JOIN products p ON p.product_id = l.product_id
              WHERE l.change_type IN ('expiry', 'damage')
                AND l.date >= :from AND l.date < DATE_ADD(:to, INTERVAL 1 DAY)
                AND NOT EXISTS (SELECT 1 FROM inventory_log r WHERE r.reverses_log_id = l.log_id)
                AND ${only('l.warehouse')}) AS x`,
    { from: date(from), to: date(to), ...params },
  );
  const [sold] = await db.select(
    Sold,
    `SELECT CAST(SUM(d.quantity * p.unit_cost) AS CHAR) AS cost,
            CAST(SUM(GREATEST(0, d.quantity * p.unit_cost - d.revenue)) AS CHAR) AS below
       FROM demand d
       JOIN (SELECT p.product_id, p.category, COALESCE(${UNIT_COST}, 0) AS unit_cost FROM products p) AS p
         ON p.product_id = d.product_id
      WHERE d.date BETWEEN :from AND :to AND d.quantity > 0
        AND ${only('d.location_id')}`,
    { from: date(from), to: date(to), ...params },
  );
  const { expired, damaged, units_expired, units_damaged } = lost!;
  const { cost, below } = sold!;
  return {
    from,
    to,
    expired_units: units_expired,
    expired_cost: moneyText(expired),
    damaged_units: units_damaged,
    damaged_cost: moneyText(damaged),
    markdown_loss: moneyText(below),
    cost_of_goods_sold: moneyText(cost),
    waste_rate: cost > 0 ? Number(((expired + below) / cost).toFixed(6)) : null,
  };
}
