import { describe, expect, it } from 'vitest';
import { type ArimaOptions, arimaOptimum, arimaWith } from '../../../../shared/core/forecast/arima/arima.ts';
import { chooseArima } from '../../../../shared/core/forecast/arima/auto-arima.ts';
import { needsSeasonalDifference } from '../../../../shared/core/forecast/arima/season-strength.ts';
import { kpss, kpssDifferences } from '../../../../shared/core/forecast/diagnose/kpss.ts';
import { normalQuantile } from '../../../../shared/core/math/normal.ts';
import golden from '../../../golden/arima.json' with { type: 'json' };

interface Case {
  readonly series: string;
  readonly transform: string;
  readonly order: number[];
  readonly seasonal: number[];
  readonly params: number[];
  readonly sigma2: number;
  readonly exact: { loglik: number; ssq: number; logdet: number; forecast: number[]; se: number[] };
  readonly optimum?: { loglik: number; params: number[] };
}

const cases = golden.likelihood as Record<string, Case>;

function seriesOf(name: string, transform: string): Float64Array {
  const { y } = (golden.series as Record<string, { y: number[] }>)[name]!;
  if (transform === 'log') return Float64Array.from(y, Math.log);
  return transform === 'log1p' ? Float64Array.from(y, Math.log1p) : Float64Array.from(y);
}

function optionsOf({ order, seasonal, params }: Case): ArimaOptions {
  const [p, d, q] = order as [number, number, number];
  const [P, D, Q, period] = seasonal as [number, number, number, number];
  return { order: { p, d, q, P, D, Q, period }, constant: params.length > p + q + P + Q };
}

function givenOf({ order, seasonal, params, sigma2 }: Case) {
  const count = order[0]! + order[2]! + seasonal[0]! + seasonal[2]!;
  return { coefficients: params.slice(0, count), effects: params.slice(count), sigma2 };
}

describe.each(Object.entries(cases))('ARIMA of %s', (_, known) => {
  const y = seriesOf(known.series, known.transform);
  const options = optionsOf(known);
  const given = givenOf(known);

  it('has the likelihood of a dense normal density at given coefficients', () => {
    const at = arimaOptimum(y, options, given);
    const scale = Math.max(1, Math.abs(known.exact.loglik));
    expect(Math.abs(at.logLikelihood - known.exact.loglik) / scale).toBeLessThan(1e-7);
    expect(at.logDeterminant).toBeCloseTo(known.exact.logdet, 6);
    expect(Math.abs(at.squares / known.exact.ssq - 1)).toBeLessThan(1e-8);
  });

  it('forecasts and their deviations are those of the dense density', () => {
    const horizon = known.exact.forecast.length;
    const { mean, quantiles } = arimaWith(y, options, given).forecast(horizon, [0.9]);
    const size = Math.max(1, ...known.exact.forecast.map(Math.abs));
    for (let h = 0; h < horizon; h++) {
      expect(Math.abs(mean[h]! - known.exact.forecast[h]!) / size).toBeLessThan(1e-8);
      const se = (quantiles['0.9']![h]! - mean[h]!) / normalQuantile(0.9);
      expect(Math.abs(se / known.exact.se[h]! - 1)).toBeLessThan(1e-7);
    }
  });

  it('its own optimum is no lower than that of a patient search', () => {
    const { logLikelihood, sigma2 } = arimaOptimum(y, options);
    expect(sigma2).toBeGreaterThan(0);
    expect(logLikelihood).toBeGreaterThan((known.optimum ?? known.exact).loglik - 1e-3);
  });
});

it('leaves unknown observations out of the likelihood', () => {
  const known = cases[golden.gaps.case]!;
  const y = seriesOf(known.series, known.transform);
  for (const gap of golden.gaps.at) y[gap] = Number.NaN;
  const at = arimaOptimum(y, optionsOf(known), givenOf(known));
  expect(at.logLikelihood).toBeCloseTo(golden.gaps.loglik, 6);
  expect(at.count).toBe(y.length - golden.gaps.at.length);
});

it('a random walk over a gap is one step of twice the variance', () => {
  const walk = arimaOptimum([1, 3, 2, Number.NaN, 7, 6, 9], { order: { d: 1 } });
  const squares = 4 + 1 + 25 / 2 + 1 + 9;
  expect(walk.count).toBe(5);
  expect(walk.squares).toBeCloseTo(squares, 10);
  expect(walk.logDeterminant).toBeCloseTo(Math.log(2), 10);
});

it('an unknown observation at the end only puts the forecast off', () => {
  const known = cases.airline!;
  const y = seriesOf(known.series, known.transform);
  const longer = Float64Array.from([...y, Number.NaN, Number.NaN]);
  const far = arimaWith(y, optionsOf(known), givenOf(known)).forecast(7, [0.1]);
  const near = arimaWith(longer, optionsOf(known), givenOf(known)).forecast(5, [0.1]);
  expect(near.mean).toEqual(far.mean.slice(2));
  expect(near.quantiles['0.1']).toEqual(far.quantiles['0.1']!.slice(2));
});

describe.each(Object.entries(golden.auto))('the search for %s', (_, known) => {
  const y = seriesOf(known.series, known.transform);

  it('takes the differences that R takes', () => {
    const { order } = chooseArima(y, { period: known.m });
    expect([order.d, order.D]).toEqual([known.ndiffs, known.nsdiffs]);
    expect(known.m > 1 && needsSeasonalDifference(y, known.m)).toBe(known.nsdiffs === 1);
  });

  it('finds a model at least as good as the stepwise search of R', () => {
    const { order, constant, pairs } = chooseArima(y, { period: known.m });
    const { aicc } = arimaOptimum(y, { order, constant, pairs });
    expect(aicc).toBeLessThan(known.aicc + 0.5);
  });
});

describe.each(Object.entries(golden.kpss))('KPSS of %s', (name, known) => {
  const y = seriesOf(name, 'none');

  it('has the statistics of urca and the p-values of tseries', () => {
    const level = kpss(y);
    const trend = kpss(y, { around: 'trend' });
    expect(level.lags).toBe(known.lags);
    expect(Math.abs(level.statistic / known.level - 1)).toBeLessThan(1e-9);
    expect(Math.abs(trend.statistic / known.trend - 1)).toBeLessThan(1e-9);
    expect(level.pValue).toBeCloseTo(known.levelP, 6);
    expect(trend.pValue).toBeCloseTo(known.trendP, 6);
  });

  it('differences as often as R', () => {
    expect(kpssDifferences(y)).toBe(known.ndiffs);
  });
});
