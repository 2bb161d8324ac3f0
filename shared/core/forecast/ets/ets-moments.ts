import type { EtsForm, EtsState, EtsWeights } from './ets-recursion.ts';
import { etsPoints, etsVariance } from './ets-variance.ts';

/** Mean of each period ahead and its variance; the latter null for forms without a formula, which are simulated. */
export interface EtsMoments {
  readonly mean: number[];
  readonly variance: number[] | null;
}

/**
 * Mean and variance of each period ahead. Exact for classes 1 to 3 of Hyndman et al. (2008), chapter 6; for additive
 * errors under a multiplicative season and for multiplicative trends (classes 4 and 5) the mean is the point without
 * surprises.
 */
export function etsMoments(
  form: EtsForm,
  weights: EtsWeights,
  from: EtsState,
  sigma2: number,
  horizon: number,
): EtsMoments {
  if (!form.trend.startsWith('M') && form.error === 'M' && form.season === 'M') {
    return relativeMoments(weights, from, sigma2, horizon);
  }
  const mean = etsPoints(form, weights, from, horizon);
  return { mean, variance: etsVariance(form, weights, sigma2, mean, from.season.length) };
}

/**
 * Class 3 (M,*,M): y = q s (1 + e), where q = l + phi b is linear in x = (l, b) and x moves by
 *   x' = (F + g w' e) x,   w = (1, phi),   g = (alpha, beta).
 * The season factor of period h holds (1 + gamma e) of h - m, h - 2m, ...: in those periods the moments of e are tilted
 * by (1 + gamma e), or by its square for the second moment. Normal e: E e^4 = 3 sigma^4.
 */
function relativeMoments(
  { alpha, beta, gamma, phi }: EtsWeights,
  from: EtsState,
  sigma2: number,
  horizon: number,
): { mean: number[]; variance: number[] } {
  const m = from.season.length;
  const mean: number[] = [];
  const variance: number[] = [];
  for (let h = 1; h <= horizon; h++) {
    let level = from.level;
    let trend = from.trend;
    let levels = level * level;
    let cross = level * trend;
    let trends = trend * trend;
    for (let j = 1; j < h; j++) {
      const isTilted = (h - j) % m === 0;
      const tilt = isTilted ? gamma * sigma2 : 0;
      const base = level + phi * trend;
      level = base * (1 + alpha * tilt);
      trend = phi * trend + beta * base * tilt;
      const one = isTilted ? 1 + gamma * gamma * sigma2 : 1;
      const first = 2 * tilt;
      const second = isTilted ? sigma2 + 3 * gamma * gamma * sigma2 * sigma2 : sigma2;
      const q = levels + 2 * phi * cross + phi * phi * trends;
      const r = phi * (cross + phi * trends);
      levels = q * (one + 2 * first * alpha + second * alpha * alpha);
      cross = r * (one + first * alpha) + q * beta * (first + second * alpha);
      trends = one * phi * phi * trends + 2 * first * beta * r + second * beta * beta * q;
    }
    const s = from.season[(h - 1) % m]!;
    const q = levels + 2 * phi * cross + phi * phi * trends;
    const middle = s * (level + phi * trend);
    mean.push(middle);
    variance.push(Math.max(0, s * s * (1 + sigma2) * q - middle * middle));
  }
  return { mean, variance };
}
