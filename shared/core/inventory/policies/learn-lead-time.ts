import { gammaQuantile, incompleteGamma } from '../../math/incomplete-gamma.ts';
import type { Random } from '../../math/random.ts';
import type { LeadTime } from '../lead-time-demand.ts';

/** One delivery, or an order that is still open. */
export interface LeadTimeObservation {
  /** Days from the order to the goods; of an open order, days that it has been open so far. */
  readonly days: number;
  /** How long ago that was; older ones count less. */
  readonly ageDays: number;
  /** An open order says only that it takes longer than this. */
  readonly isOpen?: boolean;
  /** How much it counts before its age, such as the share of an order that came. Default 1. */
  readonly weight?: number;
}

/** What is believed without observations, worth so many of them. */
export interface LeadTimePrior extends LeadTime {
  readonly weight: number;
}

/** What is believed of the next lead time. */
export interface LearntLeadTime extends LeadTime {
  /** How sure the mean is: its standard error, in days. */
  readonly meanErrorDays: number;
  /** Deliveries that speak, each by its age; open orders count by nothing here. */
  readonly evidence: number;
  /** Share of the mean that comes from observations rather than from the prior. */
  readonly trust: number;
}

export interface LearnLeadTimeOptions {
  /** Age at which an observation counts half. Default 365. */
  readonly halfLifeDays?: number;
  /** Observations beyond are taken as this many days: a forgotten order says little of the next. Default 365. */
  readonly mostDays?: number;
}

/** An item's own deliveries are shrunk towards its supplier's as if those were this many. */
export const SUPPLIER_WEIGHT = 6;
/** A supplier's deliveries are shrunk towards the stated terms as if those were this many. */
export const STATED_WEIGHT = 4;

const MOST_ROUNDS = 300;

/**
 * Lead time learnt from deliveries, shrunk towards a prior that counts as `weight` of them:
 *   mean = (w0 m0 + sum w x) / (w0 + sum w),   variance = (w0 (s0^2 + (m0 - mean)^2) + sum w (x - mean)^2) / (w0 + sum w),   w = 2^(-age / half-life)
 * Open orders are censored from below: x and x^2 are those expected of a gamma lead time beyond the days so far, until
 * nothing moves (EM, Dempster, Laird & Rubin 1977). Without observations it is the prior. Gelman et al. (2013), section 2.5.
 * Prior 10 +- 2 worth 4, four fresh deliveries of 14 days: 12.
 */
export function learnLeadTime(
  observations: readonly LeadTimeObservation[],
  prior: LeadTimePrior,
  options: LearnLeadTimeOptions = {},
): LearntLeadTime {
  const { halfLifeDays = 365, mostDays = 365 } = options;
  assertPrior(prior);
  if (!(halfLifeDays > 0) || !(mostDays > 0)) throw new RangeError('half-life and limit are positive');
  let evidence = 0;
  let sum = prior.weight * prior.meanDays;
  let squares = prior.weight * (prior.deviationDays ** 2 + prior.meanDays ** 2);
  const open: { readonly days: number; readonly weight: number }[] = [];
  for (const { days, ageDays, isOpen = false, weight = 1 } of observations) {
    if (!(days >= 0) || !(ageDays >= 0) || !(weight >= 0))
      throw new RangeError('days, ages and weights are not negative');
    const counts = weight * 2 ** (-ageDays / halfLifeDays);
    const taken = Math.min(days, mostDays);
    if (isOpen) {
      open.push({ days: taken, weight: counts });
      continue;
    }
    evidence += counts;
    sum += counts * taken;
    squares += counts * taken * taken;
  }
  const known = prior.weight + evidence;
  const { mean, variance } = withOpen({ known, sum, squares }, open);
  const deviationDays = Math.sqrt(Math.max(0, variance));
  return {
    meanDays: mean,
    deviationDays,
    meanErrorDays: deviationDays / Math.sqrt(known),
    evidence,
    trust: evidence / known,
  };
}

/**
 * An item's lead time from its own deliveries, shrunk towards those of other items of the same supplier, and these
 * towards the stated terms. A deviation that nobody stated is a quarter of the mean.
 */
