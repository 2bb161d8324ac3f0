/** A normal distribution. */
export interface Normal {
  readonly mean: number;
  readonly deviation: number;
}

/** Density of the standard normal at x. */
export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/** P(Z <= x) of the standard normal, to about 1e-15 relative in both tails. Phi(1.96) = 0.9750021. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const size = Math.abs(x);
  if (size <= 3) {
    // Marsaglia (2004): Phi(x) = 1/2 + phi(x) (x + x^3/3 + x^5/15 + ...)
    let term = x;
    let sum = x;
    for (let k = 3; k < 200 && Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
      term *= (x * x) / k;
      sum += term;
    }
    return 0.5 + normalDensity(x) * sum;
  }
  // Laplace's continued fraction for the tail.
  let fraction = size;
  for (let k = 150; k >= 1; k--) fraction = size + k / fraction;
  const tail = normalDensity(size) / fraction;
  return x < 0 ? tail : 1 - tail;
}

/** Standard normal quantile: z with P(Z <= z) = p. z(0.95) = 1.644854. Infinite at 0 and 1. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`probability ${p} is outside 0..1`);
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  if (p === 0.5) return 0;
  // Solved in the lower tail, where the probability keeps its digits.
  const low = Math.min(p, 1 - p);
  const t = Math.sqrt(-2 * Math.log(low));
  // Start: Abramowitz & Stegun 26.2.23, good to 5e-4; then Halley.
  let z = -(
    t -
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  );
  for (let i = 0; i < 4; i++) {
    const u = (normalCdf(z) - low) / normalDensity(z);
    z -= u / (1 + (z * u) / 2);
  }
  return p < 0.5 ? z : -z;
}

/** Standard normal loss E[(Z - z)+] = phi(z) - z (1 - Phi(z)). */
export function normalLoss(z: number): number {
  return normalDensity(z) - z * normalCdf(-z);
}
