import { describe, expect, test } from 'vitest';
import { assessSeries } from '../../../functions/restock/assess-series.ts';
import { judgeSeries } from '../../../functions/restock/need-of.ts';
import type { Policy } from '../../../shared/contracts/policy.ts';
import { LEVEL_GRID } from '../../../shared/core/forecast/combine/level-grid.ts';
import { panelState } from '../../../shared/core/forecast/combine/panel-state.ts';
import { explained, quantityFromExplanation } from '../../../shared/core/inventory/explain-need.ts';
import { normalQuantile } from '../../../shared/core/math/normal.ts';
import { inputOf, item } from '../planning/series-fixture.ts';

const judged = (...of: Parameters<typeof judgeSeries>) => {
  const { need, explain, purchase } = judgeSeries(...of)!;
  const { numbers, words } = explain();
  expect(quantityFromExplanation(numbers)).toBe(need?.quantity ?? 0);
  return { quantity: need?.quantity ?? 0, numbers, words, assessment: purchase.assessment };
};

describe('a plan', () => {
  test('buys nothing of what nobody is forecast to want, unless somebody waits or set a minimum', () => {
    const dear = item({ minimumQuantity: 24, orderMultiple: 12, unitCost: '80.0000', orderCost: '25.0000' });
    for (const kind of ['s-S', 's-Q', 'R-s-S', 'R-S', 'base-stock', 'min-max'] as const)
      for (const target of ['cycle-service', 'fill-rate', 'cost'] as const) {
        const policy = { kind, target: { kind: target, value: 0.95 } };
        expect(judged(inputOf({ weekly: 0, onHand: 0, policy }), [dear]).quantity).toBe(0);
        expect(judged(inputOf({ weekly: 0, onHand: 0, committed: 2, policy }), [dear]).quantity).toBe(24);
        const kept = inputOf({ weekly: 0, onHand: 0, policy: { ...policy, minimum: 5 } });
        expect(judged(kept, [dear]).quantity).toBe(24);
      }
    expect(judged(inputOf({ weekly: 0, onHand: 0 }), [dear]).words).toContain('nothing is kept');
  });

  test('orders goods that cost nothing to keep for half a year at most, and says so', () => {
    const free = item({ unitCost: '0.0000', orderCost: '25.0000' });
    const { quantity, numbers, words, assessment } = judged(inputOf({ weekly: 70, onHand: 0 }), [free]);
    expect(quantity).toBeGreaterThan(1800);
    expect(quantity).toBeLessThan(1800 + assessment.reorderPoint! + 1);
    expect(explained(numbers, 'mostOrder')).toBeCloseTo(180 * assessment.dailyDemand, 3);
    expect(words).toContain('half a year at most');
    const usual = judged(inputOf({ weekly: 70, onHand: 0 }), [item({ orderCost: '25.0000' })]);
    expect(explained(usual.numbers, 'mostOrder')).toBeUndefined();
  });

  test('keeps the size of an order above a minimum that somebody set, and the reviews of a season', () => {
    const terms = [item({ orderCost: '25.0000' })];
    const usual = judged(inputOf({ onHand: 0 }), terms).assessment;
    const raised = judged(inputOf({ onHand: 0, policy: { minimum: 300 } }), terms).assessment;
    expect(raised.reorderPoint).toBe(300);
    expect(raised.orderUpTo - 300).toBe(usual.orderUpTo - usual.reorderPoint!);
    const season = inputOf({ onHand: 0, policy: { kind: 'newsvendor', maximum: 10 } });
    const between = judged({ ...season, reviewedTo: season.asOf }, terms);
    expect(between.assessment.rule).toEqual({ kind: 'newsvendor', level: 10 });
    expect(between.quantity).toBe(0);
  });
});

/** A forecast of a trained model: lognormal weeks. */
const trained = (median: number, sigma: number) => {
  const grid = LEVEL_GRID.map((level) =>
    new Float64Array(26).fill(median * Math.exp(sigma * normalQuantile(level))),
  );
  const forecast = { mean: new Float64Array(26).fill(median * Math.exp(sigma ** 2 / 2)), quantiles: grid };
  return panelState(forecast, { period: 26, isWhole: true, isSigned: false });
};

describe.each([
  [10, 0.5],
  [0.8, 1],
])('levels of a trained forecast with a median of %d a week', (median, sigma) => {
  const state = trained(median, sigma);
  const levelOf = (kind: Policy['kind'], days: { lead: number; review?: number }, value = 0.95) => {
    const target = { kind: 'cycle-service' as const, value };
    const input = inputOf({ onHand: 0, policy: { kind, reviewDays: days.review ?? 7, target } });
    const terms = item({ leadTimeDays: days.lead, leadTimeDeviationDays: 0, orderCost: '20.0000' });
    return assessSeries({ ...input, series: { ...input.series, horizon: 26, model: 'panel', state } }, terms);
  };
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

  test.each(['s-S', 's-Q', 'R-S', 'base-stock'] as const)(
    'never fall with a day more of lead time, nor with more service: %s',
    (kind) => {
      const points = upTo(60).map((lead) => levelOf(kind, { lead }).reorderPoint!);
      expect(points).toEqual(points.toSorted((a, b) => a - b));
      const levels = [0.5, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999].map(
        (value) => levelOf(kind, { lead: 9 }, value).reorderPoint!,
      );
      expect(levels).toEqual(levels.toSorted((a, b) => a - b));
    },
  );

  test('do not move with what they do not depend on: base stock with the review', () => {
    const levels = upTo(40).map((review) => levelOf('base-stock', { lead: 9, review }).orderUpTo);
    expect(new Set(levels).size).toBe(1);
    const filled = upTo(40).map((review) => levelOf('R-S', { lead: 9, review }).orderUpTo);
    expect(filled).toEqual(filled.toSorted((a, b) => a - b));
  });
});
