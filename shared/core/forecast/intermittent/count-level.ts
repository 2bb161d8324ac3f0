import { nelderMead } from '../../math/nelder-mead.ts';

/**
 * Damped local level of the mean of counts (Snyder, Ord & Beaumont 2012, Int. J. Forecasting 28: 485-496):
 *   y[t] | past ~ negative binomial with mean l[t] and variance l[t] (1 + excess)
 *   l[t+1] = (1 - persistence) average + (persistence - weight) l[t] + weight y[t],   l[1] = average
 */
export interface CountLevel {
  /** Long-run mean, and start of the level. */
  readonly average: number;
  /** Share of the distance from the average that is left a period later; 0 to below 1. */
  readonly persistence: number;
  /** Weight of the newest count, at most the persistence. */
  readonly weight: number;
  /** Variance / mean - 1; near 0 is Poisson. */
  readonly excess: number;
}

export interface CountFit extends CountLevel {
  /** Mean of the first count ahead. */
  readonly level: number;
  readonly logLikelihood: number;
}

/** Above this persistence the average is only a start. */
const MOST_PERSISTENCE = 0.998;
const LEAST_EXCESS = 1e-4;
const MOST_EXCESS = 1e6;
const STARTS = [
  { persistence: 0.95, weight: 0.05 },
  { persistence: 0.97, weight: 0.2 },
  { persistence: 0.7, weight: 0.15 },
];
const MOST_EVALUATIONS = 130;

/** The level and likelihood after these counts; NaN is unknown and lets the level drift to its average. */
export function runCountLevel(y: Float64Array, of: CountLevel): { level: number; logLikelihood: number } {
  const { average, excess, weight } = of;
  const start = (1 - of.persistence) * average;
  const keep = of.persistence - weight;
  // ln P(y) = sum of ln(l + j excess), j < y, less y ln(1 + excess), l ln(1 + excess) / excess and ln y!:
  // a zero costs one addition, a small count a few multiplications.
  const perLevel = Math.log1p(excess) / excess;
  let level = average;
  let levels = 0;
  let counts = 0;
  let product = 1;
  let logs = 0;
  for (let t = 0; t < y.length; t++) {
    const count = y[t]!;
    if (Number.isNaN(count)) {
      level = start + of.persistence * level;
      continue;
    }
    levels += level;
    if (count > 0) {
      counts += count;
      if (count <= 12) {
        let next = level;
        for (let j = 1; j <= count; j++) {
          product *= next / j;
          next += excess;
        }
        if (product < 1e-100 || product > 1e100) {
          logs += Math.log(product);
          product = 1;
        }
      } else logs += logRising(level, excess, count) - logRising(1, 1, count);
    }
    level = start + keep * level + weight * count;
  }
  const logLikelihood = logs + Math.log(product) - levels * perLevel - counts * Math.log1p(excess);
  return { level, logLikelihood };
}

/** Sum of ln(x + j step) for j = 0..n-1, by Euler and Maclaurin once x is far enough from 0. */
function logRising(from: number, step: number, n: number): number {
  let x = from;
  let product = 1;
  let left = n;
  for (; left > 0 && x < 10 * step; left--) {
    product *= x;
    x += step;
  }
  const direct = Math.log(product);
  if (left === 0) return direct;
  const end = x + left * step;
  // end ln end - x ln x, written as a difference that keeps its digits when step is small.
  const whole = (end * Math.log1p((left * step) / x)) / step + left * Math.log(x) - left;
  const half = -0.5 * Math.log1p((left * step) / x);
  const first = (step / 12) * (1 / end - 1 / x);
  const third = -(step ** 3 / 360) * (1 / end ** 3 - 1 / x ** 3);
  const fifth = (step ** 5 / 1260) * (1 / end ** 5 - 1 / x ** 5);
  return direct + whole + half + first + third + fifth;
}

/** Maximum likelihood over average, persistence, weight and excess. Needs a known count above 0. */
export function fitCountLevel(y: Float64Array): CountFit {
  let sum = 0;
  let squares = 0;
  let known = 0;
  for (const value of y) {
    if (Number.isNaN(value)) continue;
    sum += value;
    squares += value * value;
    known++;
  }
  const mean = sum / known;
  const excess = Math.min(MOST_EXCESS, Math.max(0.05, squares / known / mean - mean - 1));
  let start = pointOf({ average: mean, excess, ...STARTS[0]! });
  let best = Number.NEGATIVE_INFINITY;
  for (const weights of STARTS) {
    const found = runCountLevel(y, { average: mean, excess, ...weights }).logLikelihood;
    if (!(found > best)) continue;
    best = found;
    start = pointOf({ average: mean, excess, ...weights });
  }
  const { point } = nelderMead(
    (at) => -runCountLevel(y, levelAt(at)).logLikelihood - priorOf(at, mean),
    start,
    {
      steps: [0.2, 0.8, 0.8, 0.5],
      tolerance: 1e-7,
      maxEvaluations: MOST_EVALUATIONS,
    },
  );
  const fitted = levelAt(point);
  return { ...fitted, ...runCountLevel(y, fitted) };
}

/** Faint: holds what a short history says nothing about near its start, and weighs less than one demand. */
function priorOf(at: Float64Array, mean: number): number {
  const average = (at[0]! - Math.log(mean)) / 2;
  return -0.5 * (average ** 2 + ((at[1]! - 3) / 3) ** 2 + ((at[2]! + 2.5) / 3) ** 2 + (at[3]! / 5) ** 2);
}

function pointOf({ average, persistence, weight, excess }: CountLevel): number[] {
  return [
    Math.log(average),
    logit(persistence / MOST_PERSISTENCE),
    logit(weight / persistence),
    Math.log(excess),
  ];
}

function levelAt(point: Float64Array): CountLevel {
  const persistence = MOST_PERSISTENCE / (1 + Math.exp(-point[1]!));
  return {
    average: Math.exp(Math.min(700, point[0]!)),
    persistence,
    weight: persistence / (1 + Math.exp(-point[2]!)),
    excess: Math.min(MOST_EXCESS, Math.max(LEAST_EXCESS, Math.exp(Math.min(50, point[3]!)))),
  };
}

function logit(share: number): number {
  return Math.log(share / (1 - share));
}
