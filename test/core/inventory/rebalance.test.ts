import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RebalanceSite, rebalance } from '../../../shared/core/inventory/policies/rebalance.ts';
import { type Claim, shareShortage } from '../../../shared/core/inventory/policies/share-shortage.ts';

const claim = (position: number, need: number, dailyDemand = 10): Claim => ({ position, need, dailyDemand });

describe('a shortage that is shared', () => {
  test('by days of cover: who has something gets less', () => {
    expect(shareShortage(90, [claim(0, 100), claim(30, 100)])).toEqual([60, 30]);
    expect(shareShortage(10, [claim(0, 100), claim(30, 100)])).toEqual([10, 0]);
    expect(shareShortage(90, [claim(0, 100, 10), claim(0, 100, 20)])).toEqual([30, 60]);
    expect(shareShortage(500, [claim(0, 100), claim(30, 100)])).toEqual([100, 100]);
  });

  test('by probability of a stockout: who is less certain gets more', () => {
    const steady = Float64Array.from({ length: 100 }, (_, i) => 50 + i / 10);
    const erratic = Float64Array.from({ length: 100 }, (_, i) => i);
    const claims = [
      { ...claim(0, 100), demand: steady },
      { ...claim(0, 100), demand: erratic },
    ];
    const [first, second] = shareShortage(140, claims, 'stockout-probability');
    expect(first! + second!).toBe(140);
    const share = (demand: Float64Array, units: number) =>
      demand.filter((value) => value > units).length / 100;
    expect(Math.abs(share(steady, first!) - share(erratic, second!))).toBeLessThan(0.11);
  });

  const claims = fc.array(
    fc.record({
      need: fc.nat({ max: 200 }),
      position: fc.integer({ min: -30, max: 100 }),
      dailyDemand: fc.double({ min: 0, max: 20, noNaN: true }),
      demand: fc
        .array(fc.nat({ max: 150 }), { maxLength: 30 })
        .map((values) => Float64Array.from(values).sort()),
    }),
    { maxLength: 8 },
  );
  const rule = fc.constantFrom('days-of-cover' as const, 'stockout-probability' as const);

  test('sums exactly, in whole units, and nobody gets more than the need', () => {
    fc.assert(
      fc.property(fc.nat({ max: 600 }), claims, rule, (available, given, by) => {
        const shares = shareShortage(available, given, by);
        const all = given.reduce((sum, each) => sum + each.need, 0);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(Math.min(available, all));
        for (const [i, share] of shares.entries()) {
          expect(Number.isInteger(share) && share >= 0 && share <= given[i]!.need).toBe(true);
        }
      }),
    );
  });

  test('a unit moved from one to another never helps the one who is worst off', () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), claims, (available, given) => {
        const sold = given.map((each) => ({ ...each, dailyDemand: 1 + Math.floor(each.dailyDemand) }));
        const shares = shareShortage(available, sold);
        const days = sold.map((each, i) => (each.position + shares[i]!) / each.dailyDemand);
        for (const [giver, share] of shares.entries()) {
          if (share === 0) continue;
          const left = (sold[giver]!.position + share - 1) / sold[giver]!.dailyDemand;
          for (const [taker, each] of sold.entries()) {
            // who could still take one has no fewer days than the giver would be left with
            if (taker !== giver && shares[taker]! < each.need)
              expect(days[taker]!).toBeGreaterThanOrEqual(left - 1e-6);
          }
        }
      }),
    );
  });
});

const site = (
  id: string,
  position: number,
  orderUpTo: number,
  need: number,
  more: Partial<RebalanceSite> = {},
): RebalanceSite => ({
  id,
  position,
  available: Math.max(0, position),
  orderUpTo,
  need,
  dailyDemand: 5,
  ...more,
});

