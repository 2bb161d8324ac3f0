import { fitSeasonalNaive } from '../forecast/simple/seasonal-naive.ts';
import { normalQuantile } from '../math/normal.ts';
import { seededRandom, seedOf } from '../math/random.ts';
import { type Forecaster, type Outlook, SAMPLE_SIZE, thirtyDays, UPPER_LEVEL } from './outlook.ts';

/**
 * The seasonal naive model, fitted anew at each time: futures as `fitSeasonalNaive` draws them, but from the same errors at
 * every time, which takes a tenth of the time and leaves no chance between two outlooks.
 */
export const naiveForecaster: Forecaster = ({ id, known, times, terms, seed }) => {
  const { leadTime, review, season: period } = terms;
  const reach = Math.max(leadTime + review, leadTime + 1);
  const random = seededRandom(seedOf(seed, id));
  const errors = Float64Array.from({ length: SAMPLE_SIZE * reach }, () => random.normal());
  const score = normalQuantile(UPPER_LEVEL);
  const path = new Float64Array(reach);
  return Array.from(times, (t): Outlook => {
    const history = known.subarray(0, t);
    const isKnown = history.some((value) => !Number.isNaN(value));
    const { season, variance } = isKnown
      ? fitSeasonalNaive(history, { period }).toState()
      : { season: [0], variance: 0 };
    const m = season.length;
    const deviation = Math.sqrt(variance);
    const lead = new Float64Array(SAMPLE_SIZE);
    const look = new Float64Array(SAMPLE_SIZE);
    const protection = new Float64Array(SAMPLE_SIZE);
    for (let i = 0; i < SAMPLE_SIZE; i++) {
      let sum = 0;
      for (let h = 0; h < reach; h++) {
        path[h] = (h < m ? season[h]! : path[h - m]!) + deviation * errors[i * reach + h]!;
        if (h === leadTime) lead[i] = sum;
        if (path[h]! > 0) sum += path[h]!;
        if (h === leadTime) look[i] = sum;
        if (h === leadTime + review - 1) protection[i] = sum;
      }
    }
    const over = (length: number, bound: number): number => {
      let sum = 0;
      for (let h = 0; h < length; h++)
        sum += Math.max(0, season[h % m]! + bound * deviation * Math.sqrt(Math.floor(h / m) + 1));
      return sum;
    };
    const days = thirtyDays(terms);
    const part = days - Math.floor(days);
    const betweenLooks = look.map((units, i) => units - lead[i]!).sort();
    const betweenReviews =
      review === 1 ? betweenLooks : protection.map((units, i) => units - lead[i]!).sort();
    look.sort();
    return {
      meanAPeriod: over(leadTime + review, 0) / (leadTime + review),
      lead: lead.sort(),
      look,
      protection: review === 1 ? look : protection.sort(),
      betweenLooks,
      betweenReviews,
      summedUpper: over(leadTime + review, score),
      meanThirtyDays: (1 - part) * over(Math.floor(days), 0) + part * over(Math.ceil(days), 0),
    };
  });
};
