import type { PanelSeries, Regressor } from '../panel.ts';

/**
 * What is known of a regressor after the origin. `known`: its values (prices, plans, holidays), gaps filled with the
 * newest one before. `carried`: nothing; the newest value goes on. `lagged`: nothing; every period, past ones as well,
 * shows the newest value known a whole horizon before it, so that a model learns from what it will have (weather, an
 * index). `none`: nothing is planned: 0, or no category.
 */
export type RegressorFuture = 'known' | 'carried' | 'lagged' | 'none';

/**
 * A series with regressors that reach `horizon` periods beyond its quantities, for a panel that names them as known.
 * Regressors without a named future are left out. Nothing after the origin is read unless it is named `known`.
 */
export function extendRegressors(
  series: PanelSeries,
  futures: Readonly<Record<string, RegressorFuture>>,
  horizon: number,
): PanelSeries {
  const origin = series.quantities.length;
  const regressors: Record<string, Regressor> = {};
  for (const [name, future] of Object.entries(futures)) {
    const column = series.regressors[name];
    if (column) regressors[name] = extendRegressor(column, future, origin, horizon);
  }
  return { ...series, regressors };
}

/** One column of `origin` + `horizon` values from one whose first `origin` values are of the past. */
export function extendRegressor(
  column: Regressor,
  future: RegressorFuture,
  origin: number,
  horizon: number,
): Regressor {
  if (column.length < origin) throw new RangeError(`${column.length} values for ${origin} periods`);
  if (column instanceof Float64Array) {
    const values = extended(column, Number.isNaN, { future, origin, horizon, none: 0, unknown: Number.NaN });
    return Float64Array.from(values);
  }
  return extended<string | null>(column, (value) => value === null, {
    future,
    origin,
    horizon,
    none: null,
    unknown: null,
  });
}

interface Extension<Value> {
  readonly future: RegressorFuture;
  readonly origin: number;
  readonly horizon: number;
  readonly none: Value;
  readonly unknown: Value;
}

function extended<Value>(
  column: ArrayLike<Value>,
  isUnknown: (value: Value) => boolean,
  { future, origin, horizon, none, unknown }: Extension<Value>,
): Value[] {
  const readable = future === 'known' ? Math.min(column.length, origin + horizon) : origin;
  const newest: Value[] = [];
  for (let t = 0; t < readable; t++) {
    const value = column[t]!;
    newest.push(isUnknown(value) ? (newest[t - 1] ?? unknown) : value);
  }
  return Array.from({ length: origin + horizon }, (_, t) => {
    if (future === 'lagged') return newest[t - horizon] ?? unknown;
    if (t < origin) return column[t]!;
    if (future === 'none') return none;
    return newest[Math.min(t, readable - 1)] ?? unknown;
  });
}
