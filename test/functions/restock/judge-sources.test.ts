import { describe, expect, test } from 'vitest';
import { judgeSeries } from '../../../functions/restock/need-of.ts';
import { explainedValue } from '../../../shared/core/inventory/explanation.ts';
import { inputOf, item } from '../planning/series-fixture.ts';

describe('of suppliers with the same priority', () => {
  const fast = item({ supplierId: 'FAST', unitCost: '2.0000', leadTimeDays: 3, leadTimeDeviationDays: 0 });
  const slow = item({ supplierId: 'SLOW', unitCost: '3.0000', leadTimeDays: 42, leadTimeDeviationDays: 0 });
  const STOCKS = Array.from({ length: 16 }, (_, i) => 150 - 10 * i);
  const bought = (suppliers: Parameters<typeof judgeSeries>[1]) =>
    STOCKS.map((onHand) => judgeSeries(inputOf({ onHand }), suppliers)!.need?.supplierId);

  test('the slower and dearer one is never asked, though its reorder point is reached first', () => {
    expect(new Set(bought([slow]))).toEqual(new Set(['SLOW', undefined]));
    expect(new Set(bought([slow, fast]))).toEqual(new Set(['FAST', undefined]));
    expect(bought([slow, fast])).toEqual(bought([fast]));
  });

  test('the slower one is asked where it is cheaper with all that has to be kept for it, and else waits for nothing', () => {
    const cheap = { ...slow, unitCost: '1.5000' };
    expect(bought([cheap, fast])).toEqual(bought([cheap]));
    expect(bought([fast, cheap])).toEqual(bought([cheap]));
    // a saving of a thousandth does not pay for the safety of six weeks
    const hardlyCheaper = { ...slow, unitCost: '1.9980' };
    expect(bought([hardlyCheaper, fast])).toEqual(bought([fast]));
  });

  test('of equal cost the sooner one is asked', () => {
    const input = inputOf({ onHand: 0, policy: { kind: 'do-not-stock' }, committed: 10 });
    const sooner = item({ supplierId: 'SOON', leadTimeDays: 5 });
    const [first, second] = [
      [item(), sooner],
      [sooner, item()],
    ].map((all) => judgeSeries(input, all)!);
    expect(first!.need!.supplierId).toBe('SOON');
    expect(second!.need!.supplierId).toBe('SOON');
  });

  test('the one with dear orders is asked where orders are large, by what it would be asked for now', () => {
    const dearOrders = item({ supplierId: 'BULK', unitCost: '2.4000', orderCost: '20.0000' });
    const input = (committed: number) =>
      judgeSeries(inputOf({ onHand: 0, committed, policy: { kind: 'do-not-stock' } }), [item(), dearOrders])!;
    expect(input(10).need!.supplierId).toBe('S1');
    expect(input(1000).need!.supplierId).toBe('BULK');
    expect(explainedValue(input(1000).explain().numbers, 'quantity')).toBe(1000);
  });
});

test('a price break lifts nothing above the highest level that was set for the item', () => {
  const breaks = item({ priceBreaks: [[150, '1.0000']], orderCost: '5.0000' });
  const bought = (maximum: number | null, kind: 's-S' | 's-Q' | 'R-S' = 's-S') =>
    judgeSeries(inputOf({ onHand: 5, policy: { maximum, kind } }), [breaks])!.need!.quantity;
  expect(bought(null)).toBe(150);
  for (const kind of ['s-S', 's-Q', 'R-S'] as const) {
    for (const maximum of [50, 154]) expect(bought(maximum, kind) + 5, kind).toBeLessThanOrEqual(maximum);
    expect(bought(kind === 's-Q' ? 300 : 155, kind), kind).toBe(150);
  }
});
