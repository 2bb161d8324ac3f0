import { type EtsForm, type EtsState, type EtsWeights, runEts } from './ets-recursion.ts';

/** Points ahead when nothing surprising happens: the mean of linear forms. */
export function etsPoints(form: EtsForm, weights: EtsWeights, from: EtsState, horizon: number): number[] {
  const { phi } = weights;
  const isGrowth = form.trend.startsWith('M');
  let steps = 0;
  return Array.from({ length: horizon }, (_, h) => {
    steps += phi ** (h + 1);
    let base = from.level;
    if (isGrowth) base *= from.trend ** steps;
    else if (form.trend !== 'N') base += steps * from.trend;
    if (form.season === 'N') return base;
    const s = from.season[h % from.season.length]!;
    return form.season === 'A' ? base + s : base * s;
  });
}

/**
 * Variance of each period ahead for classes 1 and 2 of Hyndman et al. (2008), chapter 6: additive errors, and
 * multiplicative errors, both without anything else that multiplies. Null for the others.
 */
export function etsVariance(
  form: EtsForm,
  weights: EtsWeights,
  sigma2: number,
  mean: readonly number[],
  period: number,
): number[] | null {
  if (form.season === 'M' || form.trend.startsWith('M')) return null;
  const c = etsImpulse(form, weights, mean.length, period);
  if (form.error === 'A') {
    let sum = 1;
    return mean.map((_, h) => {
      if (h > 0) sum += c[h]! ** 2;
      return sigma2 * sum;
    });
  }
  const theta: number[] = [];
  return mean.map((value, h) => {
    let sum = value * value;
    for (let j = 1; j <= h; j++) sum += sigma2 * c[j]! ** 2 * theta[h - j]!;
    theta.push(sum);
    return (1 + sigma2) * sum - value * value;
  });
}

/** What one unit of error now adds to the forecast of j periods later, j = 1, 2, ...; index 0 is 1. */
function etsImpulse(form: EtsForm, weights: EtsWeights, horizon: number, period: number): number[] {
  const additive: EtsForm = { ...form, error: 'A' };
  const state = { level: 0, trend: 0, season: new Float64Array(form.season === 'N' ? 0 : period) };
  runEts([1], additive, weights, state);
  return [1, ...etsPoints(additive, weights, state, Math.max(0, horizon - 1))];
}
