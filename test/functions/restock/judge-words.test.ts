import { describe, expect, test } from 'vitest';
import { judgeProduct } from '../../../functions/restock/judge-product.ts';
import { judgeSeries } from '../../../functions/restock/need-of.ts';
import { policyOf } from '../../../functions/restock/policy-of.ts';
import { explained, quantityFromExplanation } from '../../../shared/core/inventory/explain-need.ts';
import { explainedValue } from '../../../shared/core/inventory/explanation.ts';
import { PlanSettings } from '../../../shared/data/planning/setting-store.ts';
import { inputOf, item, site } from '../planning/series-fixture.ts';

type Change = NonNullable<Parameters<typeof inputOf>[0]>['policy'] & {};
const explainedBy = (policy: Change, onHand = 0) => {
  const { need, explain } = judgeSeries(inputOf({ onHand, policy }), [item()])!;
  const { numbers, words } = explain();
  expect(quantityFromExplanation(numbers)).toBe(need?.quantity ?? 0);
  const of = (name: string) => explainedValue(numbers, name);
  return { numbers, words, of };
};
const sourceOf = (numbers: readonly { name: string; from: string }[], name: string) =>
  numbers.find((number) => number.name === name)?.from;

describe('limits that a person set', () => {
  const by = 'override of the item by ann over class AX';

  test('are told as theirs, beside what the fit would be', () => {
    const fitted = explainedBy({ kind: 'min-max' });
    expect(fitted.numbers.map(({ name }) => name)).not.toContain('minimum');
    const { numbers, words, of } = explainedBy({ kind: 'min-max', minimum: 300, maximum: 400, source: by });
    expect([of('minimum'), of('maximum'), of('reorderPoint'), of('orderUpTo')]).toEqual([300, 400, 300, 400]);
    expect(of('fittedReorderPoint')).toBe(fitted.of('reorderPoint'));
    expect(of('fittedOrderUpTo')).toBe(fitted.of('orderUpTo'));
    expect(sourceOf(numbers, 'fittedReorderPoint')).toContain('fitted to simulated demand');
    for (const name of ['reorderPoint', 'orderUpTo'])
      expect(sourceOf(numbers, name)).not.toContain('fitted to simulated demand');
    expect(sourceOf(numbers, 'minimum')).toBe('policySource');
    expect(words).toContain(
      `(min-max by ${by}), the 14 days until a delivery need ${of('fittedReorderPoint')} units`,
    );
    expect(words).toContain(
      'Instead a minimum of 300 units and a maximum of 400 units are set: ordered at 300 units, up to 400 units.',
    );
    expect(words).not.toContain('need 300');
  });

  test('that change nothing are only listed', () => {
    const { numbers, words, of } = explainedBy({ minimum: 0, maximum: 1_000 });
    expect([of('minimum'), of('maximum')]).toEqual([0, 1_000]);
    expect(explained(numbers, 'fittedReorderPoint')).toBeUndefined();
    expect(sourceOf(numbers, 'reorderPoint')).toContain('fitted to simulated demand');
    expect(words).not.toContain('Instead');
  });

  test('of a level that is filled up at each review are told as such', () => {
    const { words, of } = explainedBy({ kind: 'R-S', maximum: 20, source: by });
    expect(of('orderUpTo')).toBe(20);
    expect(words).toContain(`need ${of('fittedOrderUpTo')} units`);
    expect(words).toContain('Instead a maximum of 20 units is set: filled up to 20 units.');
  });

  test('name who set them', () => {
    const override = {
      kind: null,
      target: null,
      reviewDays: null,
      minimum: 3,
      maximum: null,
      safetyLeadDays: null,
    };
    const settings = PlanSettings.parse({});
    const source = (setBy: string | null) =>
      policyOf({ className: undefined, classes: new Map(), item: { ...override, setBy }, settings }).source;
    expect(source('ann')).toBe('override of the item by ann over settings');
    expect(source(null)).toBe('override of the item over settings');
  });
});

test('lots are told as lots', () => {
  const { words, of } = explainedBy({ kind: 's-Q' });
  const lot = of('orderUpTo') - of('reorderPoint');
  expect(words).toContain(`Order ${of('wanted') / lot} lots of ${lot} units: ${of('wanted')} units.`);
  expect(words).not.toContain('Order up to');
  const one = explainedBy({ kind: 's-Q' }, of('reorderPoint'));
  expect(one.words).toContain(`Order 1 lot of ${lot} units.`);
});

describe('a transfer', () => {
  const PRICE = 4;
  const shop = (onHand: number) => inputOf({ locationId: 'SHOP', onHand, price: PRICE });
  const judged = (onHand: number, units: number, items = [item()]) =>
    judgeProduct({
      series: [shop(onHand)],
      items,
      freeStock: [{ productId: 'P', locationId: 'MAIN', units }],
      sites: new Map([
        ['MAIN', site('MAIN')],
        ['SHOP', site('SHOP', 'MAIN')],
      ]),
      standing: new Map(),
    }).get('SHOP')!;

  test('is valued and ranked by its own day, and not by that of the purchase whose place it takes', () => {
    const bought = judged(5, 0).need!;
    const { transfers, purchase } = judged(5, 500);
    const brought = transfers[0]!;
    const of = (need: typeof bought, name: string) => explainedValue(need.explanation.numbers, name);
    // ten a week: five last for more than the two days of a transfer, and not for the 14 of the purchase
    expect(bought.stockoutProbability).toBeGreaterThan(0.99);
    expect(brought.stockoutProbability).toBeLessThan(0.3);
    expect(of(brought, 'shortageBefore')).toBeLessThan(of(bought, 'shortageBefore') / 10);
    expect(Number(brought.moneyAtRisk)).toBeCloseTo(
      (of(bought, 'expectedShortage') - of(brought, 'shortageBefore')) * PRICE,
      1,
    );
    expect(Number(brought.moneyAtRisk)).toBeGreaterThan(2 * Number(bought.moneyAtRisk));
    expect(of(brought, 'moneyAtRisk')).toBeCloseTo(Number(brought.moneyAtRisk), 2);
    expect(of(brought, 'wanted')).toBe(purchase.assessment.wanted);
    expect(explained(brought.explanation.numbers, 'orderDay')).toBe(brought.orderBy);
    expect(explained(brought.explanation.numbers, 'insteadOf')).toBe('S1');
  });

  test('says that the days of its level are those of the supplier, and what it averts itself', () => {
    const { words } = judged(0, 500).transfers[0]!.explanation;
    expect(words).toContain('the 14 days until a delivery of S1 need');
    expect(words).toMatch(/the chance of running out before a transfer of 2011-12-10 is there is \d/);
    expect(words).toMatch(
      /sales of \d+\.\d\d are lost before a transfer can be there; the transfer averts a loss of \d+\.\d\d\./,
    );
    expect(words).toContain('Sent on 2011-12-10 it is there on 2011-12-12.');
    const alone = judged(0, 500, []).transfers[0]!;
    expect(alone.explanation.words).toContain('the 2 days until a delivery need');
  });
});
