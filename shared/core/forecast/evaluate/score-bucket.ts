import { pinballLoss } from './metrics.ts';

/** What was forecast for one bucket of one series, and what came. */
export interface BucketOutcome {
  readonly mean: number;
  /** Of the forecast that costs nothing: last year's bucket, or the last one. */
  readonly naive: number;
  readonly quantiles: Readonly<Record<string, number>>;
  readonly actual: number;
}

/** Sums over outcomes, from which every figure of accuracy follows. */
export interface AccuracySums {
  /** Outcomes that were judged. */
  readonly scored: number;
  /** Outcomes left out because the series was out of stock: what would have been sold is unknown. */
  readonly censored: number;
  readonly actual: number;
  /** Forecast less actual: positive is too high. */
  readonly error: number;
  readonly absoluteError: number;
  readonly naiveError: number;
  /** Each outcome's mean over the levels of twice the pinball loss. */
  readonly quantileLoss: number;
  /** Outcomes inside the central intervals of 80 % and 95 %, bounds included. */
  readonly inside80: number;
  readonly inside95: number;
}

export const NO_OUTCOMES: AccuracySums = {
  scored: 0,
  censored: 0,
  actual: 0,
  error: 0,
  absoluteError: 0,
  naiveError: 0,
  quantileLoss: 0,
  inside80: 0,
  inside95: 0,
};

/** The sums of one outcome; the quantiles of 0.025, 0.1, 0.9 and 0.975 must be among its levels. */
export function scoreBucket({ mean, naive, quantiles, actual }: BucketOutcome): AccuracySums {
  const within = (low: string, high: string): number => {
    if (quantiles[low] === undefined || quantiles[high] === undefined)
      throw new RangeError(`no quantile of ${low} or ${high}`);
    return actual >= quantiles[low] && actual <= quantiles[high] ? 1 : 0;
  };
  return {
    scored: 1,
    censored: 0,
    actual,
    error: mean - actual,
    absoluteError: Math.abs(mean - actual),
    naiveError: Math.abs(naive - actual),
    quantileLoss: quantileLoss(quantiles, actual),
    inside80: within('0.1', '0.9'),
    inside95: within('0.025', '0.975'),
  };
}

/** Mean over the levels of twice the pinball loss: summed and over the sum of actuals it is wQL. NaN without levels. */
export function quantileLoss(quantiles: Readonly<Record<string, number>>, actual: number): number {
  let loss = 0;
  let levels = 0;
  for (const level in quantiles) {
    loss += 2 * pinballLoss(actual, quantiles[level]!, Number(level));
    levels++;
  }
  return loss / levels;
}

export function addSums(a: AccuracySums, b: AccuracySums): AccuracySums {
  return {
    scored: a.scored + b.scored,
    censored: a.censored + b.censored,
    actual: a.actual + b.actual,
    error: a.error + b.error,
    absoluteError: a.absoluteError + b.absoluteError,
    naiveError: a.naiveError + b.naiveError,
    quantileLoss: a.quantileLoss + b.quantileLoss,
    inside80: a.inside80 + b.inside80,
    inside95: a.inside95 + b.inside95,
  };
}
