import { expect, test } from 'vitest';
import { forecastHistory } from '../../../functions/forecast/forecast-history.ts';
import { fromState } from '../../../shared/core/forecast/from-state.ts';
import type { ModelState } from '../../../shared/core/forecast/model.ts';
import { PlanSettings } from '../../../shared/data/planning/setting-store.ts';

const warnings: unknown[] = [];
const options = {
  asOf: '2011-12-09',
  settings: PlanSettings.parse({}),
  logger: { warn: (...parts: unknown[]) => void warnings.push(parts) },
};
const history = (quantities: number[]) => ({ productId: 'A', locationId: 'MAIN', quantities });
const wavy = Array.from({ length: 156 }, (_, i) =>
  Math.round(100 + 40 * Math.sin((i / 52) * 2 * Math.PI) + (i % 7)),
);

test('a model that fails costs its series the good forecast and is reported; the mean stands in', () => {
  warnings.length = 0;
  const forecast = forecastHistory(history([4, 6, 4, 6, 4, 6, 4, 6, 4, 6]), {
    ...options,
    forecaster() {
      throw new Error('the optimiser ran away');
    },
  });
  expect(forecast).toMatchObject({ model: 'mean', totalMean: 65, firstDay: '2011-12-10' });
  expect(forecast.totalLow).toBeLessThan(65);
  expect(forecast.totalHigh).toBeGreaterThan(65);
  expect(warnings).toHaveLength(1);
  expect(fromState(forecast.state as ModelState).paths(4, 10, 1)).toHaveLength(10);
});

test('the same series has the same forecast again, another series of the same numbers another chance', () => {
  const one = forecastHistory(history(wavy), options);
  expect(forecastHistory(history(wavy), options)).toEqual(one);
  const other = forecastHistory({ ...history(wavy), productId: 'B' }, options);
  expect(other.path.mean).toEqual(one.path.mean);
  expect(other.path.quantiles).not.toEqual(one.path.quantiles);
});

test('three years of weeks and counts in the millions keep within the bytes of a stored state, without a fallback', () => {
  warnings.length = 0;
  for (const scale of [1, 1000, 1_000_000]) {
    forecastHistory(history(wavy.map((value) => value * scale + (value % 3))), options);
  }
  expect(warnings).toEqual([]);
});

test('the service level of the settings is among the quantiles', () => {
  const settings = PlanSettings.parse({ service_level: '0.98' });
  expect(Object.keys(forecastHistory(history(wavy), { ...options, settings }).path.quantiles)).toContain(
    '0.98',
  );
});
