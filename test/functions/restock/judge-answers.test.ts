import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SeriesInput } from '../../../functions/restock/assess-series.ts';
import { decideChanges } from '../../../functions/restock/decide-changes.ts';
import { judgeProduct } from '../../../functions/restock/judge-product.ts';
import { judgeSeries } from '../../../functions/restock/need-of.ts';
import { explained, quantityFromExplanation } from '../../../shared/core/inventory/explain-need.ts';
import {
  type Need,
  needName,
  type StandingSuggestion,
} from '../../../shared/data/suggestions/suggestion-store.ts';
import { inputOf, item, site } from '../planning/series-fixture.ts';

const sites = new Map([
  ['MAIN', site('MAIN')],
  ['SHOP', site('SHOP', 'MAIN')],
  ['ANNEX', site('ANNEX', 'MAIN')],
]);
const shop = inputOf({ locationId: 'SHOP', onHand: 0 });
const wanted = judgeSeries(shop, [item()])!.need!.quantity;

const judged = (
  series: SeriesInput[],
  free: Readonly<Record<string, number>>,
  standing: readonly StandingSuggestion[] = [],
) =>
  judgeProduct({
    series,
    items: [item()],
    freeStock: Object.entries(free).map(([locationId, units]) => ({ productId: 'P', locationId, units })),
    sites,
    standing: new Map(standing.map((one) => [needName(one), one])),
  });

const standingOf = (need: Need, change: Partial<StandingSuggestion> = {}): StandingSuggestion => ({
  suggestionId: 1,
  productId: need.productId,
  locationId: need.locationId,
  kind: need.kind,
  fromLocation: need.fromLocation,
  supplierId: need.supplierId,
  status: 'open',
  quantity: need.quantity,
  needQuantity: need.quantity,
  topUp: 0,
  editedNeed: null,
  editedUntil: null,
  snoozedUntil: null,
  renewedOn: need.explanation.renewed_on,
  needHash: null,
  ...change,
});
const edited = (need: Need, quantity: number) =>
  standingOf(need, { quantity, editedNeed: need.quantity, editedUntil: need.explanation.renewed_on });

describe('a transfer that somebody answered', () => {
  const offer = judged([shop], { MAIN: 500 }).get('SHOP')!.transfers[0]!;

  test.each([
    ['dismissed', standingOf(offer, { status: 'dismissed' })],
    ['snoozed', standingOf(offer, { status: 'snoozed', snoozedUntil: '2011-12-20' })],
  ])('and %s brings nothing: all is bought, and the answer stays', (_, answer) => {
    const { need, transfers } = judged([shop], { MAIN: 500 }, [answer]).get('SHOP')!;
    expect(need).toMatchObject({ kind: 'purchase', quantity: wanted });
    expect(quantityFromExplanation(need!.explanation.numbers)).toBe(wanted);
    expect(transfers).toMatchObject([{ fromLocation: 'MAIN', quantity: wanted }]);
    const needs = new Map([...transfers, need!].map((one) => [needName(one), one]));
    const changes = decideChanges(needs, new Map([[needName(answer), answer]]));
    expect(changes.withdraw).toEqual([]);
    expect(changes.save.map((one) => one.need.kind)).toEqual(['purchase']);
  });

  test('counts as what it was made: the rest is bought, and nothing where it is more', () => {
    expect(judged([shop], { MAIN: 500 }, [edited(offer, 7)]).get('SHOP')!.need).toMatchObject({
      quantity: wanted - 7,
    });
    expect(judged([shop], { MAIN: 500 }, [edited(offer, wanted + 5)]).get('SHOP')!.need).toBeUndefined();
  });

  test('and refused is replaced by another location before anything is bought', () => {
    const refused = standingOf(offer, { status: 'dismissed' });
    const { need, transfers } = judged([shop], { MAIN: 500, ANNEX: 12 }, [refused]).get('SHOP')!;
    expect(transfers).toMatchObject([
      { fromLocation: 'MAIN', quantity: wanted },
      { fromLocation: 'ANNEX', quantity: 12 },
    ]);
    expect(need!.quantity).toBe(wanted - 12);
  });

  test('never makes a location give more than it has above its own needs, nor leaves a need unmet', () => {
    const answer = fc.record({
      taker: fc.constantFrom('SHOP', 'ANNEX'),
      from: fc.constantFrom('MAIN', 'DEPOT', 'SHOP', 'ANNEX'),
      kind: fc.constantFrom('dismissed', 'edited'),
      units: fc.integer({ min: 1, max: 8 }),
    });
    const tree = new Map([...sites, ['DEPOT', site('DEPOT', 'MAIN')]]);
    fc.assert(
      fc.property(
        fc.array(answer, { maxLength: 6 }),
        fc.nat({ max: 200 }),
        fc.nat({ max: 200 }),
        fc.nat({ max: 200 }),
        (answers, main, depot, annex) => {
          const series = [shop, inputOf({ locationId: 'ANNEX', onHand: annex, weekly: 20 })];
          const standing = new Map<string, StandingSuggestion>();
          for (const { taker, from, kind, units } of answers) {
            if (taker === from) continue;
            const lane = { ...offer, locationId: taker, fromLocation: from };
            const one = kind === 'edited' ? edited(lane, units) : standingOf(lane, { status: 'dismissed' });
            standing.set(needName(one), { ...one, needQuantity: 1000, editedNeed: one.editedNeed && 1000 });
          }
          const stock = { MAIN: main, DEPOT: depot, ANNEX: annex };
          const verdicts = judgeProduct({
            series,
            items: [item()],
            freeStock: Object.entries(stock).map(([locationId, units]) => ({
              productId: 'P',
              locationId,
              units,
            })),
            sites: tree,
            standing,
          });
          const given = new Map<string, number>();
          for (const { transfers, need, purchase } of verdicts.values()) {
            let got = need?.quantity ?? 0;
            for (const one of transfers) {
              const old = standing.get(needName(one));
              const units = old ? (old.status === 'dismissed' ? 0 : old.quantity) : one.quantity;
              got += units;
              if (!old) given.set(one.fromLocation!, (given.get(one.fromLocation!) ?? 0) + units);
            }
            expect(got).toBeGreaterThanOrEqual(purchase.assessment.wanted);
            expect(new Set(transfers.map(needName)).size).toBe(transfers.length);
          }
          for (const [from, units] of given)
            expect(units).toBeLessThanOrEqual(stock[from as 'MAIN' | 'DEPOT' | 'ANNEX']);
        },
      ),
    );
  });
});

