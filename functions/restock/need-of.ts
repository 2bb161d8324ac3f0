import { addDays } from '../../shared/core/calendar/add-days.ts';
import { explainInWords } from '../../shared/core/inventory/explanation.ts';
import { leadTimeDemand } from '../../shared/core/inventory/lead-time-demand.ts';
import { suggestOrder } from '../../shared/core/inventory/reorder.ts';
import { seedOf } from '../../shared/core/math/random.ts';
import type { FittedSeries } from '../../shared/data/forecast-store.ts';
import type { InventoryPosition } from '../../shared/data/position-store.ts';
import { seriesName } from '../../shared/data/series-store.ts';
import type { PlanSettings } from '../../shared/data/setting-store.ts';
import type { Need } from '../../shared/data/suggestion-store.ts';
import type { SupplierItem } from '../../shared/data/supplier-item-store.ts';
import { drawPaths } from './draw-paths.ts';

export interface NeedInput {
  readonly series: FittedSeries;
  readonly position: InventoryPosition;
  readonly item: SupplierItem;
  readonly settings: PlanSettings;
  readonly asOf: string;
}

/**
 * What to order of a series, with every number behind it; undefined while there is enough.
 * A pure function: the seed of its simulation comes from the settings and the series' name, not from the run, so that
 * another run over the same data suggests the same.
 */
export function needOf({ series, position, item, settings, asOf }: NeedInput): Need | undefined {
  const seed = seedOf(settings.seed, seriesName(series));
  const leadTime = { meanDays: item.leadTimeDays, deviationDays: item.leadTimeDeviationDays };
  const reviewDays = settings.review_days;
  const paths = drawPaths(series, {
    days: item.leadTimeDays + 4 * item.leadTimeDeviationDays + reviewDays,
    serviceLevel: settings.service_level,
    seed,
  });
  const sample = { leadTime, periodDays: series.periodDays, seed };
  const advice = suggestOrder({
    ...position,
    leadTimeDemand: leadTimeDemand(paths, sample),
    protectionDemand: leadTimeDemand(paths, { ...sample, reviewDays }),
    serviceLevel: settings.service_level,
    minimumQuantity: item.minimumQuantity,
    orderMultiple: item.orderMultiple,
    unitCost: item.unitCost,
    leadTimeDays: item.leadTimeDays,
    reviewDays,
    asOf,
  });
  if (advice.kind !== 'order') return undefined;
  const numbers = [
    { name: 'model', value: series.model, unit: 'name', from: `forecast of ${series.demandClass} demand` },
    ...advice.explanation.map((number) => ({ ...number, value: brief(number.value) })),
  ];
  return {
    productId: series.productId,
    locationId: series.locationId,
    supplierId: item.supplierId,
    quantity: advice.quantity,
    unitCost: item.unitCost,
    orderBy: advice.orderBy ?? asOf,
    explanation: {
      as_of: asOf,
      expected_date: advice.expectedDate,
      renewed_on: addDays(asOf, Math.ceil(item.leadTimeDays + reviewDays)),
      numbers,
      words: explainInWords(numbers),
    },
  };
}

/** Four decimals are enough to follow the reasoning. Adding 0 turns -0, which JSON does not keep, into 0. */
const brief = (value: number | string): number | string =>
  typeof value === 'number' ? Math.round(value * 1e4) / 1e4 + 0 : value;
