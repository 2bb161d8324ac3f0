import { describe, expect, it } from 'vitest';
import { NAMED_MODELS } from '../../../../shared/core/forecast/named-models.ts';
import { forecastEach, type PanelSeries, type SeriesTask } from '../../../../shared/core/forecast/panel.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

const HORIZON = 6;
const PAST = 110;
const random = seededRandom(12);
const promo = Float64Array.from({ length: PAST + HORIZON }, (_, t) =>
  t >= PAST ? t % 2 : random.uniform() < 0.3 ? 1 : 0,
);
const quantities = Float64Array.from({ length: PAST }, (_, t) =>
  Math.round(60 + 40 * promo[t]! + 4 * random.normal()),
);
const zeros = new Float64Array(PAST + HORIZON);

const task = (model: string, known: readonly string[] = ['promo', 'zeros']): SeriesTask => ({
  model,
  known,
  period: 7,
  horizon: HORIZON,
  levels: [0.1, 0.9],
  seed: 1,
});
const seriesWith = (regressors: PanelSeries['regressors']): PanelSeries[] => [
  { id: 'a', start: '2024-01-01', quantities, regressors },
];
const takers = Object.keys(NAMED_MODELS).filter((name) => NAMED_MODELS[name]!.mostInputs);

it('the models with room for inputs are ARIMA, its form on logarithms, and the regression', () => {
  expect(takers.toSorted()).toEqual(['arima', 'regression', 'sarima-weekly-log']);
});

describe.each(takers)('%s', (model) => {
  const [plain] = forecastEach(task(model), seriesWith({}));
  const [found] = forecastEach(task(model), seriesWith({ promo }));

  it('forecasts promotions that are known ahead', () => {
    for (let h = 0; h < HORIZON; h++) {
      expect(Math.abs(found!.mean[h]! - (60 + 40 * promo[PAST + h]!))).toBeLessThan(8);
    }
    const width = ({ quantiles }: typeof found & object) => quantiles['0.9']![0]! - quantiles['0.1']![0]!;
    expect(width(found!)).toBeLessThan(0.5 * width(plain!));
  });

  it('is the same with a regressor of zeros beside, which is dropped with a reason', () => {
    const [again] = forecastEach(task(model), seriesWith({ promo, zeros }));
    expect({ ...again, dropped: undefined }).toEqual({ ...found, dropped: undefined });
    expect(again!.dropped).toEqual([{ name: 'zeros', reason: 'it is constant in the history' }]);
  });

  it('is the same when the regressor is counted in other units', () => {
    const [again] = forecastEach(task(model), seriesWith({ promo: promo.map((value) => 100 + 7 * value) }));
    again!.mean.forEach((value, h) => {
      expect(Math.abs(value / found!.mean[h]! - 1)).toBeLessThan(1e-6);
    });
  });

  it('never reads the future of a regressor that is not known', () => {
    const wild = promo.map((value, t) => (t < PAST ? value : 1e6));
    const [one] = forecastEach(task(model, []), seriesWith({ promo }));
    const [other] = forecastEach(task(model, []), seriesWith({ promo: wild }));
    expect(other).toEqual(one);
    expect(one!.mean).toEqual(plain!.mean);
    expect(one!.dropped).toEqual([{ name: 'promo', reason: 'its future is not known' }]);
  });

  it('forecasts twice the quantities from twice the quantities', () => {
    if (model === 'sarima-weekly-log') return;
    const twice = [{ ...seriesWith({ promo })[0]!, quantities: quantities.map((value) => 2 * value) }];
    const [again] = forecastEach(task(model), twice);
    again!.mean.forEach((value, h) => {
      expect(Math.abs(value / (2 * found!.mean[h]!) - 1)).toBeLessThan(1e-4);
    });
  });
});

it('a model without room for inputs does not mind them', () => {
  const [plain] = forecastEach(task('theta'), seriesWith({}));
  expect(forecastEach(task('theta'), seriesWith({ promo }))[0]).toEqual(plain);
});

const noise = seededRandom(2);
const around50 = Array.from({ length: 100 }, () => Math.round(50 + 10 * noise.normal()));

it.each(takers)('%s is not moved by an input that changed while no quantity was known', (model) => {
  const late = Float64Array.from(around50, (value, t) => (t < 6 ? Number.NaN : value));
  const launch = Float64Array.from({ length: 100 + HORIZON }, (_, t) => (t < 5 || t === 101 ? 1 : 0));
  const of = (regressors: PanelSeries['regressors']) =>
    forecastEach(task(model, ['launch']), [
      { id: 'a', start: '2024-01-01', quantities: late, regressors },
    ])[0]!;
  expect(of({ launch }).mean).toEqual(of({}).mean);
});

it('arima is not moved by an input that changed only in the part of the history that is cut off', () => {
  // More than 40 unknown quantities: what lies before the newest 40 of them is not used.
  const holes = Float64Array.from(around50, (value, t) => (t > 8 && t < 92 && t % 2 ? Number.NaN : value));
  const early = Float64Array.from({ length: 100 + HORIZON }, (_, t) => (t < 5 || t === 101 ? 1 : 0));
  const { mean } = forecastEach(task('arima', ['early']), [
    { id: 'a', start: '2024-01-01', quantities: holes, regressors: { early } },
  ])[0]!;
  expect(Math.abs(mean[1]! / mean[0]! - 1)).toBeLessThan(0.3);
});

it('sarima-weekly-log knows a week that is shut from the input that says so', () => {
  const shut = Float64Array.from({ length: 75 }, (_, t) => (t % 13 === 6 ? 1 : 0));
  const open = Float64Array.from({ length: 65 }, (_, t) => (shut[t] ? 0 : 50 + ((t * 7) % 11)));
  const { mean } = forecastEach({ ...task('sarima-weekly-log', ['shut']), period: 52, horizon: 10 }, [
    { id: 'a', start: '2024-01-01', quantities: open, regressors: { shut } },
  ])[0]!;
  mean.forEach((value, h) => {
    if (shut[65 + h]) expect(value).toBeLessThan(5);
    else expect(value).toBeGreaterThan(45);
  });
});
