import { describe, expect, test } from 'vitest';
import { closuresUnknown } from '../../../../shared/core/forecast/arima/closures-unknown.ts';
import { compareEnsemble } from '../../../../shared/core/forecast/combine/compare-ensemble.ts';
import {
  errorFigures,
  forecastEnsemble,
  type TrainedEnsemble,
  trainEnsemble,
} from '../../../../shared/core/forecast/combine/ensemble.ts';
import { ENSEMBLE_MEMBERS } from '../../../../shared/core/forecast/combine/ensemble-members.ts';
import { fitTheta } from '../../../../shared/core/forecast/theta/theta.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

/** Three years of weekly sums with a season of a year, a slow trend and noise. */
const seasonal = (weeks: number, seed = 1): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: weeks }, (_, t) =>
    Math.max(0, Math.round(200 + 0.3 * t + 90 * Math.sin((2 * Math.PI * t) / 52) + 12 * random.normal())),
  );
};
const trained = (history: readonly number[], validation = 8): TrainedEnsemble => {
  const found = trainEnsemble(history, { validation });
  if (found.kind !== 'ensemble') throw new Error(`${found.points} of ${found.needed}`);
  return found;
};
const weightsOf = ({ members }: TrainedEnsemble) =>
  Object.fromEntries(members.map(({ name, weight }) => [name, weight]));

