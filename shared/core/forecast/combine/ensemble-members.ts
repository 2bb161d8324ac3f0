import { closuresUnknown } from '../arima/closures-unknown.ts';
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
