import type { Explanation } from '../../shared/contracts/explanation.ts';
import { type LowConfidence, lowConfidenceInWords } from '../../shared/contracts/low-confidence.ts';
import { addDays } from '../../shared/core/calendar/add-days.ts';
import { explainInWords } from '../../shared/core/inventory/explanation.ts';
import { orderByInitialStock } from '../../shared/core/inventory/initial-stock-rule.ts';
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
export function needOf(input: NeedInput): Need | undefined {
  const { series, position, item, settings, asOf } = input;
  if (series.lowConfidence?.basis === 'initial-stock') return needByInitialStock(input, series.lowConfidence);
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
  return needFor(input, {
    quantity: advice.quantity,
    orderBy: advice.orderBy ?? asOf,
    expectedDate: advice.expectedDate,
    numbers,
    words: explainInWords(numbers),
  });
}

/** Where there is neither a history nor a product to compare it with, a quarter of the initial stock is all there is. */
function needByInitialStock(input: NeedInput, reason: LowConfidence): Need | undefined {
  const { position, item, asOf } = input;
  const advice = orderByInitialStock({
    ...position,
    initialStock: reason.initial_stock ?? 0,
    minimumQuantity: item.minimumQuantity,
    orderMultiple: item.orderMultiple,
    leadTimeDays: item.leadTimeDays,
    asOf,
  });
  if (advice.quantity === 0) return undefined;
  const { quantity, expectedDate, words } = advice;
  const numbers = advice.explanation.map((number) => ({ ...number, value: brief(number.value) }));
  return needFor(input, { quantity, orderBy: asOf, expectedDate, numbers, words });
}

interface Decision extends Pick<Explanation, 'numbers' | 'words'> {
  readonly quantity: number;
  readonly orderBy: string;
  readonly expectedDate: string;
}

function needFor(
  { series, item, settings, asOf }: NeedInput,
  { quantity, orderBy, expectedDate, numbers, words }: Decision,
): Need {
  const reason = series.lowConfidence;
  return {
    productId: series.productId,
    locationId: series.locationId,
    supplierId: item.supplierId,
    quantity,
    unitCost: item.unitCost,
    orderBy,
    explanation: {
      as_of: asOf,
      expected_date: expectedDate,
      renewed_on: addDays(asOf, Math.ceil(item.leadTimeDays + settings.review_days)),
      ...(reason && { confidence: 'low' as const }),
      numbers,
      words: reason ? `${words} ${lowConfidenceInWords(reason)}` : words,
    },
  };
}

/** Four decimals are enough to follow the reasoning. Adding 0 turns -0, which JSON does not keep, into 0. */
const brief = (value: number | string): number | string =>
  typeof value === 'number' ? Math.round(value * 1e4) / 1e4 + 0 : value;
