import type { Spikes } from '../../../shared/contracts/api/diagnostics.ts';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { type SpikeSeries, upcomingSpikes } from '../../../shared/core/forecast/diagnose/upcoming-spikes.ts';
import { fromState } from '../../../shared/core/forecast/from-state.ts';
import { groupFutures } from '../../../shared/core/forecast/hierarchy/group-futures.ts';
import { rounded } from '../../../shared/core/forecast/model.ts';
import { seedOf } from '../../../shared/core/math/random.ts';
import { findGroupRun, readGroupStates } from '../../../shared/data/forecasts/group-forecast-reads.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';

/** Largest categories that are looked at: their futures are simulated anew, some milliseconds each. */
const MOST_CATEGORIES = 300;
const PATHS = 300;
const RECENT_WEEKS = 13;
const WEEK = 7;
const COVERAGE = 0.8;

export interface SpikesAsked {
  readonly weeks: number;
  readonly minLift: number;
  readonly limit: number;
}

/** Coming weeks in which a category is expected to sell clearly more than lately, by the futures of the newest plan. */
export async function findSpikes(db: Statements, { weeks, minLift, limit }: SpikesAsked): Promise<Spikes> {
  const about = {
    horizon_weeks: weeks,
    usual: 'mean of the newest 13 weeks' as const,
    coverage: COVERAGE,
    min_lift: minLift,
  };
  const run = await findGroupRun(db);
  if (!run) {
    const nothing = { categories_total: 0, categories_looked_at: 0, spikes_found: 0, spikes: [] };
    return { ...about, run_id: null, as_of: null, ...nothing };
  }
  const { groups, total } = await readGroupStates(db, run.runId, MOST_CATEGORIES);
  const series = groups.map(({ key, state, mean, history }): SpikeSeries => {
    const ahead = mean.slice(0, weeks);
    return {
      category: key,
      recent: history.slice(-RECENT_WEEKS),
      paths: groupFutures(fromState(state), ahead, PATHS, seedOf(1, key)),
    };
  });
  const spikes = upcomingSpikes(series, { lift: minLift, coverage: COVERAGE });
  return {
    ...about,
    run_id: run.runId,
    as_of: run.asOf,
    categories_total: total,
    categories_looked_at: groups.length,
    spikes_found: spikes.length,
    spikes: spikes.slice(0, limit).map(({ category, step, usual, expected, lift, lowLift, highLift }) => ({
      category,
      week_start: addDays(run.asOf, 1 + (step - 1) * WEEK),
      week: step,
      usual_units: rounded(usual),
      expected_units: rounded(expected),
      lift: rounded(lift),
      lift_interval: { lower: rounded(lowLift), upper: rounded(highLift) },
    })),
  };
}
