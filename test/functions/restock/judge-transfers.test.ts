import { describe, expect, test } from 'vitest';
import type { SeriesInput } from '../../../functions/restock/assess-series.ts';
import { judgeProduct } from '../../../functions/restock/judge-product.ts';
import { quantityFromExplanation } from '../../../shared/core/inventory/explain-need.ts';
import type { Supply } from '../../../shared/data/purchasing/supply-store.ts';
import { inputOf, item, site } from '../planning/series-fixture.ts';

const sites = new Map([
  ['MAIN', site('MAIN')],
  ['SHOP', site('SHOP', 'MAIN')],
]);
const judged = (series: SeriesInput[], free: Readonly<Record<string, number>>, items = [item()]) =>
  judgeProduct({
    series,
    items,
    freeStock: Object.entries(free).map(([locationId, units]) => ({ productId: 'P', locationId, units })),
    sites,
    standing: new Map(),
  });

describe('a location gives', () => {
  const shop = inputOf({ locationId: 'SHOP', onHand: 0 });
  /** What MAIN, which sells ten a week, gives of so many units with this supply. */
  const given = (onHand: number, supply: readonly Supply[], change: Parameters<typeof inputOf>[0] = {}) => {
    const main = inputOf({ locationId: 'MAIN', onHand, supply, ...change });
    const { transfers } = judged([main, shop], { MAIN: onHand }).get('SHOP')!;
    return transfers.reduce((sum, one) => sum + one.quantity, 0);
  };
  const coming = (expected: string | null, quantity = 200): Supply => ({ from: 'order', expected, quantity });

  test('nothing that it needs before its own goods are there, however many these are', () => {
    expect(given(12, [])).toBe(0);
    expect(given(12, [coming('2011-12-10')])).toBe(12);
    // 10.5 weeks
    expect(given(12, [coming('2012-02-20')])).toBe(0);
    expect(given(120, [coming('2012-02-20')])).toBe(0);
    expect(given(250, [coming('2012-02-20')])).toBeGreaterThan(0);
    // what comes first lasts until the rest is there, or it does not
    expect(given(12, [coming('2011-12-10', 50), coming('2012-02-20')])).toBe(0);
    expect(given(12, [coming('2011-12-10', 250), coming('2012-02-20')])).toBe(12);
  });

  test('nothing against goods that are late', () => {
    expect(given(12, [coming('2011-12-01')])).toBe(0);
    const all = given(100, []);
    expect(all).toBeGreaterThan(0);
    expect(given(100, [coming('2011-12-01')])).toBe(all);
  });

  test('less where it is asked to last more surely', () => {
    const target = (value: number) => ({ policy: { target: { kind: 'cycle-service' as const, value } } });
    const supply = [coming('2012-01-10')];
    expect(given(70, supply, target(0.99))).toBeLessThan(given(70, supply, target(0.8)));
    const byCost = { policy: { kind: 'R-S' as const, target: { kind: 'cost' as const, value: 1 } } };
    expect(given(12, supply, byCost)).toBe(0);
  });
});

describe('a transfer', () => {
  const fast = item({ leadTimeDays: 2, leadTimeDeviationDays: 0 });
  const with21Days = (input: SeriesInput): SeriesInput => ({
    ...input,
    settings: { ...input.settings, transfer_days: 21 },
  });
  const shop = (onHand: number) => inputOf({ locationId: 'SHOP', onHand, policy: { reviewDays: 28 } });

  test('that is there later than a purchase leaves to buy what is needed meanwhile', () => {
    const all = judged([shop(0)], { MAIN: 500 }, [fast]).get('SHOP')!;
    expect(all.need).toBeUndefined();
    const { wanted } = all.purchase.assessment;
    const { need, transfers } = judged([with21Days(shop(0))], { MAIN: 500 }, [fast]).get('SHOP')!;
    // three weeks of ten and some safety
    expect(need!.quantity).toBeGreaterThan(28);
    expect(need!.quantity).toBeLessThan(wanted);
    expect(transfers).toMatchObject([{ kind: 'transfer', quantity: wanted - need!.quantity }]);
    for (const one of [need!, ...transfers])
      expect(quantityFromExplanation(one.explanation.numbers)).toBe(one.quantity);
    expect(transfers[0]!.explanation.words).toContain(
      `${need!.quantity} units are to be bought, which is there sooner.`,
    );
    // what stands there lasts longer, and less is bought
    const some = judged([with21Days(shop(2))], { MAIN: 500 }, [fast]).get('SHOP')!;
    expect(some.need!.quantity).toBe(need!.quantity - 2);
    // a slow supplier is no reason to buy
    expect(judged([with21Days(shop(0))], { MAIN: 500 }, [item({ leadTimeDays: 30 })]).get('SHOP')!.need).toBe(
      undefined,
    );
  });

  test('can be ordered on the first day on which people can act, and says when the need is acute', () => {
    const [offer] = judged([shop(3)], { MAIN: 500 }).get('SHOP')!.transfers;
    // 2011-12-09 is the last day whose demand is known
    expect(offer!.orderBy).toBe('2011-12-10');
    expect(offer!.explanation.expected_date).toBe('2011-12-12');
    expect(offer!.explanation.words).toMatch(/running out before a transfer of 2011-12-10 is there/);
  });
});

describe('a product that nobody supplies', () => {
  const shop = inputOf({ locationId: 'SHOP', onHand: 0 });
  const main = inputOf({ locationId: 'MAIN', onHand: 500 });

  test('is brought from where it lies, and nothing of it is bought', () => {
    const verdicts = judged([main, shop], { MAIN: 500 }, []);
    expect([...verdicts.keys()]).toEqual(['SHOP']);
    const { need, transfers, explain } = verdicts.get('SHOP')!;
    expect(need).toBeUndefined();
    expect(transfers).toMatchObject([{ kind: 'transfer', fromLocation: 'MAIN', supplierId: null }]);
    const { numbers, words } = transfers[0]!.explanation;
    expect(quantityFromExplanation(numbers)).toBe(transfers[0]!.quantity);
    expect(explain().words).toBe(words);
    // two days and a review
    expect(transfers[0]!.quantity).toBeGreaterThan(10);
    expect(transfers[0]!.quantity).toBeLessThan(50);
  });

  test('stays where it is needed, and has no verdict where there is none of it', () => {
    expect(judged([inputOf({ locationId: 'MAIN', onHand: 10 }), shop], { MAIN: 10 }, []).size).toBe(0);
    expect(judged([shop], {}, []).size).toBe(0);
    const some = judged([shop], { MAIN: 4 }, []).get('SHOP')!;
    expect(some.need).toBeUndefined();
    expect(some.transfers).toMatchObject([{ quantity: 4 }]);
    const alone = Number(some.transfers[0]!.moneyAtRisk);
    expect(alone).toBeGreaterThan(0);
    expect(alone).toBe(Number(judged([shop], { MAIN: 500 }, []).get('SHOP')!.transfers[0]!.moneyAtRisk));
  });
});
