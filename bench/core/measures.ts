import { allocateByValue } from '../../shared/core/allocation/allocate-by-value.ts';
import { fitArima } from '../../shared/core/forecast/arima/arima.ts';
import { fitAutoArima } from '../../shared/core/forecast/arima/auto-arima.ts';
import { fitEts } from '../../shared/core/forecast/ets/ets.ts';
import { fitSlowMover } from '../../shared/core/forecast/intermittent/slow-mover.ts';
import { onlineForecaster } from '../../shared/core/forecast/online/online-forecaster.ts';
import { forecastPanel, type Panel } from '../../shared/core/forecast/panel.ts';
import { fitStl } from '../../shared/core/forecast/stl/stl-forecast.ts';
import { fitTheta } from '../../shared/core/forecast/theta/theta.ts';
import { binFeatures } from '../../shared/core/forecast/trees/bin-features.ts';
import { fitBoosting } from '../../shared/core/forecast/trees/gradient-boosting.ts';
import { fitForest } from '../../shared/core/forecast/trees/random-forest.ts';
import { simulatedRows, simulatedSeries } from './simulated-series.ts';
import { simulatedWishes } from './simulated-wishes.ts';

export interface Measure {
  readonly name: string;
  /** What is timed counts so many of these. */
  readonly unit: string;
  readonly count: number;
  /** In the unit's time; none was set where it is missing. */
  readonly target?: { readonly value: number; readonly unit: 's' | 'ms' | 'µs' };
  run(): unknown;
}

const LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975];
const monthly = simulatedSeries(100, 120, 12);
const weekly = simulatedSeries(40, 260, 52);
const logs = weekly.map((y) => y.map(Math.log1p));
const { columns, target } = simulatedRows(24_000, 24);
const binned = binFeatures(columns);
const wishes = simulatedWishes(10_000);
const categories: Panel = {
  frequency: 'weekly',
  period: 52,
  known: [],
  series: weekly
    .slice(0, 10)
    .map((quantities, i) => ({ id: `c${i}`, start: '2019-01-07', quantities, regressors: {} })),
};

/** What forecasting costs; each is fit and forecast unless it says otherwise. */
export const MEASURES: readonly Measure[] = [
  {
    name: 'theta, 260 weeks',
    unit: 'series',
    count: weekly.length,
    target: { value: 0.5, unit: 'ms' },
    run: () => weekly.map((y) => fitTheta(y, { period: 52 }).forecast(13, LEVELS)),
  },
  {
    name: 'ETS, form chosen, 120 months',
    unit: 'series',
    count: monthly.length,
    target: { value: 5, unit: 'ms' },
    run: () => monthly.map((y) => fitEts(y, { period: 12 }).forecast(12, LEVELS)),
  },
  {
    name: 'STL and ETS, 260 weeks',
    unit: 'series',
    count: weekly.length,
    run: () => weekly.map((y) => fitStl(y, { periods: [52] }).forecast(13, LEVELS)),
  },
  {
    name: 'SARIMA(1,1,1)(1,0,1)52 by exact likelihood, 260 weeks',
    unit: 'series',
    count: logs.length,
    target: { value: 10, unit: 'ms' },
    run: () =>
      logs.map((y) =>
        fitArima(y, { order: { p: 1, d: 1, q: 1, P: 1, D: 0, Q: 1, period: 52 } }).forecast(13, LEVELS),
      ),
  },
  {
    name: 'ARIMA, order chosen, waves of 52, 260 weeks',
    unit: 'series',
    count: 10,
    target: { value: 300, unit: 'ms' },
    run: () => logs.slice(0, 10).map((y) => fitAutoArima(y, { period: 52 }).forecast(13, LEVELS)),
  },
  {
    name: 'counts of slow movers, 260 weeks',
    unit: 'series',
    count: weekly.length,
    run: () => weekly.map((y) => fitSlowMover(y.map((value) => Math.round(value / 60))).forecast(13, LEVELS)),
  },
  {
    name: 'online model, updates only',
    unit: 'observation',
    count: 100_000,
    target: { value: 1, unit: 'µs' },
    run: () => {
      const model = onlineForecaster({ period: 7 });
      const y = weekly[0]!;
      for (let i = 0; i < 100_000; i++) model.observe(y[i % y.length]!);
    },
  },
  {
    name: 'gradient boosting, 24,000 rows, 24 features, 300 trees',
    unit: 'fit',
    count: 1,
    target: { value: 1.5, unit: 's' },
    run: () => fitBoosting({ columns: binned, target, loss: 'squared', trees: 300 }),
  },
  {
    name: 'random forest, 24,000 rows, 24 features, 100 trees, a third of the features a node',
    unit: 'fit',
    count: 1,
    target: { value: 3, unit: 's' },
    run: () => fitForest({ columns: binned, target, trees: 100 }),
  },
  {
    name: '`blend` of ten categories, 260 weeks, with intervals',
    unit: 'run',
    count: 1,
    target: { value: 1, unit: 's' },
    run: () => forecastPanel(categories, { horizon: 13, levels: LEVELS, seed: 1, model: 'blend' }),
  },
  {
    name: '`auto` of ten categories: all members, past origins, the model of all series',
    unit: 'run',
    count: 1,
    target: { value: 1, unit: 's' },
    run: () => forecastPanel(categories, { horizon: 13, levels: LEVELS, seed: 1 }),
  },
  {
    name: 'a budget divided by gain, 10,000 items of 100 steps',
    unit: 'allocation',
    count: 1,
    target: { value: 1, unit: 's' },
    run: () => allocateByValue(wishes, { budget: 200_000_000 }),
  },
  {
    name: 'a budget and space divided by gain, 10,000 items of 100 steps',
    unit: 'allocation',
    count: 1,
    target: { value: 1, unit: 's' },
    run: () => allocateByValue(wishes, { budget: 200_000_000, volume: 2_000_000 }),
  },
];
