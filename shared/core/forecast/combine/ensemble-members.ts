import { fitSarimaWeeklyLog } from '../arima/sarima-weekly-log.ts';
import { fitEts } from '../ets/ets.ts';
import { fitStl } from '../stl/stl-forecast.ts';
import { fitTheta } from '../theta/theta.ts';
import type { Candidate } from './candidate-models.ts';

/** A model of the ensemble, and how many periods it must have seen to be more than one of the others. */
export interface EnsembleMember extends Candidate {
  needs(period: number): number;
  fit(history: ArrayLike<number>, period?: number): ReturnType<Candidate['fit']>;
}

/** Forms without a season, which STL takes out and the others know by themselves. */
const WITHOUT_SEASON = ['ANN', 'AAN', 'AAdN'];

/** The models of a named ensemble of a group's weekly sums: four views of trend and season. */
export const ENSEMBLE_MEMBERS: readonly EnsembleMember[] = [
  {
    name: 'sarima',
    needs: () => 8,
    fit: (history, period = 52) => fitSarimaWeeklyLog(closuresUnknown(history), { period }),
  },
  { name: 'ets', needs: () => 1, fit: (history) => fitEts(history, { forms: WITHOUT_SEASON }) },
  { name: 'theta', needs: () => 1, fit: (history, period = 52) => fitTheta(history, { period }) },
  {
    name: 'stl',
    // below two seasons it is exponential smoothing, which is a member already
    needs: (period) => 2 * period,
    fit: (history, period = 52) => fitStl(history, { periods: [period] }),
  },
];

/** Longest run of empty periods that is a closure, and the share of all periods that closures may be. */
const LONGEST_CLOSURE = 2;
const MOST_CLOSURES = 1 / 13;

/**
 * Empty periods as unknown ones where they are few, short, and between periods with demand: a shop that is shut over
 * Christmas. A logarithm takes such a week for a catastrophe, and the mean of every later week for twice what it is.
 */
export function closuresUnknown(history: ArrayLike<number>): Float64Array {
  const y = Float64Array.from(history);
  const open = y.slice();
  let shut = 0;
  for (let from = 0; from < y.length; from++) {
    if (y[from] !== 0) continue;
    let to = from;
    while (to < y.length && y[to] === 0) to++;
    if (from > 0 && to < y.length && to - from <= LONGEST_CLOSURE) {
      open.fill(Number.NaN, from, to);
      shut += to - from;
    }
    from = to;
  }
  return shut <= MOST_CLOSURES * y.length ? open : y;
}
