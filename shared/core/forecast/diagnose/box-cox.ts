import { goldenSection } from '../../math/golden-section.ts';

/** (y^lambda - 1) / lambda, ln y at 0 (Box & Cox 1964); for y > 0. */
export function boxCox(y: number, lambda: number): number {
  return lambda === 0 ? Math.log(y) : Math.expm1(lambda * Math.log(y)) / lambda;
}

/** What `boxCox` came from; NaN outside its range. */
export function inverseBoxCox(z: number, lambda: number): number {
  return lambda === 0 ? Math.exp(z) : Math.exp(Math.log1p(lambda * z) / lambda);
}

/** ln likelihood of normal transformed values, up to a constant: (lambda - 1) sum ln y - n/2 ln Var. */
export function boxCoxLogLikelihood(y: ArrayLike<number>, lambda: number): number {
  const n = y.length;
  let logs = 0;
  for (let t = 0; t < n; t++) logs += Math.log(positive(y[t]!));
  // Around the geometric mean powers stay near 1.
  const centre = logs / n;
  let mean = 0;
  const z = Float64Array.from({ length: n }, (_, t) => boxCox(y[t]! / Math.exp(centre), lambda));
  for (const value of z) mean += value / n;
  const variance = z.reduce((sum, value) => sum + (value - mean) ** 2 / n, 0);
  // The scale taken out, exp(lambda centre) in z, comes back as a variance.
  return (lambda - 1) * logs - (n / 2) * (Math.log(variance) + 2 * lambda * centre);
}

/** The lambda of most likelihood, -5 to 5. */
export function boxCoxMaximumLikelihood(y: ArrayLike<number>): number {
  const grid = Array.from({ length: 41 }, (_, i) => -5 + i / 4);
  return goldenSection(grid, (lambda) => -boxCoxLogLikelihood(y, lambda), 1e-9);
}

/**
 * The lambda of Guerrero (1993), -1 to 2: deviation / mean^(1 - lambda) varies least over the seasons of the series
 * (pairs when it has none). Needs two seasons.
 */
export function guerrero(y: ArrayLike<number>, period: number): number {
  const length = Math.max(2, period);
  const seasons = Math.floor(y.length / length);
  if (seasons < 2) throw new RangeError(`${y.length} values are less than two seasons of ${length}`);
  const skip = y.length - seasons * length;
  const means = new Float64Array(seasons);
  const deviations = new Float64Array(seasons);
  for (let s = 0; s < seasons; s++) {
    const part = Float64Array.from({ length }, (_, i) => positive(y[skip + s * length + i]!));
    const { mean, deviation } = momentsOf(part);
    means[s] = mean;
    deviations[s] = deviation;
  }
  const grid = Array.from({ length: 31 }, (_, i) => -1 + i / 10);
  return goldenSection(grid, (lambda) => {
    const { mean, deviation } = momentsOf(deviations.map((value, s) => value / means[s]! ** (1 - lambda)));
    return deviation / mean;
  });
}

function momentsOf(values: Float64Array): { mean: number; deviation: number } {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

function positive(value: number): number {
  if (!(value > 0)) throw new RangeError(`${value} has no Box-Cox transform`);
  return value;
}
