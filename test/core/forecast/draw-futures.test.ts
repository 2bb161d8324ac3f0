import { describe, expect, test } from 'vitest';
import { forecastSeries } from '../../../shared/core/forecast/auto.ts';
import { LEVEL_GRID } from '../../../shared/core/forecast/combine/level-grid.ts';
import { panelState } from '../../../shared/core/forecast/combine/panel-state.ts';
import { drawFutures } from '../../../shared/core/forecast/draw-futures.ts';
import { fromState } from '../../../shared/core/forecast/from-state.ts';
import { futuresOf, pathsOf } from '../../../shared/core/forecast/futures.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';

const HORIZON = 13;
const random = seededRandom(4);
const history = (draw: () => number) => Float64Array.from({ length: 80 }, draw);
const fittedState = (quantities: Float64Array) =>
  forecastSeries({ quantities, period: 52, horizon: HORIZON, levels: [0.5], seed: 1 }).state;
const weeks = (units: number) => new Float64Array(HORIZON).map((_, h) => units * (h + 1));
const panel = panelState(
  { mean: weeks(5), quantiles: LEVEL_GRID.map((level) => weeks(10 * level)) },
  { period: 52, isWhole: true, isSigned: false },
);

describe('futures of a plan', () => {
  test.each([
    ['a panel', panel],
    ['a seller of every week', fittedState(history(() => 20 + random.integer(9)))],
    ['a seller now and then', fittedState(history(() => (random.uniform() < 0.2 ? 3 : 0)))],
  ])('of long terms begin as those of short ones: %s', (_, state) => {
    const asked = { state, horizon: HORIZON, periodDays: 7 };
    const short = drawFutures(asked, { days: 20, seed: 7 });
    const long = drawFutures(asked, { days: 60, seed: 7 });
    expect([short.periods, long.periods]).toEqual([3, 9]);
    expect(long.values.subarray(0, short.values.length)).toEqual(short.values);
    expect(drawFutures(asked, { days: 20, seed: 8 }).values).not.toEqual(short.values);
  });

  test('reach no further than the forecast, and over two of its periods at least', () => {
    const asked = { state: panel, horizon: HORIZON, periodDays: 7 };
    expect(drawFutures(asked, { days: 900, seed: 7 }).periods).toBe(HORIZON);
    expect(drawFutures(asked, { days: 1, seed: 7 }).periods).toBe(2);
  });

  test('are the paths of their model, which are made of them and make them', () => {
    const futures = fromState(panel).futures!(4, 30, 9);
    const paths = fromState(panel).paths(4, 30, 9);
    expect(pathsOf(futures)).toEqual(paths);
    expect(futuresOf(paths)).toEqual(futures);
    expect(futuresOf(paths, 2).values).toEqual(futures.values.subarray(0, 60));
  });
});
