import type { History } from '../model.ts';
import { fitLinearTrend } from './linear-trend.ts';
import { FEWEST_FOR_TREND, type InsufficientData, type Trend, trendLabel } from './trend-label.ts';

/** The plain methods that a planner can work out by hand. */
export type PlainMethod = 'moving_average' | 'linear_regression' | 'exponential_smoothing';

export interface PlainForecast {
  readonly kind: 'forecast';
  readonly method: PlainMethod;
  /** Expected quantity of each period ahead, never below 0. */
  readonly mean: readonly number[];
  /** What the method is about: mean of the window, slope of the line, weight of the smoothing. */
  readonly parameter: number;
  readonly trend: Trend | InsufficientData;
}

const WINDOW = 7;
const ALPHA = 0.3;
/** Known quantities that each method needs. */
const FEWEST: Readonly<Record<PlainMethod, number>> = {
  moving_average: WINDOW,
  exponential_smoothing: WINDOW,
  linear_regression: FEWEST_FOR_TREND,
};
/** One-step forecasts that `auto` compares the methods by. */
const COMPARED = 7;

/**
 * A moving average of 7, a least-squares line, or exponential smoothing with weight 0.3 from the first quantity on. `auto`
 * is the one with the least absolute error over the newest seven one-step forecasts among those that the history
 * suffices for. With fewer than 7 known quantities (14 for a line) the answer says so instead.
 */
export function plainForecast(
  history: History,
  method: PlainMethod | 'auto',
  horizon: number,
): PlainForecast | InsufficientData {
  const points = Array.from(history).filter(Number.isFinite).length;
  const chosen = method === 'auto' ? bestOf(history, points) : method;
  const needed = FEWEST[chosen];
  if (points < needed) return { kind: 'insufficient-data', points, needed };
  const { mean, parameter } = METHODS[chosen](history, horizon);
  return {
    kind: 'forecast',
    method: chosen,
    mean: mean.map((value) => Math.max(0, value)),
    parameter,
    trend: trendLabel(history),
  };
}

type Found = { readonly mean: readonly number[]; readonly parameter: number };

const METHODS: Readonly<Record<PlainMethod, (history: History, horizon: number) => Found>> = {
  moving_average(history, horizon) {
    const newest = Array.from(history).filter(Number.isFinite).slice(-WINDOW);
    const average = newest.reduce((sum, value) => sum + value / newest.length, 0);
    return { mean: new Array<number>(horizon).fill(average), parameter: average };
  },
  linear_regression(history, horizon) {
    const fitted = fitLinearTrend(history);
    return { mean: fitted.forecast(horizon, []).mean, parameter: fitted.toState().slope };
  },
  exponential_smoothing(history, horizon) {
    const known = Array.from(history).filter(Number.isFinite);
    let level = known[0]!;
    for (const value of known) level += ALPHA * (value - level);
    return { mean: new Array<number>(horizon).fill(level), parameter: ALPHA };
  },
};

function bestOf(history: History, points: number): PlainMethod {
  const y = Array.from(history);
  const methods = (Object.keys(METHODS) as PlainMethod[]).filter((name) => points >= FEWEST[name] + COMPARED);
  // Too short to compare by what it has not seen.
  if (methods.length === 0) return 'moving_average';
  const origins = y.flatMap((value, t) => (Number.isFinite(value) ? [t] : [])).slice(-COMPARED);
  const errors = methods.map((name) =>
    origins.reduce((sum, t) => {
      const forecast = Math.max(0, METHODS[name](y.slice(0, t), 1).mean[0]!);
      return sum + Math.abs(y[t]! - forecast);
    }, 0),
  );
  return methods[errors.indexOf(Math.min(...errors))]!;
}