describe('an ensemble', () => {
  test.each([4, 8, 16])('of %i weeks has weights that sum to 1, less for a worse member', (validation) => {
    const { members, judged, leftOut } = trained(seasonal(156), validation);
    expect(leftOut).toEqual([]);
    expect(members.map(({ name }) => name)).toEqual(['sarima', 'ets', 'theta', 'stl']);
    expect(members.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    const byError = members.toSorted((a, b) => a.errors.mae - b.errors.mae).map(({ weight }) => weight);
    for (let i = 1; i < byError.length; i++) expect(byError[i]!).toBeLessThan(byError[i - 1]!);
    // origins 4 weeks apart: 4, 8 + 4, 16 + 12 + 8 + 4
    expect(judged).toBe({ 4: 4, 8: 12, 16: 40 }[validation]);
  });

  test('has weights in inverse proportion to squared errors, which are those of forecasts made then', () => {
    const y = seasonal(156);
    const { members } = trained(y, 4);
    const theta = members.find(({ name }) => name === 'theta')!;
    const made = fitTheta(y.slice(0, 152), { period: 52 }).forecast(4, []).mean;
    expect(theta.errors).toEqual(errorFigures(y.slice(152), made));
    const total = members.reduce((sum, { errors }) => sum + errors.mae ** -2, 0);
    expect(theta.weight).toBeCloseTo(theta.errors.mae ** -2 / total, 6);
  });

  test('learns nothing from after the origin: the newest weeks change no forecast that they judge', () => {
    const y = seasonal(156);
    const changed = y.map((value, t) => (t >= 152 ? value * 3 : value));
    const errors = (history: readonly number[]) => trained(history, 4).members.map((one) => one.errors.mae);
    const means = ENSEMBLE_MEMBERS.map((member) => member.fit(y.slice(0, 152), 52).forecast(4, []).mean);
    expect(errors(changed)).toEqual(means.map((mean) => errorFigures(changed.slice(152), mean).mae));
  });

  test('leaves out what the history is too short for, and says too little in words', () => {
    const { members, leftOut } = trained(seasonal(60));
    expect(members.map(({ name }) => name)).toEqual(['sarima', 'ets', 'theta']);
    expect(leftOut).toEqual([{ name: 'stl', reason: '52 periods, at least 104 needed' }]);
    expect(trainEnsemble(seasonal(19), { validation: 8 })).toEqual({
      kind: 'insufficient-data',
      points: 19,
      needed: 20,
    });
    expect(trainEnsemble([], { validation: 8 })).toMatchObject({ kind: 'insufficient-data', points: 0 });
  });

  test('of a constant or an empty series is exact, with equal weights', () => {
    for (const level of [0, 7]) {
      const y = new Array<number>(60).fill(level);
      const found = trained(y);
      for (const { weight } of found.members) expect(weight).toBeCloseTo(1 / 3, 9);
      const { mean, quantiles, sum } = forecastEnsemble(y, {
        weights: weightsOf(found),
        horizon: 5,
        levels: [0.025, 0.975],
        seed: 1,
      });
      for (const value of [...mean, ...quantiles['0.025']!, ...quantiles['0.975']!])
        expect(value).toBeCloseTo(level, 9);
      expect(sum['0.975']).toBeCloseTo(5 * level, 9);
    }
  });

  test('forecasts the weighted mean of its members, with bounds that widen less for sums', () => {
    const y = seasonal(156);
    const weights = weightsOf(trained(y));
    const asked = { weights, horizon: 13, levels: [0.025, 0.5, 0.975], seed: 3 };
    const { mean, quantiles, sum, members } = forecastEnsemble(y, asked);
    expect(members.reduce((total, { weight }) => total + weight, 0)).toBeCloseTo(1, 12);
    mean.forEach((value, h) => {
      expect(value).toBeCloseTo(
        members.reduce((total, member) => total + weights[member.name]! * member.mean[h]!, 0),
        9,
      );
      expect(quantiles['0.025']![h]!).toBeLessThan(value);
      expect(quantiles['0.975']![h]!).toBeGreaterThan(value);
    });
    const added = quantiles['0.975']!.reduce((total, value) => total + value, 0);
    expect(sum['0.975']!).toBeLessThan(added);
    expect(forecastEnsemble(y, asked)).toEqual(forecastEnsemble(y, asked));
  });

  test('shares the weight of a member that can no longer be fitted among the others', () => {
    const weights = { theta: 0.3, stl: 0.4, ets: 0.3 };
    const { members } = forecastEnsemble(seasonal(60), { weights, horizon: 2, levels: [], seed: 1 });
    expect(members.map(({ name, weight }) => [name, weight])).toEqual([
      ['ets', 0.5],
      ['theta', 0.5],
    ]);
    expect(() =>
      forecastEnsemble(seasonal(60), { weights: { stl: 1 }, horizon: 2, levels: [], seed: 1 }),
    ).toThrow(/no member/);
  });
});

describe('closures', () => {
  const sold = Array.from({ length: 39 }, (_, t) => 100 + ((t * 7) % 11));
  const shut = (...weeks: number[]) => sold.map((value, t) => (weeks.includes(t) ? 0 : value));
  const unknown = (history: readonly number[]) =>
    [...closuresUnknown(history)].flatMap((value, t) => (Number.isNaN(value) ? [t] : []));

  test('are short and rare runs of empty weeks between sales, and nothing else', () => {
    expect(unknown(sold)).toEqual([]);
    expect(unknown(shut(10, 20, 21))).toEqual([10, 20, 21]);
    expect(unknown(shut(10, 20, 30, 35))).toEqual([]);
    expect(unknown(shut(20, 21, 22))).toEqual([]);
    expect(unknown(shut(0, 38))).toEqual([]);
    expect(unknown(shut(20, 37, 38))).toEqual([20]);
    expect(unknown([])).toEqual([]);
  });

  test('cost the model on logarithms nothing', () => {
    const sarima = ENSEMBLE_MEMBERS.find(({ name }) => name === 'sarima')!;
    const [usual, after] = [sold, shut(20)].map((y) => sarima.fit(y, 52).forecast(4, []).mean);
    for (let h = 0; h < 4; h++) expect(Math.abs(after![h]! / usual![h]! - 1)).toBeLessThan(0.05);
  });
});

describe('a comparison of a member with the ensemble', () => {
  const asked = { member: 'sarima', horizon: 6, validation: 8 };

  test('forecasts the same weeks from the same history, with weights learnt before them', () => {
    const y = seasonal(156);
    const found = compareEnsemble(y, asked);
    if (found.kind !== 'comparison') throw new Error(found.kind);
    expect(found.known).toBe(150);
    expect(found.actual).toBe(y.slice(150).reduce((sum, value) => sum + value, 0));
    expect(found.ensemble.backtestWeights).toEqual(weightsOf(trained(y.slice(0, 150))));
    expect(found.ensemble.weights).toEqual(weightsOf(trained(y)));
    const sarima = ENSEMBLE_MEMBERS[0]!.fit(y.slice(0, 150), 52).forecast(6, []).mean;
    expect(found.single!.backtest.errors).toEqual(errorFigures(y.slice(150), sarima));
    expect(found.naive).toEqual(errorFigures(y.slice(150), y.slice(98, 104)));
  });

  test('says what is missing when the history is too short for it', () => {
    expect(compareEnsemble(seasonal(25), asked)).toEqual({
      kind: 'insufficient-data',
      points: 25,
      needed: 26,
    });
    expect(compareEnsemble(seasonal(26), asked).kind).toBe('comparison');
    expect(compareEnsemble([1, 2], asked)).toMatchObject({ points: 2, needed: 26 });
  });
});
