import { logGamma } from './log-gamma.ts';

const MOST_TERMS = 10_000;
const TINY = 1e-300;

/**
 * Shares of the beta function below and above x: `lower` I_x(a, b) and `upper` 1 - I_x(a, b), each exact in its own
 * tail. Lentz' continued fraction (Abramowitz & Stegun 26.5.8) on the side where it converges fast.
 */
export function incompleteBeta(a: number, b: number, x: number): { lower: number; upper: number } {
  if (!(a > 0) || !(b > 0) || !(x >= 0 && x <= 1)) {
    throw new RangeError(`incomplete beta of ${a} and ${b} at ${x}`);
  }
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === 1) return { lower: 1, upper: 0 };
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  if (x < (a + 1) / (a + b + 2)) {
    const lower = Math.min(1, (front * fraction(a, b, x)) / a);
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, (front * fraction(b, a, 1 - x)) / b);
  return { lower: 1 - upper, upper };
}

function fraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const factor = d * c;
    h *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return h;
}

function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
