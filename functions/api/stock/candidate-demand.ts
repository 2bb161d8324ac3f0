import type { DemandByArrival } from '../../../shared/core/allocation/demand-for-order.ts';
import { daysBetween } from '../../../shared/core/calendar/add-days.ts';
import { drawFutures } from '../../../shared/core/forecast/draw-futures.ts';
import { protectionDemand } from '../../../shared/core/inventory/lead-time-demand.ts';
import { seedOf } from '../../../shared/core/math/random.ts';
import type { AllocationCandidate } from '../../../shared/data/allocation/allocation-inputs-store.ts';
import type { ForecastRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { type FittedSeries, readFittedSeries } from '../../../shared/data/forecasts/forecast-store.ts';
import { SERIES_PER_READ, seriesName } from '../../../shared/data/forecasts/series-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';

/**
 * Simulated demand of each candidate before an order can come and until the next one can, by `seriesName`, from the newest
 * plan's forecasts; what has none is left out. The same plan gives the same demand.
 */
export async function candidateDemand(
  db: Statements,
  run: ForecastRun,
  candidates: readonly AllocationCandidate[],
): Promise<Map<string, DemandByArrival>> {
  const demand = new Map<string, DemandByArrival>();
  for (let at = 0; at < candidates.length; at += SERIES_PER_READ) {
    const part = new Map(candidates.slice(at, at + SERIES_PER_READ).map((one) => [seriesName(one), one]));
    for (const series of await readFittedSeries(db, run.runId, [...part.values()])) {
      // What nothing is known of has no futures: its need is all there is.
      if (series.lowConfidence?.basis === 'initial-stock') continue;
      const name = seriesName(series);
      demand.set(name, demandOf(series, part.get(name)!, seedOf(run.settings.seed, name)));
    }
  }
  return demand;
}

function demandOf(series: FittedSeries, candidate: AllocationCandidate, seed: number): DemandByArrival {
  const { leadTimeDays, leadTimeDeviationDays, protection } = candidate;
  const days = protection ? Math.max(1, daysBetween(protection.from, protection.to)) : leadTimeDays;
  const meanDays = Math.min(days, leadTimeDays);
  const { leadByFuture: before, betweenReviews: after } = protectionDemand(
    drawFutures(series, { days: days + 4 * leadTimeDeviationDays, seed }),
    {
      leadTime: { meanDays, deviationDays: leadTimeDeviationDays },
      lookDays: days - meanDays,
      reviewDays: days - meanDays,
      periodDays: series.periodDays,
    },
  );
  return { before, after };
}
