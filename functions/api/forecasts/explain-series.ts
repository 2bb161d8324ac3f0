import type { WhySuggested } from '../../../shared/contracts/api/replenishment.ts';
import type { Explanation } from '../../../shared/contracts/explanation.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { explainOrdered } from '../../../shared/core/inventory/explain-ordered.ts';
import { findLocation } from '../../../shared/data/catalogue/location-reads.ts';
import { findProduct } from '../../../shared/data/catalogue/product-reads.ts';
import { findNewestCompleteRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { readSeriesOfProduct } from '../../../shared/data/forecasts/series-of-product.ts';
import { readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { findSuggestion } from '../../../shared/data/suggestions/suggestion-reads.ts';
import {
  type Need,
  needName,
  type StandingSuggestion,
} from '../../../shared/data/suggestions/suggestion-store.ts';
import { answeredUnits } from '../../restock/decide-changes.ts';
import type { SeriesVerdict } from '../../restock/judge-product.ts';
import { found } from '../http/found.ts';
import { judgeProductNow } from './judge-product-now.ts';

/** Farthest day that is worth naming. */
const MOST_DAYS = 3650;

/** What the planner makes of a series by the data of now and the newest forecast: the same numbers as a suggestion, also where it suggests nothing. */
export async function explainSeries(
  db: Statements,
  productId: string,
  locationId: string,
): Promise<WhySuggested> {
  found(await findProduct(db, productId), 'product', productId);
  if (!(await findLocation(db, locationId)))
    throw new Fault('missing', `There is no location ${locationId}`, {
      details: [{ field: 'location_id', reason: 'is not known' }],
    });
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
        'The newest plan does not have it: it is inactive or a service, or it was not sold there in the three years before the plan and was not in stock as something new, which what customers bring back is not.',
    };
  const { verdicts, standing } = await judgeProductNow(db, { runId: run.runId, asOf }, keys);
  const verdict = verdicts.get(locationId);
  if (!verdict) return { ...about, ...nothing, answer: 'no_supplier', words: 'No active supplier sells it.' };
  const own = [...standing.values()].find((one) => one.locationId === locationId);
  const explanation = await explanationOf(db, verdict, standing);
  const { answer, words } = answerOf(verdict, standing, asOf);
  return {
    ...about,
    answer,
    words: `${words} ${explanation.words}`.trim(),
    suggestion_id: own?.suggestionId ?? null,
    next_order_by: nextOrderBy(verdict, asOf),
    explanation,
  };
}

/** With the quantity that counts, where something was made of the need that is open. */
async function explanationOf(
  db: Statements,
  { need, explain }: SeriesVerdict,
  standing: ReadonlyMap<string, StandingSuggestion>,
): Promise<Explanation> {
  const open = need && standing.get(needName(need));
  const isOther = open?.status === 'open' && open.quantity !== need!.quantity;
  const suggestion = isOther ? await findSuggestion(db, open.suggestionId) : undefined;
  return suggestion ? explainOrdered(explain(), { ...suggestion, need_quantity: need!.quantity }) : explain();
}

const ANSWERS = { dead: 'dead_stock', 'not-worth': 'not_worth', 'not-sold': 'not_sold' } as const;

function answerOf(
  { need, transfers, purchase: { assessment, held } }: SeriesVerdict,
  standing: ReadonlyMap<string, StandingSuggestion>,
  asOf: string,
): Pick<WhySuggested, 'answer' | 'words'> {
  const needs = need ? [...transfers, need] : transfers;
  if (needs.length > 0) {
    const isSilenced = (one: Need) => answeredUnits(one, standing.get(needName(one))) === 0;
    const silenced = needs.every(isSilenced) ? standing.get(needName(needs.at(-1)!)) : undefined;
    if (silenced?.status === 'dismissed')
      return {
        answer: 'dismissed',
        words: `Somebody said no to ${silenced.needQuantity} units; that holds until ${silenced.renewedOn} or until the need has grown by more than a quarter.`,
      };
    if (silenced?.status === 'ordered')
      return {
        answer: 'ordered',
        words: `Somebody ordered ${silenced.quantity} of ${silenced.editedNeed} units; that holds until ${silenced.editedUntil} or until the need has grown by more than a quarter.`,
      };
    if (silenced?.status === 'snoozed')
      return { answer: 'snoozed', words: `Somebody put it off until ${silenced.snoozedUntil}.` };
    if (need && !isSilenced(need)) return { answer: 'suggested', words: '' };
    const open = transfers.filter((one) => !isSilenced(one));
    const from = open.map(({ quantity, fromLocation }) => `${quantity} from ${fromLocation}`).join(', ');
    return { answer: 'transfer', words: `What is wanted can come from other locations: ${from}.` };
  }
  // the explanation says why
  if (held) return { answer: ANSWERS[held.kind], words: '' };
  if (assessment.rule.kind === 'do-not-stock')
    return { answer: 'not_stocked', words: 'Its policy is not to stock it.' };
  if (!assessment.isReviewDay)
    return {
      answer: 'no_review_day',
      words: `Its policy looks at it every ${assessment.timing.reviewDays} days, and none of these days has come between the last plan and ${asOf}.`,
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
