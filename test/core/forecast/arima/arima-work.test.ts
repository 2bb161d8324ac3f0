import { expect, it } from 'vitest';
import { chooseArima, fitAutoArima } from '../../../../shared/core/forecast/arima/auto-arima.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';
import golden from '../../../golden/arima.json' with { type: 'json' };

/** A wave that is no season of seven days: each further lag explains more of it. */
function wave(length: number): Float64Array {
  const random = seededRandom(2);
  return Float64Array.from({ length }, (_, t) => Math.floor(3 + 2 * Math.sin(t) + 3 * random.uniform()));
}

it('the search for orders ends with its work, however long the series', () => {
  const tried = [250, 1000, 4000].map((length) => chooseArima(wave(length), { period: 7 }).tried);
  expect(tried[0]).toBeGreaterThan(30);
  expect(tried[1]).toBeLessThan(45);
  expect(tried[2]).toBeLessThan(45);
});

it('a search that ran out of work still answers with a model that is worth having', () => {
  const y = wave(1000);
  const { mean } = fitAutoArima(y, { period: 7 }).forecast(14, []);
  const expected = mean.map((_, h) => 4 + 2 * Math.sin(1000 + h));
  const error = mean.reduce((sum, value, h) => sum + Math.abs(value - expected[h]!) / 14, 0);
  expect(error).toBeLessThan(0.7);
});

it('an ordinary series is searched to the end', () => {
  for (const { y } of Object.values(golden.series) as { y: number[] }[]) {
    expect(chooseArima(y, { period: 12 }).search).toEqual({});
  }
});
