import { describe, expect, it } from 'vitest';
import {
  type SignalPlan,
  signalRegressor,
} from '../../../../shared/core/forecast/calendar/signal-regressor.ts';

const plan = (kind: SignalPlan['kind'], future: SignalPlan['future'] = 'known'): SignalPlan => ({
  kind,
  future,
  length: 4,
  horizon: 3,
  periodDays: 7,
});

describe('a signal as a column', () => {
  it('of a promotion is the share of the days it is on, 0 without one', () => {
    const said = {
      sums: [
        [3, 7, 7],
        [1, 3, 3],
        [-2, 7, 7],
        [-9, 7, 7],
      ] as const,
      before: null,
    };
    expect([...signalRegressor(said, plan('promotion'))]).toEqual([1, 0, 3 / 7, 0, 0, 1, 0]);
    expect([...signalRegressor(undefined, plan('event'))]).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('of a price goes on as it was, from before the history too, and is unknown before its first value', () => {
    const said = {
      sums: [
        [2, 30, 2],
        [-2, 12, 1],
      ] as const,
      before: 18,
    };
    expect([...signalRegressor(said, plan('price'))]).toEqual([18, 15, 15, 15, 15, 12, 12]);
    const late = { ...said, before: null };
    expect([...signalRegressor(late, plan('price'))]).toEqual([Number.NaN, 15, 15, 15, 15, 12, 12]);
    expect([...signalRegressor(undefined, plan('price'))]).toEqual(new Array(7).fill(Number.NaN));
  });

  it('of a history that begins later than what was read knows the value before it', () => {
    const said = {
      sums: [
        [6, 40, 2],
        [9, 7, 1],
      ] as const,
      before: 3,
    };
    expect(signalRegressor(said, plan('market'))[0]).toBe(20);
  });

  it('whose future is not known never shows it', () => {
    const said = {
      sums: [
        [3, 10, 1],
        [0, 20, 1],
        [-1, 99, 1],
      ] as const,
      before: null,
    };
    expect([...signalRegressor(said, plan('weather', 'carried'))]).toEqual([10, 10, 10, 20, 20, 20, 20]);
    expect([...signalRegressor(said, plan('weather', 'lagged'))]).toEqual([NaN, NaN, NaN, 10, 10, 10, 20]);
    const deal = {
      sums: [
        [0, 7, 7],
        [-1, 7, 7],
      ] as const,
      before: null,
    };
    expect([...signalRegressor(deal, plan('promotion', 'none'))]).toEqual([0, 0, 0, 1, 0, 0, 0]);
  });

  it('takes a period of no values as one without a signal', () => {
    const sums = [[5, 0, 0] as const, [1, 0, 0] as const];
    expect([...signalRegressor({ sums, before: 4 }, plan('price'))]).toEqual(new Array(7).fill(4));
    expect([...signalRegressor({ sums, before: null }, plan('price'))]).toEqual(new Array(7).fill(NaN));
  });
});
