import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stockAlert } from '../../../shared/core/inventory/low-stock.ts';
import { daysOfStock, STOCKOUT_RISKS, stockoutRisk } from '../../../shared/core/inventory/stockout-risk.ts';

const LIMITS = { critical: 1, high: 2, medium: 4 };

describe('days of stock', () => {
  it('are none where nobody asks for it, and 0 where nothing is left', () => {
    expect(daysOfStock(10, 0)).toBeNull();
    expect(daysOfStock(0, 0)).toBeNull();
    expect(daysOfStock(0, 2)).toBe(0);
    expect(daysOfStock(-3, 2)).toBe(0);
    expect(daysOfStock(10, 2)).toBe(5);
  });

  it('count what comes while there is stock, in the order of its days, and nothing that comes too late', () => {
    expect(daysOfStock(10, 2, [{ day: 3, quantity: 6 }])).toBe(8);
    expect(daysOfStock(10, 2, [{ day: 5, quantity: 6 }])).toBe(8);
    expect(daysOfStock(10, 2, [{ day: 6, quantity: 6 }])).toBe(5);
    const both = [
      { day: 7, quantity: 2 },
      { day: 3, quantity: 6 },
    ];
    expect(daysOfStock(10, 2, both)).toBe(9);
  });
});

describe('the risk of a stockout', () => {
  it.each([
    [0, 'critical'],
    [7, 'critical'],
    [7.01, 'high'],
    [14, 'high'],
    [14.01, 'medium'],
    [28, 'medium'],
    [28.01, 'low'],
  ])('of %s days of stock and a lead time of 7 is %s', (days, risk) => {
    expect(stockoutRisk(days, 7, LIMITS)).toBe(risk);
  });

  it('is low without demand, critical without stock, and unknown where nobody supplies', () => {
    expect(stockoutRisk(null, 7, LIMITS)).toBe('low');
    expect(stockoutRisk(null, null, LIMITS)).toBe('low');
    expect(stockoutRisk(0, null, LIMITS)).toBe('critical');
    expect(stockoutRisk(3, null, LIMITS)).toBeNull();
    // goods that are there on the same day
    expect(stockoutRisk(0, 0, LIMITS)).toBe('critical');
    expect(stockoutRisk(0.5, 0, LIMITS)).toBe('low');
  });

  it('takes a limit as reached however it was divided', () => {
    expect(stockoutRisk((0.1 + 0.2) * 10, 3, LIMITS)).toBe('critical');
  });

  it('follows the limits, and never falls as stock does', () => {
    expect(stockoutRisk(10, 7, { critical: 1.5, high: 2, medium: 4 })).toBe('critical');
    const days = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(days, days, fc.integer({ min: 0, max: 30 }), (a, b, leadTime) => {
        const rank = (value: number) => STOCKOUT_RISKS.indexOf(stockoutRisk(value, leadTime, LIMITS)!);
        expect(rank(Math.min(a, b))).toBeLessThanOrEqual(rank(Math.max(a, b)));
      }),
    );
  });
});

describe('low stock', () => {
  const of = (onHand: number, more = {}) =>
    stockAlert({ onHand, position: onHand, threshold: 10, planned: null, ...more });

  it.each([
    [11, 'in', null],
    [10, 'low', 'Medium'],
    [5, 'low', 'Medium'],
    [4, 'low', 'High'],
    [1, 'low', 'High'],
    [0, 'out', null],
  ])('of %i units and a threshold of 10 is %s, priority %s', (onHand, status, priority) => {
    expect(of(onHand)).toMatchObject({ status, priority });
  });

  it('half of an odd threshold is no whole unit', () => {
    expect(of(5, { threshold: 11 }).priority).toBe('High');
    expect(of(6, { threshold: 11 }).priority).toBe('Medium');
  });

  it('goes by the position where a plan wants goods, and by people’s threshold first', () => {
    const planned = { threshold: null, planned: 40 };
    expect(of(30, { ...planned, position: 20 })).toEqual({
      status: 'low',
      reorderPoint: 40,
      source: 'plan',
      priority: 'Medium',
    });
    expect(of(30, { ...planned, position: 19 }).priority).toBe('High');
    expect(of(9, { planned: 40 })).toMatchObject({ reorderPoint: 10, source: 'threshold' });
    expect(of(12, { planned: 40 })).toMatchObject({ reorderPoint: 40, source: 'plan' });
    expect(of(12, { threshold: null })).toMatchObject({ status: 'in', reorderPoint: null });
    expect(of(0, { threshold: null })).toMatchObject({ status: 'out', reorderPoint: null, source: null });
  });
});
