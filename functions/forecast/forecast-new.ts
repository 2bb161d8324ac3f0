import type { LowConfidence } from '../../shared/contracts/low-confidence.ts';
import type { SeriesForecast, SeriesInput } from '../../shared/core/forecast/auto.ts';
import { LEVEL_GRID } from '../../shared/core/forecast/combine/level-grid.ts';
import { forecastBeginner } from '../../shared/core/forecast/launch/forecast-beginner.ts';
import type { LaunchPool } from '../../shared/core/forecast/launch/launch-pool.ts';
import { pathQuantiles } from '../../shared/core/forecast/path-quantiles.ts';
import { sampleQuantile } from '../../shared/core/math/sample-quantile.ts';
import type { Beginner } from './read-beginners.ts';

export interface NewForecast extends Omit<SeriesForecast, 'paths'> {
  readonly lowConfidence: LowConfidence;
}

/** Futures behind the interval of the total. */
const PATHS = 800;
/** Digits of a weight. */
const DIGITS = 3;

/**
 * The forecast of a series that has just begun, by series that are like it, and why it is not sure. With nothing to be
 * like it is that of its own few periods, and before its first sale nothing at all: the stock it began with is all that is known.
 */
export function forecastNew(
  beginner: Beginner,
  pool: LaunchPool,
  input: SeriesInput,
  alone: (input: SeriesInput) => Omit<SeriesForecast, 'paths'>,
): NewForecast {
  const { horizon, period, levels, seed } = input;
  const { initialStock } = beginner;
  const own = alone({ ...input, levels: [...new Set([...levels, ...LEVEL_GRID])] });
  const isUnsold = initialStock !== null;
  const found = forecastBeginner(beginner, pool, { horizon, period, own: isUnsold ? null : own });
  if (!found) {
    const basis = isUnsold ? 'initial-stock' : 'own';
    return {
      ...own,
      model: isUnsold ? basis : own.model,
      demandClass: 'new',
      quantiles: Object.fromEntries(levels.map((level) => [String(level), own.quantiles[String(level)]!])),
      lowConfidence: { basis, analogs: 0, own_weight: isUnsold ? 0 : 1, initial_stock: initialStock },
    };
  }
  const { model, fitted, basis, analogs } = found;
  const futures = fitted.paths(horizon, PATHS, seed);
  const sums = Float64Array.from(futures, sum).sort();
  // A launch's quantiles are those of its futures; the average's are stored.
  const { mean, quantiles } = isUnsold
    ? { ...fitted.forecast(horizon, []), quantiles: pathQuantiles(futures, levels) }
    : fitted.forecast(horizon, levels);
  return {
    model,
    demandClass: 'new',
    mean,
    quantiles,
    total: { mean: sum(mean), low95: sampleQuantile(sums, 0.025), high95: sampleQuantile(sums, 0.975) },
    state: fitted.toState(),
    mae: null,
    rmse: null,
    lowConfidence: {
      basis,
      analogs,
      own_weight: Number(found.ownWeight.toFixed(DIGITS)),
      initial_stock: initialStock,
    },
  };
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
