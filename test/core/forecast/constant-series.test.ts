import { expect, it } from 'vitest';
import { fromState } from '../../../shared/core/forecast/from-state.ts';
import { NAMED_MODELS } from '../../../shared/core/forecast/named-models.ts';

/** Below the mean of what it was taught, by definition: they correct a bias that a constant does not have. */
const LOWER = ['sba', 'sbj'];
const exact = Object.keys(NAMED_MODELS).filter((name) => !LOWER.includes(name));

it.each(exact)('%s forecasts a constant series exactly, mean and intervals, whatever its size', (name) => {
  for (const period of [7, 12, 52]) {
    for (const level of [0, 1, 7, 1e6 + 3, 123_456_789]) {
      const history = new Float64Array(120).fill(level);
      history[50] = Number.NaN;
      const fitted = NAMED_MODELS[name]!.fit(history, { period, horizon: 3 });
      const revived = fromState(JSON.parse(JSON.stringify(fitted.toState())));
      const { mean, quantiles } = revived.forecast(3, [0.1, 0.5, 0.9]);
      const found = [
        ...mean,
        ...Object.values(quantiles).flat(),
        ...revived.paths(3, 2, 1).flatMap((p) => [...p]),
      ];
      for (const value of found) expect(Math.abs(value - level)).toBeLessThanOrEqual(1e-12 * level);
    }
  }
});
