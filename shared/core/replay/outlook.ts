import type { Regressor } from '../forecast/panel.ts';
import type { ReplayTerms } from './replay-terms.ts';

/** What a forecaster expects at the start of a period, from the demand before it alone. In steps. */
export interface Outlook {
  /** Mean demand a period. */
  readonly meanAPeriod: number;
  /** Equally likely sums of demand, ascending: over the lead time, */
  readonly lead: Float64Array;
  /** over the lead time and one period, which rules that look at every period must cover, */
  readonly look: Float64Array;
  /** and over lead time + review. */
  readonly protection: Float64Array;
  /** and over one period and one review alone: what a look finds. */
  readonly betweenLooks: Float64Array;
  readonly betweenReviews: Float64Array;
  /** Upper bounds (97.5 %) of the single periods of lead time + review, summed: what the original system took for a bound of the sum. */
  readonly summedUpper: number;
  /** Mean demand of the next thirty days. */
  readonly meanThirtyDays: number;
}

/** Outlooks of one series, one for each of the ascending times. */
export type Forecaster = (input: ForecasterInput) => readonly Outlook[];

export interface ForecasterInput {
  readonly id: string;
  /** Demand by period; NaN is unknown. An outlook at t reads nothing from t on. */
  readonly known: Float64Array;
  readonly times: Int32Array;
  readonly terms: ReplayTerms;
  readonly seed: number;
  /** Columns by period whose future is known: an outlook at t reads them up to `reachOf` periods from t. Default none. */
  readonly regressors?: Readonly<Record<string, Regressor>>;
}

/** Values of a sample: enough for the 99.5 % quantile to be no accident of one of them. */
export const SAMPLE_SIZE = 200;
/** Upper bound of a 95 % interval. */
export const UPPER_LEVEL = 0.975;

/** Periods that cover thirty days. */
export function thirtyDays({ daysAPeriod }: ReplayTerms): number {
  return 30 / daysAPeriod;
}

/** Periods that an outlook looks ahead. */
export function reachOf(terms: ReplayTerms): number {
  const { leadTime, review } = terms;
  return Math.max(leadTime + review, leadTime + 1, Math.ceil(thirtyDays(terms)));
}

/** When levels are computed anew: on every review. One that is held is of another season, weekday or promotion. */
export function outlookTimes(start: number, end: number, { review }: ReplayTerms): Int32Array {
  return Int32Array.from({ length: Math.ceil((end - start) / review) }, (_, i) => start + i * review);
}

/** The same with samples stretched around their means, not below zero; what has been since the last look is no risk. */
export function stretchedOutlook(outlook: Outlook, by: number): Outlook {
  const lead = stretched(outlook.lead, by);
  const look = stretched(outlook.look, by);
  const protection = outlook.protection === outlook.look ? look : stretched(outlook.protection, by);
  return { ...outlook, lead, look, protection };
}

/** The same with the demand of each window multiplied. */
export function scaledOutlook(
  outlook: Outlook,
  by: Readonly<Record<'lead' | 'look' | 'protection' | 'thirtyDays', number>>,
): Outlook {
  const times = (sample: Float64Array, factor: number): Float64Array => sample.map((value) => factor * value);
  const look = times(outlook.look, by.look);
  const betweenLooks = times(outlook.betweenLooks, by.look);
  return {
    meanAPeriod: by.protection * outlook.meanAPeriod,
    lead: times(outlook.lead, by.lead),
    look,
    protection: outlook.protection === outlook.look ? look : times(outlook.protection, by.protection),
    betweenLooks,
    betweenReviews:
      outlook.betweenReviews === outlook.betweenLooks
        ? betweenLooks
        : times(outlook.betweenReviews, by.protection),
    summedUpper: by.protection * outlook.summedUpper,
    meanThirtyDays: by.thirtyDays * outlook.meanThirtyDays,
  };
}

function stretched(sample: Float64Array, by: number): Float64Array {
  let sum = 0;
  for (let i = 0; i < sample.length; i++) sum += sample[i]!;
  const mean = sum / sample.length;
  const found = new Float64Array(sample.length);
  for (let i = 0; i < sample.length; i++) found[i] = Math.max(0, mean + by * (sample[i]! - mean));
  return found;
}
