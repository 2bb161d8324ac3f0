import { normalQuantile } from '../math/normal.ts';
import { sampleQuantile } from '../math/sample-quantile.ts';
import { type DemandTrack, demandTrack } from './demand-track.ts';
import { type Forecaster, type Outlook, SAMPLE_SIZE, thirtyDays, UPPER_LEVEL } from './outlook.ts';
import { windowCentre } from './window-centre.ts';

/** Newest errors behind a sample, and outlooks after which they are sorted anew. */
const MOST_ERRORS = 728;
const REFRESH = 8;
/** Spread grows with the level to this power: between counts (1/2) and sizes (1). */
const SPREAD_POWER = 0.75;
/** With fewer own errors than this, assumed ones fill up: normal with this deviation at a mean of 1. */
const ENOUGH_ERRORS = 40;
const ASSUMED_DEVIATION = 0.9;
/** No window is expected to bring more than this many times the largest one so far. */
const MOST_GROWTH = 1.5;
/** First periods, before the level means much. */
const BURN_IN = 14;
/**
 * Demand over a window by the errors that the same forecast made over such windows before ("direct": Trapero, Cardos &
 * Kourentzes 2019): an average of smoothed levels by their record (`windowCentre`), and the empirical distribution of
 * error / forecast^0.75 of whole windows. Nothing is assumed of its shape, nor that periods are independent. One pass over
 * the history, O(1) a period.
 */
export const windowForecaster: Forecaster = (input) => {
  const { times, terms } = input;
  const track = demandTrack(input);
  const [ofOne, ofLead, ofLook] = [1, terms.leadTime, terms.leadTime + 1].map((length) =>
    windowOf(track, length),
  ) as [Window, Window, Window];
  const ofReview = terms.review === 1 ? ofOne : windowOf(track, terms.review);
  const ofProtection = terms.review === 1 ? ofLook : windowOf(track, terms.leadTime + terms.review);
  const periods = terms.leadTime + terms.review;
  return Array.from(times, (t, i): Outlook => {
    const one = ofOne.sample(t, i);
    const look = ofLook.sample(t, i);
    const mean = ofProtection.centre(t) / periods;
    return {
      meanAPeriod: mean,
      lead: ofLead.sample(t, i),
      look,
      protection: ofProtection === ofLook ? look : ofProtection.sample(t, i),
      betweenLooks: one,
      betweenReviews: ofReview === ofOne ? one : ofReview.sample(t, i),
      summedUpper: periods * one[Math.ceil(UPPER_LEVEL * one.length) - 1]!,
      meanThirtyDays: mean * thirtyDays(terms),
    };
  });
};

interface Window {
  centre(t: number): number;
  /** Ascending; the times come in ascending order, `i` counts them. */
  sample(t: number, i: number): Float64Array;
}

function windowOf(track: DemandTrack, length: number): Window {
  if (length === 0) return { centre: () => 0, sample: () => new Float64Array(SAMPLE_SIZE) };
  const { sums, counts, first } = track;
  const n = sums.length;
  const centres = windowCentre(track, length);
  const errors = new Float64Array(n);
  for (let t = 0; t + length < n; t++) {
    errors[t] =
      counts[t + length]! - counts[t]! < length
        ? Number.NaN
        : (sums[t + length]! - sums[t]! - centres[t]!) / spread(t);
  }
  let own: Float64Array = new Float64Array(0);
  let sortedFor = -1;
  let seen = 0;
  let most = 0;
  return {
    centre: (t) => centres[t]!,
    sample(t, i) {
      if (sortedFor < 0 || i - sortedFor >= REFRESH) {
        own = errorQuantiles(t - length);
        sortedFor = i;
      }
      const middle = centres[t]!;
      const width = spread(t);
      const limit = Math.max(MOST_GROWTH * largest(t), middle);
      return own.map((error) => Math.min(limit, Math.max(0, middle + width * error)));
    },
  };

  /** Largest demand of such a window that is over at t. */
  function largest(t: number): number {
    for (; seen <= t; seen++) {
      if (seen >= length) most = Math.max(most, sums[seen]! - sums[seen - length]!);
    }
    return most;
  }

  function spread(t: number): number {
    const mean = counts[t]! > 0 ? sums[t]! / counts[t]! : 0;
    return Math.max(centres[t]!, 0.1 * mean * length, 1e-9) ** SPREAD_POWER;
  }

  /** Of windows that began up to `last`. */
  function errorQuantiles(last: number): Float64Array {
    const from = Math.max(first + Math.min(BURN_IN, Math.max(0, last - first) >> 1), last - MOST_ERRORS);
    const found: number[] = [];
    for (let s = from; s <= last; s++) if (!Number.isNaN(errors[s])) found.push(errors[s]!);
    const missing = ENOUGH_ERRORS - found.length;
    for (let j = 0; j < missing; j++) found.push(ASSUMED_DEVIATION * normalQuantile((j + 0.5) / missing));
    const sorted = Float64Array.from(found).sort();
    return Float64Array.from({ length: SAMPLE_SIZE }, (_, j) =>
      sampleQuantile(sorted, j / (SAMPLE_SIZE - 1)),
    );
  }
}
