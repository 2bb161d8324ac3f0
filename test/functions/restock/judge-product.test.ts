import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SeriesInput } from '../../../functions/restock/assess-series.ts';
import { judgeProduct } from '../../../functions/restock/judge-product.ts';
import { judgeSeries } from '../../../functions/restock/need-of.ts';
import type { Policy } from '../../../shared/contracts/policy.ts';
import { explained, quantityFromExplanation } from '../../../shared/core/inventory/explain-need.ts';
import { explainedValue } from '../../../shared/core/inventory/explanation.ts';
import { POLICY_KINDS } from '../../../shared/core/inventory/policies/policy-rule.ts';
import type { SupplierItem } from '../../../shared/data/purchasing/supplier-item-store.ts';
import { inputOf, item, site } from '../planning/series-fixture.ts';

describe('what a suggestion says', () => {
  test('is enough to work its quantity out again, for every policy and all terms', () => {
    fc.assert(
      fc.property(
        fc.record({
          kind: fc.constantFrom(...POLICY_KINDS),
          target: fc.constantFrom(
            { kind: 'cycle-service' as const, value: 0.95 },
            { kind: 'fill-rate' as const, value: 0.9 },
            { kind: 'cost' as const, value: 1 },
          ),
          weekly: fc.integer({ min: 0, max: 60 }),
          onHand: fc.integer({ min: 0, max: 120 }),
          committed: fc.integer({ min: 0, max: 30 }),
          expiring: fc.integer({ min: 0, max: 10 }),
          coming: fc.integer({ min: 0, max: 40 }),
          from: fc.constantFrom('order' as const, 'draft' as const, 'transfer' as const),
          minimum: fc.option(fc.integer({ min: 0, max: 50 })),
          maximum: fc.option(fc.integer({ min: 50, max: 90 })),
          moq: fc.integer({ min: 1, max: 40 }),
          multiple: fc.integer({ min: 1, max: 12 }),
          most: fc.option(fc.integer({ min: 12, max: 200 })),
          breaks: fc.boolean(),
          day: fc.constantFrom('2011-12-09', '2011-12-11'),
          reviewedTo: fc.constantFrom('2011-12-08', undefined),
        }),
        (c) => {
          const input = {
            ...inputOf({
              ...c,
              asOf: c.day,
              policy: { kind: c.kind, target: c.target, minimum: c.minimum, maximum: c.maximum },
              supply: c.coming > 0 ? [{ from: c.from, expected: null, quantity: c.coming }] : [],
            }),
            reviewedTo: c.reviewedTo,
          };
          const verdict = judgeSeries(input, [
            item({
              minimumQuantity: c.moq,
              orderMultiple: c.multiple,
              maximumQuantity: c.most,
              orderCost: '3.0000',
              priceBreaks: c.breaks
                ? [
                    [60, '2.4000'],
                    [120, '1.9000'],
                  ]
                : [],
            }),
          ])!;
          const { numbers } = verdict.explain();
          expect(explainedValue(numbers, 'quantity')).toBe(quantityFromExplanation(numbers));
          const quantity = verdict.need?.quantity ?? 0;
          expect(explainedValue(numbers, 'quantity')).toBe(quantity);
          expect(quantity % c.multiple).toBe(0);
          if (quantity > 0) {
            expect(quantity).toBeGreaterThanOrEqual(c.moq);
            expect(quantity).toBeLessThanOrEqual(c.most ?? Number.POSITIVE_INFINITY);
          }
          for (const number of numbers) expect(number.from, number.name).not.toBe('');
          expect(new Set(numbers.map(({ name }) => name)).size).toBe(numbers.length);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('reads as a planner would say it', () => {
    const explanation = judgeSeries(inputOf({ onHand: 6 }), [
      item({ minimumQuantity: 24, orderMultiple: 12 }),
    ])!.explain();
    expect(explanation.words).toContain('6 units on hand and 0 units on order, less 0 units promised');
    expect(explanation.words).toMatch(/cycle service of 95 %/);
    expect(explanation.words).toMatch(/packs of 12/);
    expect(explanation.words).toMatch(/Order on 2011-12-10, expected on 2011-12-24/);
  });
});

describe('supply', () => {
  const quantityWith = (supply: SeriesInput['supply']) =>
    judgeSeries(inputOf({ onHand: 0, supply }), [item()])!.need?.quantity ?? 0;

  test('counts whenever it is expected: in time, far beyond the lead time, late, or without a day', () => {
    const none = quantityWith([]);
    expect(none).toBeGreaterThan(0);
    for (const expected of ['2011-12-10', '2012-11-30', '2011-11-01', null])
      expect(quantityWith([{ from: 'order', expected, quantity: none }])).toBe(0);
  });

  test('that is late or comes after the need leaves the risk of a stockout as high as without it', () => {
    const riskWith = (supply: SeriesInput['supply']) =>
      judgeSeries(inputOf({ onHand: 10, supply }), [item()])!.purchase.assessment.stockoutProbability;
    const none = riskWith([]);
    expect(none).toBeGreaterThan(0.5);
    expect(riskWith([{ from: 'order', expected: '2011-12-15', quantity: 60 }])).toBeLessThan(0.05);
    for (const expected of ['2012-06-01', '2011-12-01'])
      expect(riskWith([{ from: 'order', expected, quantity: 60 }])).toBe(none);
  });

  test('units that will expire unsold are no stock', () => {
    const fresh = judgeSeries(inputOf({ onHand: 60 }), [item()])!;
    const old = judgeSeries(inputOf({ onHand: 60, expiring: 50 }), [item()])!;
    expect(fresh.need).toBeUndefined();
    expect(old.need?.quantity).toBeGreaterThan(0);
    expect(explained(old.explain().numbers, 'expiring')).toBe(50);
  });
});

describe('the supplier', () => {
  test('is the cheapest at the real quantity among those of the best priority', () => {
    const bulk = item({ supplierId: 'BULK', unitCost: '2.0000', minimumQuantity: 1, priceBreaks: [] });
    const small = item({ supplierId: 'SMALL', unitCost: '1.9000', orderCost: '50.0000' });
    const other = item({ supplierId: 'CHEAP', unitCost: '0.1000', priority: 2 });
    const supplierAt = (weekly: number) =>
      judgeSeries(inputOf({ weekly, onHand: 0 }), [bulk, small, other])!.need?.supplierId;
    expect(supplierAt(3)).toBe('BULK');
    expect(supplierAt(300)).toBe('SMALL');
  });

  test('a longer lead time or a higher target raises the reorder point, and these or longer reviews the level', () => {
    const levels = (change: Partial<Policy>, terms: Partial<SupplierItem> = {}) => {
      const { reorderPoint, orderUpTo } = judgeSeries(inputOf({ policy: change }), [item(terms)])!.purchase
        .assessment;
      return { reorderPoint: reorderPoint!, orderUpTo };
    };
    const usual = levels({});
    for (const more of [
      levels({ target: { kind: 'cycle-service', value: 0.99 } }),
      levels({ safetyLeadDays: 7 }),
      levels({}, { leadTimeDays: 28 }),
    ]) {
      expect(more.reorderPoint).toBeGreaterThanOrEqual(usual.reorderPoint);
      expect(more.orderUpTo).toBeGreaterThan(usual.orderUpTo);
    }
    expect(levels({ reviewDays: 28 }).orderUpTo).toBeGreaterThan(usual.orderUpTo);
  });

  test('that shuts down is ordered of ahead, and an order waits for its order day', () => {
    const open = judgeSeries(inputOf({ onHand: 40 }), [item()])!;
    const shut = judgeSeries(inputOf({ onHand: 40 }), [
      item({ calendar: { shutdowns: [{ from: '2011-12-16', to: '2012-01-08' }] } }),
    ])!;
    expect(open.need).toBeUndefined();
    expect(shut.need?.quantity).toBeGreaterThan(0);
    expect(open.explain().words).not.toContain('Order');
    const mondays = judgeSeries(inputOf(), [item({ calendar: { orderWeekdays: [1] } })])!;
    // the 9th was a Friday
    expect(mondays.need?.orderBy).toBe('2011-12-12');
    expect(mondays.explain().expected_date).toBe('2011-12-26');
  });
});

describe('locations of one tree', () => {
  const sites = new Map([
    ['MAIN', site('MAIN')],
    ['SHOP', site('SHOP', 'MAIN')],
    ['AWAY', site('AWAY', null, 'AWAY')],
  ]);
  const judged = (series: SeriesInput[], freeStock: { locationId: string; units: number }[]) =>
    judgeProduct({
      series,
      items: [item()],
      freeStock: freeStock.map((one) => ({ productId: 'P', ...one })),
      sites,
      standing: new Map(),
    });

  test('help each other before anything is bought, and the rest is bought', () => {
    const shop = inputOf({ locationId: 'SHOP', onHand: 0 });
    const wanted = judgeSeries(shop, [item()])!.need!.quantity;
    const all = judged([shop], [{ locationId: 'MAIN', units: 500 }]).get('SHOP')!;
    expect(all.need).toBeUndefined();
    expect(all.transfers).toMatchObject([
      { kind: 'transfer', fromLocation: 'MAIN', quantity: wanted, supplierId: null },
    ]);
    const some = judged([shop], [{ locationId: 'MAIN', units: 10 }]).get('SHOP')!;
    expect(some.transfers[0]!.quantity).toBe(10);
    expect(some.need!.quantity).toBe(wanted - 10);
    for (const one of [...all.transfers, ...some.transfers, some.need!])
      expect(quantityFromExplanation(one.explanation.numbers)).toBe(one.quantity);
    const apart = judged([shop], [{ locationId: 'AWAY', units: 500 }]).get('SHOP')!;
    expect(apart.transfers).toEqual([]);
    expect(apart.need!.quantity).toBe(wanted);
  });

  test('nobody gives what it needs itself, and what is short is shared', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ weekly: fc.integer({ min: 0, max: 40 }), onHand: fc.integer({ min: 0, max: 300 }) }),
          {
            minLength: 2,
            maxLength: 5,
          },
        ),
        (places) => {
          const tree = new Map(places.map((_, i) => [`L${i}`, site(`L${i}`, i === 0 ? null : 'L0', 'L0')]));
          const series = places.map((place, i) => inputOf({ ...place, locationId: `L${i}` }));
          const verdicts = judgeProduct({
            series,
            items: [item()],
            freeStock: places.map(({ onHand }, i) => ({
              productId: 'P',
              locationId: `L${i}`,
              units: onHand,
            })),
            sites: tree,
            standing: new Map(),
          });
          const given = new Map<string, number>();
          for (const { transfers, purchase, need } of verdicts.values()) {
            const got = transfers.reduce((sum, one) => sum + one.quantity, 0);
            expect(got).toBeLessThanOrEqual(purchase.assessment.wanted);
            expect(got + (need?.quantity ?? 0)).toBe(purchase.assessment.wanted);
            for (const one of transfers)
              given.set(one.fromLocation!, (given.get(one.fromLocation!) ?? 0) + one.quantity);
          }
          for (const [from, units] of given) {
            const { assessment } = verdicts.get(from)!.purchase;
            expect(assessment.position - units).toBeGreaterThanOrEqual(assessment.orderUpTo);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
