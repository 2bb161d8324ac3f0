import { describe, expect, it } from 'vitest';
import { type InputColumns, inputColumns } from '../../../../shared/core/forecast/inputs/input-columns.ts';
import type { Regressor } from '../../../../shared/core/forecast/panel.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

const random = seededRandom(3);
const PAST = 60;
const HORIZON = 5;
const y = Float64Array.from({ length: PAST }, () => random.normal());
const noise = (): Float64Array => Float64Array.from({ length: PAST + HORIZON }, () => random.normal());

function columnsOf(regressors: Record<string, Regressor>, most = 8): InputColumns {
  const known = Object.keys(regressors).filter((name) => !name.startsWith('unknown'));
  const series = { id: 'a', start: '2020-01-06', quantities: y, regressors };
  return inputColumns(series, { known, horizon: HORIZON, most });
}

describe('columns of known inputs', () => {
  it('have mean 0 and deviation 1 over the history, and reach to the horizon', () => {
    const { columns, names, dropped } = columnsOf({ price: noise().map((value) => 50 + 9 * value) });
    expect(names).toEqual(['price']);
    expect(dropped).toEqual([]);
    expect(columns[0]).toHaveLength(PAST + HORIZON);
    const past = columns[0]!.subarray(0, PAST);
    expect(past.reduce((sum, value) => sum + value, 0) / PAST).toBeCloseTo(0, 9);
    expect(past.reduce((sum, value) => sum + value * value, 0) / PAST).toBeCloseTo(1, 9);
  });

  it('do not depend on the scale of an input', () => {
    const price = noise();
    const once = columnsOf({ price });
    const scaled = columnsOf({ price: price.map((value) => 1024 * value) });
    expect(scaled.columns).toEqual(once.columns);
  });

  it('take the newest value where one is unknown, and the first known one before it', () => {
    const price = noise();
    const holes = price.map((value, t) => (t === 0 || t === 1 || t === 20 || t > PAST ? Number.NaN : value));
    const filled = price.slice();
    filled[0] = price[2]!;
    filled[1] = price[2]!;
    filled[20] = price[19]!;
    filled.fill(price[PAST]!, PAST);
    expect(columnsOf({ price: holes }).columns).toEqual(columnsOf({ price: filled }).columns);
  });

  it('take a category apart, and two that come together', () => {
    const day = Array.from({ length: PAST + HORIZON }, (_, t) =>
      t % 20 === 0 ? 'Easter|Fair' : t % 10 === 0 ? 'Fair' : t === 7 ? 'once' : null,
    );
    const { names, columns, dropped } = columnsOf({ day });
    expect(names.toSorted()).toEqual(['day=Easter', 'day=Fair']);
    const fair = columns[names.indexOf('day=Fair')]!;
    expect(new Set(fair).size).toBe(2);
    expect(fair[0]).toBe(fair[10]);
    expect(fair[10]).toBe(fair[PAST]);
    expect(dropped).toEqual([{ name: 'day=once', reason: 'it is there in fewer than 2 periods' }]);
  });

  it('leave out, with a reason, what is constant, unknown, infinite in the past, or said already', () => {
    const price = noise();
    const promo = noise();
    const { names, dropped } = columnsOf({
      price,
      promo,
      zeros: new Float64Array(PAST + HORIZON),
      // Of a change that only the future knows nothing can be learnt.
      later: new Float64Array(PAST + HORIZON).fill(1, PAST),
      nothing: new Float64Array(PAST + HORIZON).fill(Number.NaN),
      unknownFuture: noise(),
      double: price.map((value) => 3 - 2 * value),
      both: price.map((value, t) => value + promo[t]!),
      none: new Array<string | null>(PAST + HORIZON).fill(null),
    });
    // Three columns lie in one plane: any two of them say everything, and the double says the price again.
    expect(names).toHaveLength(2);
    expect(dropped).toEqual(
      expect.arrayContaining([
        { name: 'zeros', reason: 'it is constant in the history' },
        { name: 'later', reason: 'it is constant in the history' },
        { name: 'nothing', reason: 'it is unknown in the history' },
        { name: 'none', reason: 'it is unknown in the history' },
        { name: 'unknownFuture', reason: 'its future is not known' },
      ]),
    );
    expect(dropped.filter(({ reason }) => reason === 'other columns say the same')).toHaveLength(2);
  });

  it('are at most as many as the model and the history have room for: those that go most with the quantities', () => {
    const regressors: Record<string, Float64Array> = {};
    for (let i = 0; i < 9; i++) regressors[`noise ${i}`] = noise();
    regressors.told = Float64Array.from({ length: PAST + HORIZON }, (_, t) => (t < PAST ? y[t]! : 0));
    expect(columnsOf(regressors, 2).names[0]).toBe('told');
    const all = columnsOf(regressors, 40);
    expect(all.names).toHaveLength(PAST / 10);
    expect(all.dropped).toHaveLength(4);
  });

  it('never read what lies beyond the horizon, nor the future of what is not known', () => {
    const price = noise();
    const longer = Float64Array.from({ length: PAST + 2 * HORIZON }, (_, t) => price[t] ?? 1e9);
    expect(columnsOf({ price: longer }).columns).toEqual(columnsOf({ price }).columns);
  });

  it('are judged where quantities are known: what they do elsewhere teaches nothing', () => {
    const late = y.map((value, t) => (t < 6 ? Number.NaN : value));
    const flags = (at: readonly number[]) =>
      Float64Array.from({ length: PAST + HORIZON }, (_, t) => (at.includes(t) ? 1 : 0));
    const regressors = {
      launch: flags([0, 1, 2, 3, PAST + 1]),
      day: Array.from({ length: PAST + HORIZON }, (_, t) => ([2, 3, 30].includes(t) ? 'fair' : null)),
      wide: flags([1, 10, 20, PAST]),
      narrow: flags([10, 20]),
    };
    const series = { id: 'a', start: '2020-01-06', quantities: late, regressors };
    const { names, columns, dropped } = inputColumns(series, {
      known: Object.keys(regressors),
      horizon: HORIZON,
      most: 8,
    });
    expect(names).toEqual(['wide']);
    const seen = columns[0]!.subarray(6, PAST);
    expect(seen.reduce((sum, value) => sum + value, 0) / seen.length).toBeCloseTo(0, 9);
    expect(dropped).toEqual([
      { name: 'launch', reason: 'it is constant in the history' },
      { name: 'day=fair', reason: 'it is there in fewer than 2 periods' },
      { name: 'narrow', reason: 'other columns say the same' },
    ]);
  });

  it('are not made of rounding, and may be as small as numbers get', () => {
    const { names, dropped, columns } = columnsOf({
      rounded: Float64Array.from({ length: PAST + HORIZON }, (_, t) =>
        t >= PAST ? 0.2 : t % 3 ? 0.1 : 0.10000000000000002,
      ),
      tiny: noise().map((value) => value * 1e-300),
      burst: Float64Array.from({ length: PAST + HORIZON }, (_, t) => (t >= PAST ? 1e100 : (t % 5) * 1e-100)),
    });
    expect(names).toEqual(['tiny']);
    expect(columns[0]!.every((value) => Math.abs(value) < 10)).toBe(true);
    expect(dropped).toEqual([
      { name: 'rounded', reason: 'it is constant in the history' },
      { name: 'burst', reason: 'it goes beyond 1e+120 deviations' },
    ]);
  });
});
