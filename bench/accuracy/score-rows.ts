import { dayNumber, type Frequency, periodOf } from '../../shared/core/calendar/period-grid.ts';
import { ForecastScore, type Score } from '../../shared/core/forecast/evaluate/forecast-score.ts';
import type { Actual } from './actuals.ts';
import type { ForecastRows } from './forecast-rows.ts';
import { LEVELS } from './sets.ts';

/** Scores forecasts against what was sold; dates without a row are not scored. */
export function scoreRows(
  rows: readonly ForecastRows[],
  actuals: ReadonlyMap<string, Actual>,
  { frequency, season }: { readonly frequency: Frequency; readonly season: number },
): Score {
  const score = new ForecastScore({ season, levels: LEVELS });
  for (const { id, origin, dates, mean, quantiles } of rows) {
    const { anchor, quantities } = actuals.get(id)!;
    const at = (date: string): number => periodOf(frequency, anchor, dayNumber(date));
    const training = quantities.subarray(0, at(origin) + 1);
    const actual = dates.map((date) => quantities[at(date)] ?? Number.NaN);
    score.add({ training, actual, mean, quantiles });
  }
  return score.result();
}
