import type { Random } from '../../math/random.ts';
import type { EtsForm, EtsState, EtsWeights } from './ets-recursion.ts';

/** Relative errors stay above this, so that quantities that multiply stay above zero. */
const LEAST_ERROR = -0.999999;
const TINY = 1e-10;

/** One possible future with normal errors of this deviation; `from` is left as it is. */
export function simulateEts(
  form: EtsForm,
  { alpha, beta, gamma, phi }: EtsWeights,
  from: EtsState,
  deviation: number,
  random: Random,
  horizon: number,
): Float64Array {
  const isGrowth = form.trend.startsWith('M');
  const isRelative = form.error === 'M';
  const isSeasonM = form.season === 'M';
  const hasSeason = form.season !== 'N';
  const isPositive = isGrowth || (isRelative && isSeasonM);
  const seasons = from.season.slice();
  const path = new Float64Array(horizon);
  let { level, trend } = from;
  let at = 0;
  for (let h = 0; h < horizon; h++) {
    const slope = isGrowth ? trend ** phi : phi * trend;
    const base = isGrowth ? level * slope : level + slope;
    const s = hasSeason ? seasons[at]! : 0;
    const point = !hasSeason ? base : isSeasonM ? base * s : base + s;
    let error = deviation * random.normal();
    if (isRelative && isPositive && error < LEAST_ERROR) error = LEAST_ERROR;
    const value = isRelative ? point * (1 + error) : point + error;
    path[h] = value;
    const clean = !hasSeason ? value : isSeasonM ? (Math.abs(s) < TINY ? value : value / s) : value - s;
    const surprise = clean - base;
    trend = isGrowth ? Math.max(TINY, slope + (beta * surprise) / level) : slope + beta * surprise;
    if (isSeasonM) seasons[at] = s + gamma * ((Math.abs(base) < TINY ? s : value / base) - s);
    else if (hasSeason) seasons[at] = s + gamma * (value - base - s);
    level = base + alpha * surprise;
    if (isGrowth && !(level > 0)) level = TINY;
    if (++at >= seasons.length) at = 0;
  }
  return path;
}
