import { describe, expect, test } from 'vitest';
import { judgeProduct } from '../../../functions/restock/judge-product.ts';
import { judgeSeries } from '../../../functions/restock/need-of.ts';
import { explainedValue } from '../../../shared/core/inventory/explanation.ts';
import { inputOf, item, site } from '../planning/series-fixture.ts';

describe('money at risk', () => {
  const PRICE = 4;
  const slow = item({ leadTimeDays: 28, leadTimeDeviationDays: 0 });
  const needAt = (onHand: number, terms = slow) =>
    judgeSeries(inputOf({ onHand, price: PRICE }), [terms])!.need!;
  const of = (need: ReturnType<typeof needAt>, name: string) =>
    explainedValue(need.explanation.numbers, name);

  test('is what an order averts; what is lost before anything can come is told apart', () => {
    const empty = needAt(0);
    // ten a week: a week until the next review's goods are there, of the four before nothing can be saved
    expect(Number(empty.moneyAtRisk)).toBeCloseTo(10 * PRICE, -1);
    expect(of(empty, 'lostBefore')).toBeGreaterThan(35 * PRICE);
    expect(of(empty, 'moneyAtRisk') + of(empty, 'lostBefore')).toBeCloseTo(
      of(empty, 'expectedShortage') * PRICE,
      2,
    );
    expect(empty.explanation.words).toMatch(
      /sales of \d+\.\d\d are lost before anything that is ordered now can come; the order averts a loss of \d+\.\d\d\./,
    );
    const stocked = needAt(40);
    expect(of(stocked, 'lostBefore')).toBeLessThan(of(empty, 'lostBefore') / 4);
  });

  test('does not grow with the lead time: waiting longer is no reason to hurry', () => {
    const risks = [7, 28, 56].map((leadTimeDays) =>
      Number(needAt(0, item({ leadTimeDays, leadTimeDeviationDays: 0 })).moneyAtRisk),
    );
    for (const risk of risks) expect(risk / risks[0]!).toBeCloseTo(1, 0);
  });

  test('of one need is shared by its transfers and its purchase, by units', () => {
    const shop = inputOf({ locationId: 'SHOP', onHand: 0, price: PRICE });
    const judged = (units: number) =>
      judgeProduct({
        series: [shop],
        items: [item()],
        freeStock: [{ productId: 'P', locationId: 'MAIN', units }],
        sites: new Map([
          ['MAIN', site('MAIN')],
          ['SHOP', site('SHOP', 'MAIN')],
        ]),
        standing: new Map(),
      }).get('SHOP')!;
    const alone = judged(0).need!;
    const risk = (one: { moneyAtRisk: string }) => Number(one.moneyAtRisk);
    // a transfer averts what is missed before a purchase could come, too
    const brought = judged(500);
    expect(brought.need).toBeUndefined();
    const byTransfer = risk(brought.transfers[0]!);
    expect(byTransfer).toBeGreaterThan(risk(alone));
    const { need, transfers } = judged(10);
    const parts = [need!, ...transfers];
    expect(parts).toHaveLength(2);
    expect(risk(transfers[0]!) / byTransfer).toBeCloseTo(10 / alone.quantity, 2);
    expect(risk(need!) / risk(alone)).toBeCloseTo(1 - 10 / alone.quantity, 2);
    for (const one of parts)
      expect(explainedValue(one.explanation.numbers, 'moneyAtRisk')).toBeCloseTo(risk(one), 2);
  });
});
