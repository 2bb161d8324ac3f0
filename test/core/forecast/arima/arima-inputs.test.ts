import { describe, expect, it } from 'vitest';
import {
  type ArimaOptions,
  arimaOptimum,
  arimaWith,
  fitArima,
} from '../../../../shared/core/forecast/arima/arima.ts';
import { chooseArima, fitAutoArima } from '../../../../shared/core/forecast/arima/auto-arima.ts';
import { fitSarimaWeeklyLog } from '../../../../shared/core/forecast/arima/sarima-weekly-log.ts';
import { fromState } from '../../../../shared/core/forecast/from-state.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';
import golden from '../../../golden/arima.json' with { type: 'json' };
import withInputs from '../../../golden/arima-inputs.json' with { type: 'json' };

const AHEAD = 12;

function uniforms(seed: number, count: number): number[] {
  let s = seed;
  return Array.from({ length: count }, () => {
    s = Number((1664525n * BigInt(s) + 1013904223n) % 4294967296n);
    return s / 2 ** 32;
  });
}

/** The inputs of the generator beside the golden file. */
function inputsOf(count: number): number[][] {
  return [
    uniforms(99, count).map((u) => (u < 0.15 ? 1 : 0)),
    uniforms(123, count).map((u) => 10 + 0.75 * Math.floor(4 * u)),
  ];
}

describe.each(Object.entries(withInputs.cases))('ARIMA of %s with a promotion and a price', (_, known) => {
  const { y: plain } = (golden.series as Record<string, { y: number[] }>)[known.series]!;
  const inputs = inputsOf(plain.length + AHEAD).map((column) =>
    column.map((value) => Number(value.toFixed(2))),
  );
  const y = plain.map(
    (value, t) =>
      (known.transform === 'log' ? Math.log(value) : value) +
      known.lift[0]! * inputs[0]![t]! +
      known.lift[1]! * inputs[1]![t]!,
  );
  const [p, d, q] = known.order as [number, number, number];
  const [P, D, Q, period] = known.seasonal as [number, number, number, number];
  const options: ArimaOptions = { order: { p, d, q, P, D, Q, period }, constant: known.mean, inputs };
  const given = { coefficients: known.params };

  it('has the effects and the likelihood of dense generalised least squares', () => {
    const at = arimaOptimum(y, options, given);
    expect(Math.abs(at.logLikelihood / known.given.loglik - 1)).toBeLessThan(1e-8);
    expect(Math.abs(at.sigma2 / known.given.sigma2 - 1)).toBeLessThan(1e-7);
    known.given.effects.forEach((effect, k) => {
      expect(Math.abs(at.effects[k]! / effect - 1)).toBeLessThan(1e-6);
    });
  });

  it('forecasts with the inputs ahead as the dense density does', () => {
    const { mean } = arimaWith(y, options, given).forecast(AHEAD, []);
    const size = Math.max(...known.given.forecast.map(Math.abs));
    known.given.forecast.forEach((value, h) => {
      expect(Math.abs(mean[h]! - value) / size).toBeLessThan(1e-8);
    });
  });

  it('its own optimum is no lower than that of a patient search', () => {
    expect(arimaOptimum(y, options).logLikelihood).toBeGreaterThan(known.optimum.loglik - 1e-3);
  });

  it('an input in other units changes nothing', () => {
    const once = fitArima(y, options).forecast(AHEAD, [0.9]);
    const moved = inputs.map((column) => column.map((value) => 4 * value));
    const again = fitArima(y, { ...options, inputs: moved }).forecast(AHEAD, [0.9]);
    const size = Math.max(...once.mean.map(Math.abs));
    once.mean.forEach((value, h) => {
      expect(Math.abs(again.mean[h]! - value) / size).toBeLessThan(1e-5);
    });
  });
});

describe('ARIMA of promotions that come and go', () => {
  const random = seededRandom(8);
  const promo = Array.from({ length: 220 }, (_, t) => (t % 40 > 29 ? 1 : 0));
  const y = promo.slice(0, 195).map((on) => 100 + 60 * on + 2 * random.normal());

  it('does not take their steps for a wandering level', () => {
    expect(chooseArima(y, { inputs: [promo] }).order.d).toBe(0);
    const { mean } = fitAutoArima(y, { inputs: [promo] }).forecast(20, []);
    mean.forEach((value, h) => {
      expect(Math.abs(value - (100 + 60 * promo[195 + h]!))).toBeLessThan(3);
    });
  });

  it('is stored in 2 KB with the inputs ahead, and forecasts the same from there', () => {
    for (const fitted of [fitAutoArima(y, { inputs: [promo] }), fitSarimaWeeklyLog(y, { inputs: [promo] })]) {
      const text = JSON.stringify(fitted.toState());
      expect(text.length).toBeLessThanOrEqual(2048);
      expect(fromState(JSON.parse(text)).forecast(20, [0.1])).toEqual(fitted.forecast(20, [0.1]));
    }
  });

  it('on the log scale an input is a factor', () => {
    const { mean } = fitSarimaWeeklyLog(y, { period: 4, inputs: [promo] }).forecast(20, []);
    expect(Math.abs(mean[0]! / mean[19]! - 1.6)).toBeLessThan(0.1);
  });
});
