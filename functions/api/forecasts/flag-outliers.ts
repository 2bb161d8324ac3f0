import type { Outliers } from '../../../shared/contracts/api/diagnostics.ts';
import { outliers } from '../../../shared/core/forecast/diagnose/outliers.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { findSeries, type SeriesQuery } from './find-series.ts';
import { tooLittle } from './forecast-product.ts';

/** Fewest values that have quartiles worth the name. */
const FEWEST = 4;
const RULES = {
  iqr: 'outside the quartiles by more than 1.5 times their distance',
  z: 'more than 3 standard deviations from the mean',
  'modified-z': '0.6745 times the distance from the median over the median distance is more than 3.5',
} as const;

/** Unusual weeks or days of a category or product by three rules. Nothing is changed or left out because of it. */
export async function flagOutliers(db: Statements, asked: SeriesQuery): Promise<Outliers> {
  const { about, quantities, dayOf } = await findSeries(db, asked);
  const points = quantities.length;
  return {
    ...about,
    ...(points < FEWEST && tooLittle({ points, needed: FEWEST }, `${asked.bucket}s of history`)),
    rules: RULES,
    outliers: outliers(quantities).map(({ index, value, rules }) => ({
      date: dayOf(index),
      value,
      rules: [...rules],
    })),
  };
}
