import { type EtsOptimum, optimiseEts } from './ets-optimise.ts';
import { isMultiplicative, parseEtsForm } from './ets-recursion.ts';

/** Longest season that keeps a state for each of its periods. */
const LONGEST_SEASON = 24;
/**
 * A form with a trend is tried when the same form without one is at most this far behind the best of those, in AICc.
 * On 60 monthly retail series and the reference series no better form was missed with 5.
 */
const TREND_GAP = 10;

/** Relative errors with a larger mean square than this say that nothing multiplies here: their futures explode. */
const MOST_RELATIVE = 4;

/**
 * The form with the least AICc among the named ones that the history admits: multiplicative parts need quantities above
 * zero, a season needs two of them and at most 24 periods. Null when none is admitted.
 */
export function chooseEts(y: Float64Array, names: readonly string[], period: number): EtsOptimum | null {
  let known = 0;
  let isPositive = true;
  for (const value of y) {
    if (Number.isNaN(value)) continue;
    known++;
    if (!(value > 0)) isPositive = false;
  }
  const hasSeason = period >= 2 && period <= LONGEST_SEASON && known >= 2 * period;
  const forms = names
    .map(parseEtsForm)
    .filter((form) => (isPositive || !isMultiplicative(form)) && (hasSeason || form.season === 'N'))
    .sort((a, b) => Number(a.trend !== 'N') - Number(b.trend !== 'N'));
  let best: EtsOptimum | null = null;
  let bestLevel = Number.POSITIVE_INFINITY;
  const levels = new Map<string, number>();
  for (const form of forms) {
    const kind = `${form.error}${form.season}`;
    const level = levels.get(kind);
    if (level !== undefined && level > bestLevel + TREND_GAP) continue;
    const found = optimiseEts(y, form, period);
    if (form.trend === 'N') {
      levels.set(kind, found.aicc);
      bestLevel = Math.min(bestLevel, found.aicc);
    }
    const isWild = form.error === 'M' && !(found.meanSquare <= MOST_RELATIVE);
    if (!best || (!isWild && found.aicc < best.aicc)) best = found;
  }
  return best;
}
