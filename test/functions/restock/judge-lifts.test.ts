import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeSeries } from '../../../functions/restock/need-of.ts';
import { explained, quantityFromExplanation } from '../../../shared/core/inventory/explain-need.ts';
import { MOST_COVER_DAYS } from '../../../shared/core/inventory/policies/round-order.ts';
import { inputOf, item } from '../planning/series-fixture.ts';

/** About a unit a week, cost 2.5, price 4. */
const slow = (change = {}) => inputOf({ weekly: 1, onHand: 0, ...change });

describe('what a supplier sells only in large lots', () => {
  test('is bought where it pays, and says for how long it lasts and why', () => {
    const { need } = judgeSeries(slow(), [item({ minimumQuantity: 48 })])!;
    expect(need!.quantity).toBe(48);
    const days = explained(need!.explanation.numbers, 'coverDays') as number;
    expect(days).toBeGreaterThan(MOST_COVER_DAYS);
    expect(days).toBeCloseTo((need!.coverFrom + 48) / need!.dailyDemand, 2);
    expect(need!.explanation.words).toContain(
      `it lasts ${Math.round(days)} days, because the supplier's minimum is 48.`,
    );
    const packs = judgeSeries(slow(), [item({ orderMultiple: 40 })])!.need!;
    expect(packs.explanation.words).toContain('days, because it comes in packs of 40.');
    const usual = judgeSeries(slow(), [item()])!.need!;
    expect(usual.explanation.words).not.toContain('it lasts');
  });

  test('is not where keeping it costs more than it earns, and why says that', () => {
    const { need, purchase, explain } = judgeSeries(slow(), [item({ minimumQuantity: 480 })])!;
    expect(need).toBeUndefined();
    expect(purchase.held).toMatchObject({ kind: 'not-worth', units: purchase.assessment.wanted });
    const { numbers, words } = explain();
    expect(words).toMatch(
      /would be ordered, but nothing is: the supplier's minimum is 480, which would last/,
    );
    expect(quantityFromExplanation(numbers)).toBe(0);
    expect(explained(numbers, 'quantity')).toBe(0);
  });

  test('in no quantity at all is not bought of it, and why says that', () => {
    const broken = item({ minimumQuantity: 7, orderMultiple: 7, maximumQuantity: 5 });
    const { need, purchase, explain } = judgeSeries(slow(), [broken])!;
    expect(need).toBeUndefined();
    expect(purchase.held).toMatchObject({ kind: 'not-sold', units: purchase.assessment.wanted });
    const { numbers, words } = explain();
    expect(words).toContain(
      'would be ordered, but nothing is: the supplier sells no such quantity: the minimum of 7 is above the maximum of 5.',
    );
    expect(quantityFromExplanation(numbers)).toBe(0);
    // whoever sells it is asked
    const other = judgeSeries(slow(), [broken, item({ supplierId: 'S2', unitCost: '9' })])!;
    expect(other.need!.supplierId).toBe('S2');
  });

  test('is all the same for somebody who waits, and where a person set a minimum', () => {
    const terms = item({ minimumQuantity: 480 });
    expect(judgeSeries(slow({ committed: 1 }), [terms])!.need!.quantity).toBe(480);
    expect(judgeSeries(slow({ policy: { minimum: 1 } }), [terms])!.need!.quantity).toBe(480);
  });

  test('what is wanted without them is never held back, and a higher margin never holds more back', () => {
    const terms = fc.record({
      minimumQuantity: fc.integer({ min: 1, max: 400 }),
      weekly: fc.double({ min: 0.05, max: 20, noNaN: true }),
    });
    fc.assert(
      fc.property(terms, fc.integer({ min: 0, max: 20 }), ({ minimumQuantity, weekly }, onHand) => {
        const bought = (price: number, minimum: number) =>
          judgeSeries(inputOf({ weekly, onHand, price }), [item({ minimumQuantity: minimum })])!.need
            ?.quantity ?? 0;
        const wanted = bought(3, 1);
        const lifted = bought(3, minimumQuantity);
        if (minimumQuantity <= wanted) expect(lifted).toBe(wanted);
        else expect([0, minimumQuantity]).toContain(lifted);
        expect(bought(30, minimumQuantity)).toBeGreaterThanOrEqual(lifted);
      }),
      { numRuns: 60 },
    );
  });
});
