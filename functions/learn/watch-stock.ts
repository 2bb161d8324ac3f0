import { addDays } from '../../shared/core/calendar/add-days.ts';
import { explained } from '../../shared/core/inventory/explain-need.ts';
import { explainedValue } from '../../shared/core/inventory/explanation.ts';
import { findNewestCompleteRun } from '../../shared/data/forecasts/forecast-run-store.ts';
import { type FittedSeries, readFittedSeries } from '../../shared/data/forecasts/forecast-store.ts';
import { type LiveForecast, readLiveForecasts } from '../../shared/data/forecasts/live-store.ts';
import { type SeriesKey, seriesName } from '../../shared/data/forecasts/series-store.ts';
import {
  isLowStockSilenced,
  LOW_STOCK,
  openAlert,
  settleAlert,
} from '../../shared/data/planning/alert-store.ts';
import { readBusinessDay } from '../../shared/data/planning/business-day.ts';
import { readPlanTiming } from '../../shared/data/planning/plan-timing.ts';
import { readPlanSettings } from '../../shared/data/planning/setting-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import { type Need, readStandingSuggestions } from '../../shared/data/suggestions/suggestion-store.ts';
import { isStillAnswered } from '../restock/decide-changes.ts';
import { needOf } from '../restock/need-of.ts';
import { readProducts, readWorld } from '../restock/read-products.ts';

/** Days ahead that the online model is asked for; beyond them their average goes on. */
const REACH_DAYS = 28;

/**
 * Between two plans: raises an alert where the position has come down to the reorder point and nothing is suggested yet,
 * and settles it where that is no longer so. The reorder point is that of the forecast that speaks now. Series that the newest plan
 * does not have, or that nobody supplies, are left alone.
 */
export async function watchStock(tx: Statements, keys: readonly SeriesKey[]): Promise<void> {
  // first a lock: of two events of a series the second sees stock and alerts as the first has left them
  const live = await readLiveForecasts(tx, keys, { forUpdate: true });
  const run = await findNewestCompleteRun(tx);
  const asOf = await readBusinessDay(tx);
  // a plan that is making its suggestions answers for the stock itself, and settles what was raised before it
  if (run?.status !== 'done' || asOf === undefined) return;
  const settings = await readPlanSettings(tx);
  const planned = await readFittedSeries(tx, run.runId, keys);
  const standing = await readStandingSuggestions(tx, keys);
  const products = await readProducts(
    tx,
    planned.map((nightly) => speaking(nightly, live.get(seriesName(nightly)))),
    {
      ...(await readWorld(tx)),
      settings,
      asOf,
      timing: await readPlanTiming(tx, { runId: run.runId, asOf }),
      runId: run.runId,
      standing,
    },
  );
  for (const { input, items } of products.flatMap(({ series, items }) =>
    series.map((input) => ({ input, items })),
  )) {
    if (items.length === 0) continue;
    const { series } = input;
    const name = seriesName(series);
    const need = needOf(input, items);
    const isAnswered = [...standing.values()].some(
      (one) =>
        seriesName(one) === name &&
        (one.status === 'open' || (need && one.kind === 'purchase' && isStillAnswered(need, one))),
    );
    if (!need || isAnswered) await settleAlert(tx, keyOf(name));
    else if (!(await isLowStockSilenced(tx, keyOf(name), run.runId)))
      await openAlert(tx, alertOf(name, series, need));
  }
}

const keyOf = (name: string): string => `${LOW_STOCK}:${name}`;

/** The forecast that speaks: the online model's where it has earned it, else the plan's. */
function speaking(nightly: FittedSeries, live: LiveForecast | undefined): FittedSeries {
  if (live?.state.choice !== 'online') return nightly;
  return {
    ...nightly,
    firstDay: addDays(live.closedThrough, 1),
    periodDays: 1,
    horizon: REACH_DAYS,
    model: 'online',
    state: live.state.online,
    lowConfidence: null,
  };
}

function alertOf(name: string, { model }: FittedSeries, { productId, locationId, explanation }: Need) {
  const { numbers } = explanation;
  const of = (number: string): number => explainedValue(numbers, number);
  const isStocked = explained(numbers, 'reorderPoint') !== undefined;
  const by = model === 'online' ? 'the daily sales since the plan' : 'the forecast of the newest plan';
  return {
    key: keyOf(name),
    type: LOW_STOCK,
    level: of('position') <= 0 ? ('critical' as const) : ('warning' as const),
    title: 'Stock is low before the next plan',
    message: isStocked
      ? `${productId} at ${locationId}: a position of ${of('position')} units is not above the ${of('reorderPoint')} units that ${by} (${model}) asks for over ${of('leadTimeDays')} days. The next plan will suggest an order.`
      : `${productId} at ${locationId} is not kept in stock, and ${-of('position')} units are promised beyond all that is there or to come. The next plan will suggest an order.`,
  };
}
