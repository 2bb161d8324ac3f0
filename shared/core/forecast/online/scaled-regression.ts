/** What the regression keeps: as many numbers after a million events as after one. */
export interface ScaledRegressionState {
  readonly count: number;
  readonly mean: readonly number[];
  readonly variance: readonly number[];
  readonly weights: readonly number[];
  readonly intercept: number;
}

/** A regression that learns one event at a time. */
export interface ScaledRegression {
  /** Of what is known so far; 0 before the first event. */
  predict(features: ArrayLike<number>): number;
  learn(features: ArrayLike<number>, target: number): void;
  /** `scaledRegression(toState())` predicts and learns the same, to the last bit. */
  toState(): ScaledRegressionState;
}

/** Step of the gradient descent. */
const RATE = 0.01;
/** Largest gradient that is followed. */
const MOST_GRADIENT = 1e12;

/**
 * Linear regression by stochastic gradient descent on features that are scaled as they come (Welford 1962):
 *   mean += (x - mean) / n,  variance += ((x - old mean)(x - mean) - variance) / n,  z = (x - mean) / sqrt(variance)
 *   g = 2 (prediction - y),  intercept -= 0.01 g,  weight -= 0.01 g z
 * Learning moves the scaler first and then takes the step; predicting changes nothing.
 */
export function scaledRegression(from: number | ScaledRegressionState): ScaledRegression {
  const given = typeof from === 'number' ? undefined : from;
  const size = given ? given.weights.length : (from as number);
  const mean = Float64Array.from(given?.mean ?? new Array<number>(size).fill(0));
  const variance = Float64Array.from(given?.variance ?? new Array<number>(size).fill(0));
  const weights = Float64Array.from(given?.weights ?? new Array<number>(size).fill(0));
  let intercept = given?.intercept ?? 0;
  let count = given?.count ?? 0;
  const scaled = new Float64Array(size);

  const predict = (features: ArrayLike<number>): number => {
    if (features.length !== size) throw new RangeError(`${features.length} features instead of ${size}`);
    let sum = 0;
    for (let i = 0; i < size; i++) {
      scaled[i] = variance[i]! > 0 ? (features[i]! - mean[i]!) / Math.sqrt(variance[i]!) : 0;
      sum += weights[i]! * scaled[i]!;
    }
    return sum + intercept;
  };
  return {
    predict,
    learn(features, target) {
      if (features.length !== size) throw new RangeError(`${features.length} features instead of ${size}`);
      count++;
      for (let i = 0; i < size; i++) {
        const x = features[i]!;
        const old = mean[i]!;
        mean[i] = old + (x - old) / count;
        variance[i]! += ((x - old) * (x - mean[i]!) - variance[i]!) / count;
      }
      const raw = 2 * (predict(features) - target);
      const gradient = Math.max(-MOST_GRADIENT, Math.min(MOST_GRADIENT, raw));
      intercept -= RATE * gradient;
      for (let i = 0; i < size; i++) weights[i]! -= RATE * gradient * scaled[i]!;
    },
    toState: () => ({
      count,
      mean: [...mean],
      variance: [...variance],
      weights: [...weights],
      intercept,
    }),
  };
}
