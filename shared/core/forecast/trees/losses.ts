import { weightedQuantile } from './weighted-quantile.ts';

/** What boosting minimises. */
export type LossName = 'squared' | 'absolute' | 'quantile' | 'poisson' | 'tweedie';

export interface LossOptions {
  readonly loss: LossName;
  /** Between 1 (Poisson) and 2 (gamma). Default 1.5. */
  readonly tweediePower?: number;
  /** Level of the quantile loss. Default 0.5. */
  readonly quantile?: number;
}

/** A loss of a score F; losses with a log link predict base * exp(F), the others base + F. */
export interface Loss {
  readonly logLink: boolean;
  /** Leaf values are this quantile of the residuals, instead of Newton steps. */
  readonly leafQuantile: number | undefined;
  /** Second derivative is 1 before weighting. */
  readonly flat: boolean;
  /** Power of the variance: 1 for Poisson. */
  readonly power: number;
  /** The constant that fits best. */
  start(target: Float64Array, weight: Float64Array | undefined, rows: Int32Array): number;
  /** Derivatives at the predictions, of all rows. */
  derive(
    target: Float64Array,
    prediction: Float64Array,
    weight: Float64Array | undefined,
    gradient: Float64Array,
    hessian: Float64Array | undefined,
  ): void;
  /** Loss of one row, up to a constant of the target. */
  of(target: number, prediction: number): number;
}

/** The loss of that name; RangeError when its parameter makes no sense. */
export function lossOf(options: LossOptions): Loss {
  switch (options.loss) {
    case 'squared':
      return squared;
    case 'absolute':
      return quantileLoss(0.5);
    case 'quantile':
      return quantileLoss(options.quantile ?? 0.5);
    case 'poisson':
      return tweedieLoss(1);
    case 'tweedie': {
      const power = options.tweediePower ?? 1.5;
      if (!(power > 1 && power < 2)) throw new RangeError(`tweedie power ${power} is not between 1 and 2`);
      return tweedieLoss(power);
    }
  }
}

const squared: Loss = {
  logLink: false,
  leafQuantile: undefined,
  flat: true,
  power: 0,
  start: meanOf,
  derive(target, prediction, weight, gradient, hessian) {
    for (let i = 0; i < target.length; i++) gradient[i] = prediction[i]! - target[i]!;
    weigh(weight, gradient, hessian);
  },
  of: (target, prediction) => (target - prediction) ** 2,
};

function quantileLoss(level: number): Loss {
  if (!(level > 0 && level < 1)) throw new RangeError(`quantile ${level} is not inside 0..1`);
  return {
    logLink: false,
    leafQuantile: level,
    flat: true,
    power: 0,
    start(target, weight, rows) {
      const values = Float64Array.from(rows, (row) => target[row]!);
      const weights = weight === undefined ? undefined : Float64Array.from(rows, (row) => weight[row]!);
      return weightedQuantile(values, weights, rows.length, level);
    },
    derive(target, prediction, weight, gradient, hessian) {
      for (let i = 0; i < target.length; i++) gradient[i] = target[i]! > prediction[i]! ? -level : 1 - level;
      weigh(weight, gradient, hessian);
    },
    of: (target, prediction) => (target - prediction) * (target >= prediction ? level : level - 1),
  };
}

/** Poisson and compound Poisson-gamma deviance with log link, after a common factor 2. */
function tweedieLoss(power: number): Loss {
  const p = power;
  return {
    logLink: true,
    leafQuantile: undefined,
    flat: false,
    power,
    start: meanOf,
    derive(target, prediction, weight, gradient, hessian) {
      const second = hessian!;
      for (let i = 0; i < target.length; i++) {
        const mean = prediction[i]!;
        if (p === 1) {
          gradient[i] = mean - target[i]!;
          second[i] = mean;
          continue;
        }
        // mean^(2-p) and y mean^(1-p); a mean of 0 has target 0 everywhere.
        const b = mean > 0 ? mean ** (2 - p) : 0;
        const a = mean > 0 ? (target[i]! * b) / mean : 0;
        gradient[i] = b - a;
        second[i] = (2 - p) * b + (p - 1) * a;
      }
      if (weight === undefined) return;
      for (let i = 0; i < target.length; i++) {
        gradient[i] = gradient[i]! * weight[i]!;
        second[i] = second[i]! * weight[i]!;
      }
    },
    of(target, prediction) {
      const mean = Math.max(prediction, 1e-12);
      if (p === 1) return mean - target * Math.log(mean);
      return mean ** (2 - p) / (2 - p) - (target * mean ** (1 - p)) / (1 - p);
    },
  };
}

/** Best step of a leaf from its sums: Newton, but never past the minimum of the loss along it. */
export function leafStep(loss: Loss, gradient: number, hessian: number, l2: number): number {
  const below = hessian + l2;
  if (!(below > 0)) return 0;
  const newton = -gradient / below;
  if (!loss.logLink) return newton;
  // Sums of y mean^(1-p) and mean^(2-p): their ratio is where the derivative of the leaf is zero.
  const b = hessian + (loss.power - 1) * gradient;
  const a = b - gradient;
  if (!(a > 0 && b > 0)) return newton;
  const exact = Math.log(a / b);
  return Math.abs(exact) < Math.abs(newton) ? exact : newton;
}

function weigh(
  weight: Float64Array | undefined,
  gradient: Float64Array,
  hessian: Float64Array | undefined,
): void {
  if (weight === undefined || hessian === undefined) return;
  for (let i = 0; i < gradient.length; i++) {
    gradient[i] = gradient[i]! * weight[i]!;
    hessian[i] = weight[i]!;
  }
}

/** Weighted mean, exact when all values are the same. */
function meanOf(target: Float64Array, weight: Float64Array | undefined, rows: Int32Array): number {
  const origin = target[rows[0]!]!;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const w = weight === undefined ? 1 : weight[row]!;
    sum += w * (target[row]! - origin);
    total += w;
  }
  return origin + sum / total;
}
