import { logGamma } from './log-gamma.ts';
import { normalQuantile } from './normal.ts';

const MOST_TERMS = 10_000;

/**
 * Shares of the gamma function below and above x for shape a: `lower` P(a, x) and `upper` Q(a, x) = 1 - P, each exact
 * in its own tail. Series for x < a + 1, else Lentz' continued fraction (Abramowitz & Stegun 6.5.29, 6.5.31).
 */
export function incompleteGamma(a: number, x: number): { readonly lower: number; readonly upper: number } {
  if (!(a > 0) || !(x >= 0)) throw new RangeError(`incomplete gamma of shape ${a} at ${x}`);
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  const front = Math.exp(logFront(a, x));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < MOST_TERMS && term > sum * 1e-17; n++) {
      term *= x / (a + n);
      sum += term;
    }
    const lower = Math.min(1, front * sum);
    return { lower, upper: 1 - lower };
  }
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < MOST_TERMS; n++) {
    const an = -n * (n - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const factor = d * c;
    h *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  const upper = Math.min(1, front * h);
  return { lower: 1 - upper, upper };
}

/** x with P(shape, x) = p: Wilson & Hilferty (1931) as a start, then Newton kept inside a bracket. */
export function gammaQuantile(p: number, shape: number): number {
  if (!(p >= 0 && p < 1)) throw new RangeError(`probability ${p} is outside 0..1`);
  if (!(shape > 0)) throw new RangeError(`gamma shape ${shape} is not positive`);
  if (p === 0) return 0;
  const cube = 1 - 1 / (9 * shape) + normalQuantile(p) / (3 * Math.sqrt(shape));
  // Near 0 the density is a power, of which the inverse is known.
  const power = Math.exp((Math.log(p) + logGamma(shape + 1)) / shape);
  let x = cube > 0.1 && shape > 0.5 ? shape * cube ** 3 : power;
  if (x === 0) return 0;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 100; i++) {
    const { lower, upper } = incompleteGamma(shape, x);
    const error = p < 0.5 ? lower - p : 1 - p - upper;
    if (error > 0) high = x;
    else low = x;
    const step = (error * x) / Math.exp(logFront(shape, x));
    let next = x - step;
    if (!(next > low && next < high)) next = high === Number.POSITIVE_INFINITY ? x * 2 : (low + high) / 2;
    if (Math.abs(next - x) <= 1e-14 * x) return next;
    x = next;
  }
  return x;
}

/** ln of x^a e^-x / Gamma(a). For large shapes written so that the large terms cancel before they are rounded. */
function logFront(a: number, x: number): number {
  if (a < 50) return a * Math.log(x) - x - logGamma(a);
  const ratio = (x - a) / a;
  const gap = Math.abs(ratio) < 0.3 ? log1pMinus(ratio) : Math.log(x / a) - ratio;
  const a2 = a * a;
  const stirling = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * a2)) / a2) / a2) / a;
  return a * gap + 0.5 * Math.log(a / (2 * Math.PI)) - stirling;
}

/** ln(1 + r) - r without cancellation, |r| < 0.3. */
function log1pMinus(r: number): number {
  let power = r;
  let sum = 0;
  for (let n = 2; n < 60; n++) {
    power *= -r;
    const term = power / n;
    sum += term;
    if (Math.abs(term) < 1e-18 * Math.abs(sum)) break;
  }
  return sum;
}
