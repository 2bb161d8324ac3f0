import type { WhySuggested } from '../../shared/contracts/api/replenishment.ts';
import { addDays } from '../../shared/core/calendar/add-days.ts';
import { readBusinessDay } from '../../shared/data/business-day.ts';
import type { Statements } from '../../shared/data/database.ts';
import { findNewestCompleteRun } from '../../shared/data/forecast-run-store.ts';
import { readFittedSeries } from '../../shared/data/forecast-store.ts';
import { findProduct } from '../../shared/data/product-reads.ts';
import { readSeriesOfProduct } from '../../shared/data/series-of-product.ts';
import { readPlanSettings } from '../../shared/data/setting-store.ts';
import { readStandingSuggestions, type StandingSuggestion } from '../../shared/data/suggestion-store.ts';
import { standingSeries } from '../restock/decide-changes.ts';
import { judgeProduct, type SeriesVerdict } from '../restock/judge-product.ts';
import { readProducts, readWorld } from '../restock/read-products.ts';
import { found } from './found.ts';

/** Farthest day that is worth naming. */
const MOST_DAYS = 3650;

/** What the planner makes of a series by the data of now and the newest forecast: the same numbers as a suggestion, also where it suggests nothing. */
export async function explainSeries(
  db: Statements,
  productId: string,
  locationId: string,
): Promise<WhySuggested> {
  found(await findProduct(db, productId), 'product', productId);
  const run = await findNewestCompleteRun(db);
  const asOf = (await readBusinessDay(db)) ?? run?.asOf ?? '1970-01-01';
  const about = { product_id: productId, location_id: locationId, as_of: asOf, run_id: run?.runId ?? null };
  const nothing = { suggestion_id: null, next_order_by: null, explanation: null };
  if (!run) return { ...about, ...nothing, answer: 'no_forecast', words: 'No plan is complete yet.' };
  const keys = await readSeriesOfProduct(db, run.runId, productId);
  if (!keys.some((key) => key.locationId === locationId))
    return {
      ...about,
      ...nothing,
      answer: 'not_planned',
      words:
        'The newest plan does not have it: it is inactive or a service, or it has neither been sold nor in stock there for three years.',
    };
  const settings = await readPlanSettings(db);
  const standing = await readStandingSuggestions(db, keys);
  const [product] = await readProducts(db, await readFittedSeries(db, run.runId, keys), {
    ...(await readWorld(db)),
    settings,
    asOf,
    standing: standingSeries(standing),
  });
  const verdict = product && judgeProduct(product).get(locationId);
  if (!verdict) return { ...about, ...nothing, answer: 'no_supplier', words: 'No active supplier sells it.' };
  const explanation = verdict.explain();
  const own = [...standing.values()].filter((one) => one.locationId === locationId);
  const { answer, words } = answerOf(verdict, own, asOf);
  return {
    ...about,
    answer,
    words: `${words} ${explanation.words}`.trim(),
    suggestion_id: own[0]?.suggestionId ?? null,
    next_order_by: nextOrderBy(verdict, asOf),
    explanation,
  };
}

function answerOf(
  { need, transfers, purchase: { assessment } }: SeriesVerdict,
  standing: readonly StandingSuggestion[],
  asOf: string,
): Pick<WhySuggested, 'answer' | 'words'> {
  const silenced = standing.find(({ status }) => status !== 'open');
  if (need || transfers.length > 0) {
    if (silenced?.status === 'dismissed')
      return {
        answer: 'dismissed',
        words: `Somebody said no to ${silenced.needQuantity} units; that holds until ${silenced.renewedOn} or until the need has grown by more than a quarter.`,
      };
    if (silenced?.status === 'snoozed')
      return { answer: 'snoozed', words: `Somebody put it off until ${silenced.snoozedUntil}.` };
    if (need) return { answer: 'suggested', words: '' };
    const from = transfers.map(({ quantity, fromLocation }) => `${quantity} from ${fromLocation}`).join(', ');
    return { answer: 'transfer', words: `All that is wanted can come from other locations: ${from}.` };
  }
  if (assessment.rule.kind === 'do-not-stock')
    return { answer: 'not_stocked', words: 'Its policy is not to stock it.' };
  if (!assessment.isReviewDay)
    return {
      answer: 'no_review_day',
      words: `Its policy looks at it every ${assessment.timing.reviewDays} days, and ${asOf} is no such day.`,
    };
  const { reorderPoint, position } = assessment;
  return {
    answer: 'enough',
    words:
      reorderPoint === null || position <= reorderPoint
        ? `Its position of ${position} units is enough.`
        : `Its position of ${position} units is above the reorder point of ${reorderPoint}.`,
  };
}

/** When the mean forecast takes the position to the reorder point. */
function nextOrderBy({ need, purchase: { assessment } }: SeriesVerdict, asOf: string): string | null {
  const { reorderPoint, position, dailyDemand } = assessment;
  if (need || reorderPoint === null || !(dailyDemand > 0)) return null;
  const days = Math.floor(Math.max(0, position - reorderPoint) / dailyDemand);
  return days > MOST_DAYS ? null : addDays(asOf, days);
}