describe('suppliers in several currencies', () => {
  const pounds = item({ supplierId: 'GB', unitCost: '9.0000' });
  const yen = item({ supplierId: 'JP', unitCost: '2.0000', currency: 'JPY' });

  test('are not compared: the first by priority stays, and the explanation says so', () => {
    const verdict = judgeSeries(inputOf({ onHand: 0 }), [pounds, yen])!;
    expect(verdict.need!.supplierId).toBe('GB');
    const supplier = verdict.explain().numbers.find(({ name }) => name === 'supplier')!;
    expect(supplier.from).toBe(
      'first by priority in GBP; 1 of that priority in other currencies were not compared',
    );
    const cheap = item({ supplierId: 'GB2', unitCost: '8.0000' });
    expect(judgeSeries(inputOf({ onHand: 0 }), [pounds, yen, cheap])!.need!.supplierId).toBe('GB2');
  });

  test('a price in another currency makes no margin: the level by cost is that without a price', () => {
    const policy = { kind: 'R-S' as const, target: { kind: 'cost' as const, value: 1 } };
    const levelAt = (price: number | null, currency: string) =>
      judgeSeries(inputOf({ price, policy }), [item({ unitCost: '900.0000', currency })])!.purchase.assessment
        .orderUpTo;
    expect(levelAt(950, 'JPY')).toBe(levelAt(null, 'JPY'));
    expect(levelAt(950, 'GBP')).toBeLessThan(levelAt(950, 'JPY'));
  });
});

describe('a product of which only its first stock is known', () => {
  const unsold = (change: Parameters<typeof inputOf>[0] = {}): SeriesInput => {
    const input = inputOf({ weekly: 0, ...change });
    const lowConfidence = {
      basis: 'initial-stock' as const,
      analogs: 0,
      own_weight: 0,
      initial_stock: 40,
    };
    return { ...input, series: { ...input.series, lowConfidence } };
  };
  const quantityOf = (input: SeriesInput, terms = item()) => {
    const { need, explain } = judgeSeries(input, [terms])!;
    expect(quantityFromExplanation(explain().numbers)).toBe(need?.quantity ?? 0);
    return need?.quantity ?? 0;
  };

  test('is ordered at a quarter of it, up to it', () => {
    expect(quantityOf(unsold({ onHand: 11 }))).toBe(0);
    expect(quantityOf(unsold({ onHand: 10 }))).toBe(30);
    expect(quantityOf(unsold({ onHand: 4 }))).toBe(36);
    const { numbers, words } = judgeSeries(unsold({ onHand: 10 }), [item()])!.explain();
    expect(explained(numbers, 'initialStock')).toBe(40);
    expect(words).toContain('It began with 40 units, and is ordered at 10 units.');
  });

  test('obeys its policy and the terms of its supplier as any other', () => {
    const policyOf = (policy: NonNullable<Parameters<typeof inputOf>[0]>['policy'], onHand = 0) =>
      quantityOf(unsold({ onHand, policy: policy! }));
    expect(policyOf({ kind: 'do-not-stock' })).toBe(0);
    expect(policyOf({ kind: 'min-max', minimum: 5, maximum: 8 }, 5)).toBe(3);
    expect(policyOf({ maximum: 20 })).toBe(20);
    expect(policyOf({ minimum: 15 }, 15)).toBe(30);
    expect(quantityOf(unsold({ onHand: 0 }), item({ maximumQuantity: 25, orderMultiple: 10 }))).toBe(20);
    expect(quantityOf(unsold({ onHand: 12, expiring: 5 }))).toBe(33);
  });
});
