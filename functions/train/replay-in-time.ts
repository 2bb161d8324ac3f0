import type { PolicyEvaluationOrder } from '../../shared/contracts/messages.ts';
import type { Candidate } from '../../shared/core/replay/candidates.ts';
import { replaySeries, type SeriesReplay } from '../../shared/core/replay/replay-series.ts';
import type { ReplayTerms } from '../../shared/core/replay/replay-terms.ts';
import { PERIOD_DAYS } from '../../shared/data/forecasts/series-store.ts';
import { YEAR } from '../forecast/weekly-grid.ts';
import type { Replayable } from './read-replayable.ts';

/** The last part of the longest history is what policies are judged on; the part before it is for choosing. */
const JUDGED_SHARE = 1 / 3;
/** Weeks before that part with which `replaySeries` chooses where lead times are short. */
const FEWEST_TRAINED = 23;

/** Weeks that a series needs to be tried beside one of so many. */
export const leastWeeks = (longest: number): number => testOf(longest) + FEWEST_TRAINED;
const testOf = (longest: number): number => Math.floor(longest * JUDGED_SHARE);

export interface ReplayAsked {
  readonly candidates: readonly Candidate[];
  readonly reviewDays: number;
  readonly order: Pick<PolicyEvaluationOrder, 'serviceLevel' | 'holdingRate' | 'seed'>;
}

/** Replays series in their order while there is time; those too young for any trial are left out. */
export function replayInTime(
  series: readonly Replayable[],
  { candidates, reviewDays, order }: ReplayAsked,
  hasTime: () => boolean,
): { readonly replays: SeriesReplay[]; readonly outOfTime: number } {
  const longest = Math.max(0, ...series.map(({ quantities }) => quantities.length));
  const test = testOf(longest);
  const replays: SeriesReplay[] = [];
  for (const [i, one] of series.entries()) {
    if (!hasTime()) return { replays, outOfTime: series.length - i };
    if (test === 0) continue;
    const price = one.unitCost + one.marginUnit;
    const task = {
      terms: termsOf(one, reviewDays, order),
      ...{ rows: [], forecasters: [], candidates, test, seed: order.seed },
    };
    const { id, quantities } = one;
    const replay = replaySeries(task, {
      id,
      quantities,
      prices: new Float64Array(quantities.length).fill(price),
    });
    if (replay) replays.push(replay);
  }
  return { replays, outOfTime: 0 };
}

/** Days are rounded up to weeks, the periods of a replay. */
function termsOf(
  { unitCost, marginUnit, orderCost, leadTimeDays }: Replayable,
  reviewDays: number,
  { serviceLevel, holdingRate }: ReplayAsked['order'],
): ReplayTerms {
  return {
    leadTime: Math.ceil(leadTimeDays / PERIOD_DAYS),
    review: Math.max(1, Math.ceil(reviewDays / PERIOD_DAYS)),
    serviceLevel,
    holdingRate,
    margin: marginUnit / (unitCost + marginUnit),
    orderCost,
    daysAPeriod: PERIOD_DAYS,
    season: YEAR,
  };
}
