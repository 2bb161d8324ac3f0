import { expect, test } from 'vitest';
import { LEVEL_GRID } from '../../../shared/core/forecast/combine/level-grid.ts';
import { panelState } from '../../../shared/core/forecast/combine/panel-state.ts';
import { drawFutures } from '../../../shared/core/forecast/draw-futures.ts';
import { expectedDemand } from '../../../shared/core/forecast/expected-demand.ts';

test('expected demand of a slow item is the mean of the futures that orders go by, period by period', () => {
  const levels = [0, 0, 0, 0, 0, 0, 4, 9, 16];
  const quantiles = LEVEL_GRID.map((_, l) => new Float64Array([levels[l]!, 2 * levels[l]!]));
  const kind = { period: 52, isWhole: true, isSigned: false };
  const state = panelState({ mean: new Float64Array([0.1, 0.1]), quantiles }, kind);
  const series = { state, horizon: 2, periodDays: 7 };
  const expected = expectedDemand(series, 3);
  const { count, values } = drawFutures(series, { days: 14, seed: 3 });
  const all = values.reduce((sum, value) => sum + value, 0);
  expect(count * (expected[0]! + expected[1]!)).toBeCloseTo(all, 6);
  expect(expected[0]).toBeGreaterThan(0.8);
  expect(expected[0]).toBeLessThan(1.6);
  expect(expected[1]! / expected[0]!).toBeCloseTo(2, 1);
});