describe('transfers before purchases', () => {
  test('surplus goes where it is needed', () => {
    expect(rebalance([site('a', 80, 50, 0), site('b', 5, 40, 20)])).toEqual([
      { from: 'a', to: 'b', quantity: 20 },
    ]);
  });

  test('a giver keeps its own level, and gives only what stands there', () => {
    expect(rebalance([site('a', 60, 50, 0), site('b', 5, 40, 20)])).toEqual([
      { from: 'a', to: 'b', quantity: 10 },
    ]);
    expect(rebalance([site('a', 90, 50, 0, { available: 3 }), site('b', 5, 40, 20)])).toEqual([
      { from: 'a', to: 'b', quantity: 3 },
    ]);
    expect(rebalance([site('a', 40, 50, 0), site('b', 5, 40, 20)])).toEqual([]);
  });

  test('whole packs travel, small lots stay, and the cheap lane is taken', () => {
    const sites = [site('a', 80, 50, 0), site('b', 75, 50, 0), site('c', 5, 40, 20)];
    expect(rebalance(sites, { transferMultiple: 6 })).toEqual([{ from: 'a', to: 'c', quantity: 24 }]);
    expect(rebalance(sites, { leastQuantity: 25 })).toEqual([]);
    const laneCost = (from: string) => (from === 'a' ? 9 : 1);
    expect(rebalance(sites, { laneCost })).toEqual([{ from: 'b', to: 'c', quantity: 20 }]);
    expect(rebalance(sites, { laneCost: () => null })).toEqual([]);
  });

  test('what no lane can bring to one goes to another', () => {
    const sites = [site('a', 70, 50, 0), site('b', 0, 40, 20), site('c', 0, 40, 20)];
    const laneCost = (_from: string, to: string) => (to === 'c' ? 1 : null);
    expect(rebalance(sites, { laneCost })).toEqual([{ from: 'a', to: 'c', quantity: 20 }]);
    expect(rebalance(sites)).toEqual([
      { from: 'a', to: 'b', quantity: 10 },
      { from: 'a', to: 'c', quantity: 10 },
    ]);
  });

  const sites = fc
    .array(
      fc.record({
        position: fc.integer({ min: -20, max: 200 }),
        inTransit: fc.nat({ max: 50 }),
        orderUpTo: fc.nat({ max: 120 }),
        isInNeed: fc.boolean(),
        need: fc.nat({ max: 80 }),
        dailyDemand: fc.double({ min: 0, max: 20, noNaN: true }),
      }),
      { maxLength: 7 },
    )
    .map((given) =>
      given.map(
        ({ isInNeed, inTransit, need, ...each }, i): RebalanceSite => ({
          ...each,
          id: `${i}`,
          available: Math.max(0, each.position - inTransit),
          need: isInNeed ? need : 0,
        }),
      ),
    );

  test('units are conserved, no giver falls short, and nobody is given more than packs of the need', () => {
    fc.assert(
      fc.property(sites, fc.integer({ min: 1, max: 6 }), (given, transferMultiple) => {
        const moves = rebalance(given, { transferMultiple });
        const change = new Map<string, number>();
        for (const { from, to, quantity } of moves) {
          expect(quantity > 0 && quantity % transferMultiple === 0).toBe(true);
          change.set(from, (change.get(from) ?? 0) - quantity);
          change.set(to, (change.get(to) ?? 0) + quantity);
        }
        let net = 0;
        for (const each of given) {
          const moved = change.get(each.id) ?? 0;
          net += moved;
          if (moved < 0) {
            expect(each.position + moved).toBeGreaterThanOrEqual(each.orderUpTo);
            expect(each.available + moved).toBeGreaterThanOrEqual(0);
          }
          expect(moved).toBeLessThan(each.need + transferMultiple);
          if (each.need === 0) expect(moved).toBeLessThanOrEqual(0);
        }
        expect(net).toBe(0);
      }),
    );
  });

  test('as long as there is surplus, nobody who could use a unit goes without', () => {
    fc.assert(
      fc.property(sites, (given) => {
        const moved = rebalance(given).reduce((sum, move) => sum + move.quantity, 0);
        const surplus = given.reduce(
          (sum, each) =>
            sum + (each.need > 0 ? 0 : Math.max(0, Math.min(each.available, each.position - each.orderUpTo))),
          0,
        );
        const need = given.reduce((sum, each) => sum + each.need, 0);
        expect(moved).toBe(Math.min(surplus, need));
      }),
    );
  });
});