export function learnItemLeadTime(
  {
    ofItem,
    ofSupplier,
    stated,
  }: {
    readonly ofItem: readonly LeadTimeObservation[];
    /** Those of its other items. */
    readonly ofSupplier: readonly LeadTimeObservation[];
    readonly stated: { readonly meanDays: number; readonly deviationDays?: number };
  },
  options: LearnLeadTimeOptions = {},
): LearntLeadTime {
  const { meanDays, deviationDays = meanDays / 4 } = stated;
  const supplier = learnLeadTime(ofSupplier, { meanDays, deviationDays, weight: STATED_WEIGHT }, options);
  // Terms that nobody has confirmed count as what they are, not as a supplier's record.
  const weight = STATED_WEIGHT + (SUPPLIER_WEIGHT - STATED_WEIGHT) * supplier.trust;
  const { meanDays: mean, deviationDays: deviation } = supplier;
  return learnLeadTime(ofItem, { meanDays: mean, deviationDays: deviation, weight }, options);
}

/** Days that a lead time stays within with this probability: gamma of its mean and deviation. */
export function leadTimeQuantile({ meanDays, deviationDays }: LeadTime, probability: number): number {
  if (!isSpread({ meanDays, deviationDays })) return meanDays;
  const shape = (meanDays / deviationDays) ** 2;
  return (gammaQuantile(probability, shape) * meanDays) / shape;
}

/** One lead time by chance, from the same distribution. */
export function drawLeadTime({ meanDays, deviationDays }: LeadTime, random: Random): number {
  if (!isSpread({ meanDays, deviationDays })) return meanDays;
  const shape = (meanDays / deviationDays) ** 2;
  return (random.gamma(shape) * meanDays) / shape;
}

/** Whether chance plays a part: a shape of a million is a certain number. */
function isSpread({ meanDays, deviationDays }: LeadTime): boolean {
  return meanDays > 0 && deviationDays > 1e-3 * meanDays;
}

function withOpen(
  { known, sum, squares }: { readonly known: number; readonly sum: number; readonly squares: number },
  open: readonly { readonly days: number; readonly weight: number }[],
): { mean: number; variance: number } {
  let mean = sum / known;
  let variance = squares / known - mean * mean;
  if (open.length === 0) return { mean, variance };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let weight = known;
    let first = sum;
    let second = squares;
    const now = { meanDays: mean, deviationDays: Math.sqrt(Math.max(0, variance)) };
    for (const order of open) {
      const beyond = momentsBeyond(order.days, now);
      weight += order.weight;
      first += order.weight * beyond.mean;
      second += order.weight * beyond.square;
    }
    const before = mean;
    mean = first / weight;
    variance = second / weight - mean * mean;
    if (Math.abs(mean - before) <= 1e-7 * Math.max(1, mean)) break;
  }
  return { mean, variance };
}

/** E[X | X > c] and E[X^2 | X > c] of a gamma lead time. */
function momentsBeyond(days: number, lead: LeadTime): { mean: number; square: number } {
  if (!isSpread(lead)) {
    const mean = Math.max(days, lead.meanDays);
    return { mean, square: mean * mean };
  }
  const shape = (lead.meanDays / lead.deviationDays) ** 2;
  const scale = lead.meanDays / shape;
  const at = days / scale;
  const beyond = incompleteGamma(shape, at).upper;
  // So far out that nothing is left of the distribution: it has at least taken this long.
  if (!(beyond > 1e-12)) return { mean: days, square: days * days };
  return {
    mean: Math.max(days, (shape * scale * incompleteGamma(shape + 1, at).upper) / beyond),
    square: Math.max(
      days * days,
      (shape * (shape + 1) * scale * scale * incompleteGamma(shape + 2, at).upper) / beyond,
    ),
  };
}

function assertPrior({ meanDays, deviationDays, weight }: LeadTimePrior): void {
  if (!(meanDays >= 0) || !(deviationDays >= 0) || !(weight > 0))
    throw new RangeError('a prior has a mean, a deviation and a weight above 0');
}
