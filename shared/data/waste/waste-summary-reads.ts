import type { WasteSummary } from '../../contracts/api/waste.ts';
import { kpiOf } from '../../core/analytics/kpis/kpi.ts';
import { WASTE_RATE } from '../../core/analytics/kpis/kpi-rules.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { WASTE_KINDS } from '../../core/inventory/waste/judge-stock.ts';
import { readSalesFacts } from '../metrics/kpi-sales-reads.ts';
import { scopeSql } from '../metrics/kpi-scope.ts';
import { readMovementFacts } from '../metrics/kpi-stock-reads.ts';
import type { Statements } from '../sql/database.ts';
import type { OutlookFilter } from './stock-outlook-store.ts';
import { amountOf, moneyText, readWaste } from './waste-reads.ts';

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

/** What was written off and what was sold below cost in those days, by the facts of the key figures. */
async function readLosses(
  db: Statements,
  { productId, locationId, category }: OutlookFilter,
  from: string,
  to: string,
): Promise<WasteSummary['losses']> {
  const locationIds = locationId === undefined ? undefined : [locationId];
  const scope = scopeSql({ from, to, productId, locationIds, category });
  const [movements, sales] = await Promise.all([readMovementFacts(db, scope), readSalesFacts(db, scope)]);
  return {
    from,
    to,
    expired_units: movements.expiredUnits,
    expired_cost: moneyText(movements.expiredCost),
    damaged_units: movements.damagedUnits,
    damaged_cost: moneyText(movements.damagedCost),
    markdown_loss: moneyText(sales.soldBelowCost),
    cost_of_goods_sold: moneyText(sales.cogs),
    waste_rate: kpiOf(WASTE_RATE, { movements, sales }).value as number | null,
  };
}
