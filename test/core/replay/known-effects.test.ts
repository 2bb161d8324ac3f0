import { expect, test } from 'vitest';
import { outlookMaker } from '../../../shared/core/replay/forecasters.ts';
import { ORIGINAL_RULES, originalRule } from '../../../shared/core/replay/original-rules.ts';
import { outlookTimes, reachOf } from '../../../shared/core/replay/outlook.ts';
import { planRule } from '../../../shared/core/replay/policy-plan.ts';
import { openingStock, replayCase } from '../../../shared/core/replay/replay-case.ts';
import { replaySeries } from '../../../shared/core/replay/replay-series.ts';
import { replayStock } from '../../../shared/core/replay/replay-stock.ts';
import { inventedDemand, replayTermsOf } from './replay-terms-of.ts';

const terms = replayTermsOf({ leadTime: 1, review: 1, season: 52, daysAPeriod: 7 });
const PERIODS = 160;
const START = 100;
/** A deal in two weeks of five, at no fixed distance, and demand three times as high in them. */
const deal = Float64Array.from({ length: PERIODS }, (_, t) => Number((t * t) % 5 === 1));
const price = deal.map((value) => 5 - 2 * value);
const demand = inventedDemand(3, PERIODS, 20).map((value, t) => (4 + value) * (1 + 2 * deal[t]!));
const times = outlookTimes(START, PERIODS, terms);

function outlooksOf(name: string, known: ArrayLike<number>, regressors = {}) {
  return outlookMaker({ id: 'a', known: Float64Array.from(known), times, terms, seed: 1, regressors })(name);
}

test.each(['mix', 'window', 'regression'])('%s: weeks with a deal are expected to sell more', (name) => {
  const told = outlooksOf(name, demand, { deal });
  const untold = outlooksOf(name, demand);
  const middle = (sample: Float64Array): number => sample[100]!;
  const meanOf = (outlooks: typeof told, isDeal: boolean): number => {
    const found = outlooks.filter((_, i) => (deal[times[i]!] === 1) === isDeal);
    return found.reduce((sum, outlook) => sum + middle(outlook.lead), 0) / found.length;
  };
  expect(meanOf(told, true)).toBeGreaterThan(2 * meanOf(told, false));
  expect(meanOf(untold, true)).toBeLessThan(1.5 * meanOf(untold, false));
});

test.each(['snaive', 'theta', 'blend'])('%s has no room for inputs and expects the same', (name) => {
  expect(outlooksOf(name, demand, { deal })).toEqual(outlooksOf(name, demand));
});

test.each(['mix', 'window'])('%s: columns that say nothing change nothing', (name) => {
  const constant = {
    deal: new Float64Array(PERIODS).fill(1),
    unknown: new Float64Array(PERIODS).fill(Number.NaN),
  };
  expect(outlooksOf(name, demand, constant)).toEqual(outlooksOf(name, demand));
});

test.each(['mix', 'window', 'regression'])(
  '%s: of the future it knows the columns of its horizon alone',
  (name) => {
    const all = outlooksOf(name, demand, { deal, price });
    [0, 7, 29, 58].forEach((i) => {
      const t = times[i]!;
      const later = demand.map((value, at) => (at < t ? value : 1000 - 7 * at));
      const beyond = price.map((value, at) => (at < t + reachOf(terms) ? value : 9 + at));
      expect(outlooksOf(name, later, { deal, price: beyond })[i]).toEqual(all[i]);
    });
    const t = times[30]!;
    const cheaper = price.map((value, at) => (at < t ? value : 8 - value));
    expect(outlooksOf(name, demand, { price: cheaper })[30]).not.toEqual(
      outlooksOf(name, demand, { price })[30],
    );
  },
);

test('orders follow what is known ahead, and nothing else that is to come', () => {
  const change = 130;
  const ordersOf = (quantities: number[], regressors: Record<string, Float64Array>): number[][] => {
    const of = replayCase({ id: 'a', quantities, prices: null, regressors }, terms);
    const outlooks = outlooksOf('mix', of.known, of.regressors);
    const at = (t: number) => outlooks[t - START]!;
    const kinds = ['s-S', 's-Q', 'R-S', 'R-s-S', 'base-stock', 'newsvendor', 'min-max'] as const;
    const input = { of, terms, times, outlooks, start: START };
    const rules = [
      ...kinds.map((kind) => planRule({ kind, target: { kind: 'cycle-service', value: 0.9 } }, input)),
      ...ORIGINAL_RULES.map((rule) => originalRule(rule, { of, terms, at, start: START })),
    ];
    const span = { start: START, end: PERIODS, openingStock: openingStock(of, START, terms) };
    return rules.map((rule) => {
      const found: number[] = [];
      replayStock(of, span, terms, rule, { onPeriod: (_, __, ordered) => found.push(ordered) });
      return found.slice(0, change - START + 1);
    });
  };
  const orders = ordersOf(demand, { deal });
  const otherDemand = demand.map((value, t) => (t < change ? value : 300 - value));
  expect(ordersOf(otherDemand, { deal })).toEqual(orders);
  const otherDeals = deal.map((value, t) => (t < change ? value : 1 - value));
  const changed = ordersOf(demand, { deal: otherDeals });
  expect(changed).not.toEqual(orders);
  // The z-formula looks at no forecast.
  expect(changed.at(-1)).toEqual(orders.at(-1));
});

test('a replay with a known deal keeps less stock for the same service', () => {
  const row = {
    policy: 'R-S' as const,
    forecaster: 'mix',
    plan: { kind: 'R-S' as const, target: { kind: 'cycle-service' as const, value: 0.95 } },
  };
  const task = { terms, rows: [row], forecasters: ['mix'], test: PERIODS - START, seed: 1 };
  const replayed = (regressors: Record<string, Float64Array>) =>
    replaySeries(task, { id: 'a', quantities: demand, prices: null, regressors })!.rows[0]!;
  const [told, untold] = [replayed({ deal }), replayed({})];
  expect(told.served / told.demand).toBeGreaterThan(untold.served / untold.demand - 0.01);
  expect(told.stock).toBeLessThan(0.9 * untold.stock);
});
