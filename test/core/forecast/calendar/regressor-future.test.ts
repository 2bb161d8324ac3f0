import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  extendRegressor,
  extendRegressors,
  type RegressorFuture,
} from '../../../../shared/core/forecast/calendar/extend-regressors.ts';
import { promotionRegressors } from '../../../../shared/core/forecast/calendar/promotion-regressors.ts';

const { NaN: unknown } = Number;

describe('a regressor after the origin', () => {
  const past = [1, 2, unknown];
  const column = Float64Array.of(...past, 7, unknown, 9, 11);
  it('is read only as far as it is known, gaps filled from before', () => {
    expect(extendRegressor(column, 'known', 3, 3)).toEqual(Float64Array.of(...past, 7, 7, 9));
  });
  it('stays as it last was when carried', () => {
    expect(extendRegressor(column, 'carried', 3, 3)).toEqual(Float64Array.of(...past, 2, 2, 2));
  });
  it('is shown a horizon late when lagged, in the past as in the future', () => {
    expect(extendRegressor(column, 'lagged', 3, 2)).toEqual(Float64Array.of(unknown, unknown, 1, 2, 2));
  });
  it('is nothing when nothing is planned', () => {
    expect(extendRegressor(column, 'none', 3, 2)).toEqual(Float64Array.of(...past, 0, 0));
    expect(extendRegressor(['a', null, 'b'], 'none', 3, 1)).toEqual(['a', null, 'b', null]);
    expect(extendRegressor(['a', 'b', null], 'carried', 3, 1)).toEqual(['a', 'b', null, 'b']);
  });
  it('known for fewer periods than asked goes on as it last was', () => {
    expect(extendRegressor(Float64Array.of(1, 2, 3), 'known', 2, 3)).toEqual(Float64Array.of(1, 2, 3, 3, 3));
  });
});

describe('no leak', () => {
  const ORIGIN = 20;
  const HORIZON = 6;
  const futures: Record<string, RegressorFuture> = {
    price: 'known',
    weather: 'lagged',
    index: 'carried',
    promotion: 'none',
  };
  const seriesWith = (later: readonly number[], price: readonly number[]) => {
    const columnOf = (tail: readonly number[]): Float64Array =>
      Float64Array.from({ length: ORIGIN + HORIZON }, (_, t) =>
        t < ORIGIN ? Math.sin(t) : tail[t - ORIGIN]!,
      );
    return {
      id: 'a',
      start: '2011-01-03',
      quantities: new Float64Array(ORIGIN).fill(1),
      regressors: {
        price: columnOf(price),
        weather: columnOf(later),
        index: columnOf(later),
        promotion: columnOf(later),
        secret: columnOf(later),
      },
    };
  };
  const tail = fc.array(fc.double({ noNaN: true }), { minLength: HORIZON, maxLength: HORIZON });

  it('whatever comes after the origin changes nothing, unless it is named as known', () => {
    const zeros = new Array<number>(HORIZON).fill(0);
    const expected = extendRegressors(seriesWith(zeros, zeros), futures, HORIZON);
    fc.assert(
      fc.property(tail, (later) => {
        expect(extendRegressors(seriesWith(later, zeros), futures, HORIZON)).toEqual(expected);
      }),
    );
    const known = extendRegressors(seriesWith(zeros, [1, 2, 3, 4, 5, 6]), futures, HORIZON);
    expect(Array.from(known.regressors.price as Float64Array).slice(ORIGIN)).toEqual([1, 2, 3, 4, 5, 6]);
  });
  it('a regressor whose future nobody named is left out', () => {
    expect(Object.keys(extendRegressors(seriesWith([], []), futures, HORIZON).regressors)).not.toContain(
      'secret',
    );
  });
});

describe('promotions', () => {
  const span = { frequency: 'weekly', start: '2011-01-03', periods: 4 } as const;
  const spring = { from: '2011-01-15', to: '2011-01-18', depth: 0.2, announced: '2011-01-05' };
  const surprise = { from: '2011-01-24', to: '2011-01-30', depth: 0.5, announced: '2011-01-20' };
  it('count by the share of days and the mean depth', () => {
    const found = promotionRegressors(span, [spring], '2011-01-09');
    expect(Array.from(found.promotion)).toEqual([0, 2 / 7, 2 / 7, 0].map((v) => expect.closeTo(v, 12)));
    expect(Array.from(found['promotion depth'])).toEqual(
      [0, 0.4 / 7, 0.4 / 7, 0].map((v) => expect.closeTo(v, 12)),
    );
  });
  it('are seen only once they are announced', () => {
    const before = promotionRegressors(span, [spring, surprise], '2011-01-19');
    expect(before).toEqual(promotionRegressors(span, [spring], '2011-01-19'));
    expect(promotionRegressors(span, [spring, surprise], '2011-01-20').promotion[3]).toBe(1);
  });
  it('of two at once the deeper one counts', () => {
    const both = [spring, { ...spring, depth: 0.4 }];
    expect(promotionRegressors(span, both, '2011-01-09')['promotion depth'][1]).toBeCloseTo(0.8 / 7, 12);
  });
  it('that end before they begin are refused', () => {
    expect(() => promotionRegressors(span, [{ ...spring, to: '2011-01-01' }], '2011-01-09')).toThrow(
      /before/,
    );
  });
});
