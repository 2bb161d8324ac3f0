import type { DemandClass } from '../classify.ts';
import { fitEts } from '../ets/ets.ts';
import { fitTsb } from '../intermittent/tsb.ts';
import type { Fitted, History } from '../model.ts';
import { fitMovingAverage } from '../simple/moving-average.ts';
import { fitSeasonalNaive } from '../simple/seasonal-naive.ts';
import { fitSmoothing } from '../smoothing/slow-smoothing.ts';
import { fitTheta } from '../theta/theta.ts';

/** A model that may take part in a blend. */
export interface Candidate {
  readonly name: string;
  fit(history: History): Fitted;
}

/** Longest season that exponential smoothing keeps a state for. */
const LONGEST_SEASON = 24;
/** Newest seasons that it is fitted to: older ones cost much time and say little. */
const SEASONS_FOR_STATES = 26;

/**
 * The models worth trying. Slow movers get those that only know a level; steady ones also those with a trend and a
 * season, once the history holds two seasons.
 */
export function candidateModels(demandClass: DemandClass, period: number, length: number): Candidate[] {
  const isSlow = demandClass === 'intermittent' || demandClass === 'lumpy';
  const hasSeasons = period > 1 && length >= 2 * period;
  const candidates: Candidate[] = [
    { name: 'theta', fit: (y) => fitTheta(y, { period }) },
    { name: 'tsb', fit: (y) => fitTsb(y) },
    { name: 'smoothing', fit: (y) => fitSmoothing(y) },
  ];
  if (length >= 52) candidates.push({ name: 'average', fit: (y) => fitMovingAverage(y) });
  if (isSlow) return candidates;
  const isShortSeason = hasSeasons && period <= LONGEST_SEASON;
  const forms = isShortSeason ? ['ANN', 'ANA', 'AAdA'] : ['ANN'];
  const newest = isShortSeason ? SEASONS_FOR_STATES * period : length;
  candidates.push({
    name: 'ets',
    fit: (y) => fitEts(Float64Array.from(y).subarray(-newest), { period, forms }),
  });
  if (isShortSeason) candidates.push({ name: 'snaive', fit: (y) => fitSeasonalNaive(y, { period }) });
  return candidates;
}
