import type { KpiReport, ProductMetrics } from '../../../shared/contracts/api/metrics.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { computeKpis } from '../../../shared/core/analytics/kpis/compute-kpis.ts';
import { addDays, daysBetween } from '../../../shared/core/calendar/add-days.ts';
import { subtreeOf } from '../../../shared/data/catalogue/location-tree.ts';
import { readKpiFacts } from '../../../shared/data/metrics/kpi-reads.ts';
import type { KpiScope } from '../../../shared/data/metrics/kpi-scope.ts';
import { readProductMetrics } from '../../../shared/data/metrics/product-metric-reads.ts';
import { readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import type { PageAsked } from '../../../shared/data/sql/columns.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { knownLocation } from '../stock/stocked-place.ts';

/** Days when no first one is given, and at most. */
const USUAL_DAYS = 30;
const MOST_DAYS = 1_830;

export interface KpisAsked {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly location_id?: string | undefined;
  readonly category?: string | undefined;
}

/** The key figures of a period, by default the 30 days up to the business day. */
export async function answerKpis(db: Statements, today: string, asked: KpisAsked): Promise<KpiReport> {
  const { businessDay, locationId, scope } = await scopeOf(db, today, asked);
  const facts = await readKpiFacts(db, scope);
  return {
    as_of: businessDay ?? null,
    from: scope.from,
    to: scope.to,
    days: facts.days,
    location_id: locationId,
    category: asked.category ?? null,
    units_without_cost: facts.sales.uncostedUnits,
    holding_rate: facts.holdingRate,
    kpis: computeKpis(facts),
  };
}

/** Figures of single products over a period, of the same days, places and categories. */
export async function answerProductMetrics(
  db: Statements,
  today: string,
  { skip, limit, ...asked }: KpisAsked & PageAsked,
): Promise<ProductMetrics> {
  const { scope } = await scopeOf(db, today, asked);
  return await readProductMetrics(db, scope, { skip, limit });
}

/** The days, places and products that figures are asked of, by default so many days up to the business day. */
export async function scopeOf(db: Statements, today: string, asked: KpisAsked, usualDays = USUAL_DAYS) {
  const businessDay = await readBusinessDay(db);
  const to = asked.to ?? businessDay ?? today;
  const from = asked.from ?? addDays(to, 1 - usualDays);
  const days = daysBetween(from, to) + 1;
  if (days < 1 || days > MOST_DAYS)
    throw new Fault('invalid', `A period has 1 to ${MOST_DAYS} days`, {
      details: [{ field: 'from', reason: days < 1 ? 'lies after to' : 'is too long before to' }],
    });
  const locationId = asked.location_id === undefined ? null : await knownLocation(db, asked.location_id);
  const scope: KpiScope = {
    from,
    to,
    category: asked.category,
    locationIds: locationId === null ? undefined : await subtreeOf(db, locationId),
  };
  return { businessDay, locationId, scope };
}
