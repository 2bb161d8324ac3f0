import { describe, expect, test } from 'vitest';
import { arimaOptimum } from '../../../../shared/core/forecast/arima/arima.ts';
import { sarimaReport } from '../../../../shared/core/forecast/arima/sarima-report.ts';
import { seasonStrength } from '../../../../shared/core/forecast/arima/season-strength.ts';
import { augmentedDickeyFuller } from '../../../../shared/core/forecast/diagnose/augmented-dickey-fuller.ts';
import { baselineRegression } from '../../../../shared/core/forecast/diagnose/baseline-regression.ts';
import { seriesReport } from '../../../../shared/core/forecast/diagnose/series-report.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

const weekly = (length: number, trend = 0): Float64Array => {
  const random = seededRandom(5);
  return Float64Array.from({ length }, (_, t) =>
    Math.max(0, 100 + trend * t + 40 * Math.sin((2 * Math.PI * t) / 52) + 10 * random.normal()),
  );
};

describe('a report on a series', () => {
  test('holds the tests of stationarity, season and trend', () => {
    const y = weekly(156, 0.5);
    const found = seriesReport(y, 52);
    if (found.kind !== 'report') throw new Error(found.kind);
    expect(found).toMatchObject({ points: 156, active: 1 });
    expect(found.dickeyFuller).toEqual(augmentedDickeyFuller(y));
    expect(found.seasonStrength).toBe(seasonStrength(y, 52));
    expect(found.seasonStrength!).toBeGreaterThan(0.8);
    expect(found.trend.label).toBe('Increasing');
    expect(found.trendStrength).toBeGreaterThan(0.8);
    expect(found.sarima!.order).toBe('(1,1,1)(1,0,1)[52]');
  });

  test('finds white noise stationary and a random walk not', () => {
    const random = seededRandom(9);
    const noise = Float64Array.from({ length: 150 }, () => 50 + random.normal());
    let level = 500;
    const walk = Float64Array.from({ length: 150 }, () => {
      level += 5 * random.normal();
      return level;
    });
    const [calm, wild] = [noise, walk].map((y) => seriesReport(y, 1));
    if (calm?.kind !== 'report' || wild?.kind !== 'report') throw new Error('no reports');
    expect(calm.dickeyFuller!.pValue).toBeLessThan(0.01);
    expect(calm.kpss.pValue).toBe(0.1);
    expect(wild.dickeyFuller!.pValue).toBeGreaterThan(0.05);
    expect(wild.kpss.pValue).toBeLessThan(0.05);
    expect(calm.seasonStrength).toBeNull();
  });

  test('says too little, and constant, in words', () => {
    expect(seriesReport(weekly(23), 52)).toEqual({ kind: 'insufficient-data', points: 23, needed: 24 });
    expect(seriesReport([], 52)).toMatchObject({ kind: 'insufficient-data', points: 0 });
    expect(seriesReport(new Array(30).fill(4), 52)).toEqual({ kind: 'constant', points: 30, mean: 4 });
  });

  test('never fails on odd series', () => {
    const odd: number[][] = [
      Array.from({ length: 30 }, (_, t) => t),
      Array.from({ length: 30 }, (_, t) => (t === 0 ? 5 : 0)),
      Array.from({ length: 160 }, (_, t) => (t === 159 ? 1e12 : 0)),
      Array.from({ length: 40 }, (_, t) => t % 2),
      Array.from({ length: 40 }, (_, t) => 2 ** t),
    ];
    for (const y of odd) expect(seriesReport(y, 52).kind).toBe('report');
  });
});

describe('a baseline regression', () => {
  test('has one inflation for each term but the constant, 1 for terms that know nothing of each other', () => {
    const random = seededRandom(2);
    const y = Float64Array.from({ length: 400 }, () => random.normal());
    const { terms, durbinWatson, jarqueBera, breuschPagan } = baselineRegression(y, 1)!;
    expect(terms.map(({ name }) => name)).toEqual(['constant', 'trend', 'previous']);
    expect(terms[0]!.inflation).toBeNull();
    for (const { inflation } of terms.slice(1)) expect(inflation!).toBeCloseTo(1, 1);
    expect(durbinWatson).toBeCloseTo(2, 1);
    expect(jarqueBera.pValue).toBeGreaterThan(0.01);
    expect(breuschPagan.pValue).toBeGreaterThan(0.01);
  });

  test('objects to errors that grow with the trend, and is none for a straight line', () => {
    const random = seededRandom(4);
    const y = Float64Array.from({ length: 300 }, (_, t) => 100 + t * 0.1 * random.normal());
    expect(baselineRegression(y, 1)!.breuschPagan.pValue).toBeLessThan(1e-6);
    expect(
      baselineRegression(
        Float64Array.from({ length: 30 }, (_, t) => 3 * t),
        1,
      ),
    ).toBeNull();
  });
});

describe('a report on the classical weekly model', () => {
  test('has the likelihood of its fit, its information criteria, and residuals whose size is sigma', () => {
    const y = weekly(156);
    const found = sarimaReport(y);
    const optimum = arimaOptimum(
      y.map((value) => Math.log1p(value)),
      { order: { p: 1, d: 1, q: 1, P: 1, D: 0, Q: 1, period: 52 } },
    );
    expect(found.logLikelihood).toBe(optimum.logLikelihood);
    expect(found.aic).toBeCloseTo(2 * 5 - 2 * optimum.logLikelihood, 9);
    expect(found.aicc).toBeGreaterThan(found.aic);
    const { count, mean, deviation } = found.residuals!;
    expect(count).toBe(155);
    const squares = deviation ** 2 * (count - 1) + count * mean ** 2;
    expect(squares / count).toBeCloseTo(found.sigma2, 9);
    expect(found.ljungBox!.pValue).toBeGreaterThan(0);
    expect(found.ljungBox!.pValue).toBeLessThan(1);
  });

  test('leaves the season out below two seasons', () => {
    const found = sarimaReport(weekly(80));
    expect(found.order).toBe('(1,1,1)');
    expect(found.coefficients).toHaveLength(2);
  });
});
