import { expect, test } from 'vitest';
import { candidatesFor } from '../../../shared/core/replay/candidates.ts';
import { comparePolicies } from '../../../shared/core/replay/compare-policies.ts';
import { comparisonRows } from '../../../shared/core/replay/comparison-rows.ts';
import { outlookMaker } from '../../../shared/core/replay/forecasters.ts';
import { measuresOf } from '../../../shared/core/replay/measures.ts';
import { ORIGINAL_RULES, originalRule } from '../../../shared/core/replay/original-rules.ts';
import { outlookTimes } from '../../../shared/core/replay/outlook.ts';
import { planRule } from '../../../shared/core/replay/policy-plan.ts';
import { openingStock, replayCase } from '../../../shared/core/replay/replay-case.ts';
import {
  type ReplayTask,
  replaySeries,
  type SeriesReplay,
} from '../../../shared/core/replay/replay-series.ts';
import { replayStock } from '../../../shared/core/replay/replay-stock.ts';
import type { ReplayTerms } from '../../../shared/core/replay/replay-terms.ts';
import { inventedDemand, replayTermsOf } from './replay-terms-of.ts';

const FORECASTERS = ['mix', 'window', 'snaive', 'theta', 'blend'];

function taskOf(terms: ReplayTerms, forecasters = ['window', 'snaive']): ReplayTask {
  return {
    terms,
    rows: comparisonRows(['all'], forecasters, terms.serviceLevel),
    forecasters,
    test: 60,
    seed: 1,
  };
}

function replaysOf(task: ReplayTask, price = 2, series = 6): SeriesReplay[] {
  return Array.from({ length: series }, (_, i) => {
    const quantities = inventedDemand(i + 1, 200 + 10 * i, 2 + 3 * i);
    return replaySeries(task, { id: `s${i}`, quantities, prices: quantities.map(() => price) })!;
  });
}

test.each(FORECASTERS)('%s: what it expects at a time is the same whatever comes after it', (name) => {
  const terms = replayTermsOf({ leadTime: 3, review: 7 });
  const times = outlookTimes(100, 160, terms);
  const known = Float64Array.from(inventedDemand(5, 160));
  const all = outlookMaker({ id: 'a', known, times, terms, seed: 1 })(name);
  times.forEach((t, i) => {
    const other = known.map((value, at) => (at < t ? value : 1000 - 7 * at));
    const found = outlookMaker({ id: 'a', known: other, times, terms, seed: 1 })(name);
    expect(found[i]).toEqual(all[i]);
  });
});

test.each(FORECASTERS)('%s: expects numbers, ascending, from the first period on, gaps or not', (name) => {
  const terms = replayTermsOf({ leadTime: 2, review: 3, season: 52, daysAPeriod: 7 });
  const times = Int32Array.from([1, 2, 3, 5, 9, 20, 59]);
  const demands = [
    inventedDemand(3, 60),
    Array(60).fill(0),
    Array(60).fill(Number.NaN),
    [Number.NaN, ...inventedDemand(4, 59)],
  ];
  for (const demand of demands) {
    const outlooks = outlookMaker({ id: 'a', known: Float64Array.from(demand), times, terms, seed: 1 })(name);
    for (const { lead, look, protection, betweenLooks, betweenReviews, ...means } of outlooks) {
      for (const value of Object.values(means)) expect(value).toBeGreaterThanOrEqual(0);
      for (const sample of [lead, look, protection, betweenLooks, betweenReviews]) {
        expect(sample.every((value, i) => value >= (i === 0 ? 0 : sample[i - 1]!))).toBe(true);
        expect(sample.at(-1)).toBeLessThan(1e6);
      }
    }
  }
});

test.each([60, 65, 150])('levels follow the days of the week over %d daily reviews', (test) => {
  const terms = replayTermsOf({ leadTime: 1, review: 1, season: 7, daysAPeriod: 1 });
  const quantities = Array.from({ length: 400 }, (_, t) => (t % 7 === 5 ? 60 : 10));
  const task: ReplayTask = {
    ...{ terms, test, seed: 1, forecasters: ['snaive'] },
    rows: comparisonRows(['R-S'], ['snaive'], terms.serviceLevel),
  };
  const { rows } = replaySeries(task, { id: 'a', quantities, prices: quantities.map(() => 2) })!;
  const place = comparisonRows(['R-S'], ['snaive'], terms.serviceLevel).findIndex(
    ({ policy }) => policy === 'R-S',
  );
  // a span may begin with the day of most sales, whose stock nobody ordered
  expect(measuresOf([rows[place]!], terms).fillRate).toBeGreaterThan(0.98);
});

test('no rule orders by what it cannot know: orders before a change of the demand stay as they were', () => {
  const terms = replayTermsOf({ leadTime: 3, review: 7, orderCost: 4 });
  const quantities = inventedDemand(7, 160, 9);
  const changed = quantities.map((value, t) => (t < 130 ? value : 50 - value));
  const ordersOf = (demand: number[], forecaster: string): number[][] => {
    const of = replayCase({ id: 'a', quantities: demand, prices: null }, terms);
    const times = outlookTimes(100, 160, terms);
    const outlooks = outlookMaker({ id: 'a', known: of.known, times, terms, seed: 1 })(forecaster);
    const at = (t: number) => outlooks[times.findLastIndex((time) => time <= t)]!;
    const input = { of, terms, times, outlooks, start: 100 };
    const kinds = ['s-S', 's-Q', 'R-S', 'R-s-S', 'base-stock', 'newsvendor', 'min-max'] as const;
    const rules = [
      ...kinds.map((kind) => planRule({ kind, target: { kind: 'cycle-service', value: 0.9 } }, input)),
      ...ORIGINAL_RULES.map((rule) => originalRule(rule, { of, terms, at, start: 100 })),
    ];
    const span = { start: 100, end: 160, openingStock: openingStock(of, 100, terms) };
    return rules.map((rule) => {
      const found: number[] = [];
      replayStock(of, span, terms, rule, { onPeriod: (_, __, ordered) => found.push(ordered) });
      return found;
    });
  };
  for (const forecaster of ['window', 'snaive']) {
    const before = ordersOf(quantities, forecaster).map((orders) => orders.slice(0, 31));
    expect(ordersOf(changed, forecaster).map((orders) => orders.slice(0, 31))).toEqual(before);
    expect(before.every((orders) => orders.some((ordered) => ordered > 0))).toBe(true);
  }
});

test('auto is chosen without a look at the part that it is judged on', () => {
  const task = taskOf(replayTermsOf());
  const choose = (change: (value: number) => number) => {
    const replays = Array.from({ length: 5 }, (_, i) => {
      const quantities = inventedDemand(i + 1, 220, 8).map((value, t) => (t < 160 ? value : change(value)));
      return replaySeries(task, { id: `s${i}`, quantities, prices: null })!;
    });
    return comparePolicies(task, replays).choices;
  };
  expect(choose((value) => 9 * value)).toEqual(choose((value) => value));
});

test('the clairvoyant pays least, series by series, under all terms', () => {
  for (const terms of [
    replayTermsOf(),
    replayTermsOf({ orderCost: 5, review: 4 }),
    replayTermsOf({ leadTime: 0, review: 7, margin: 0.1 }),
    replayTermsOf({ leadTime: 9, orderCost: 60, holdingRate: 3 }),
  ]) {
    for (const replay of replaysOf(taskOf(terms))) {
      const cost = (tally: SeriesReplay['rows'][number]): number =>
        tally.holdingCost + tally.orderingCost + tally.lostMargin;
      const [clairvoyant, ...others] = [...replay.rows, ...replay.candidates].map(cost);
      expect(Math.min(...others)).toBeGreaterThanOrEqual(clairvoyant! - 1e-9);
    }
  }
});

test('a higher service level means no less stock and no worse service', () => {
  const levels = [0.5, 0.8, 0.9, 0.95, 0.99].map((serviceLevel) => {
    const task = taskOf(replayTermsOf({ serviceLevel, leadTime: 4, review: 3, orderCost: 1 }));
    return comparePolicies(task, replaysOf(task)).rows;
  });
  // The others order on days that the level shifts: what one path of demand brings may fall either way.
  const orderUpTo = levels[0]!.flatMap(({ policy }, row) =>
    ['R-S', 'base-stock'].includes(policy) ? [row] : [],
  );
  expect(orderUpTo).toHaveLength(4);
  for (const row of orderUpTo) {
    const measures = levels.map((rows) => rows[row]!.measures);
    for (let k = 1; k < measures.length; k++) {
      expect(measures[k]!.averageStock).toBeGreaterThanOrEqual(measures[k - 1]!.averageStock - 1e-9);
      expect(measures[k]!.fillRate).toBeGreaterThanOrEqual(measures[k - 1]!.fillRate - 1e-9);
    }
  }
});

test('prices and order costs in another currency scale the money and nothing else', () => {
  const at = (price: number, orderCost: number) => {
    const task = taskOf(replayTermsOf({ orderCost }));
    return comparePolicies(task, replaysOf(task, price));
  };
  const pounds = at(2, 3);
  const pence = at(200, 300);
  // The order cost of the z-formula is a constant of that rule, in whatever currency.
  const rows = pence.rows.filter(({ policy }) => policy !== 'z-formula');
  rows.forEach((row) => {
    const same = pounds.rows.find(
      ({ policy, forecaster }) => policy === row.policy && forecaster === row.forecaster,
    )!;
    for (const name of ['fillRate', 'cycleService', 'stockoutDays', 'averageStock', 'orders'] as const)
      expect(row.measures[name], `${row.policy} ${name}`).toBe(same.measures[name]);
    for (const name of ['holdingCost', 'orderingCost', 'lostMargin', 'totalCost'] as const)
      expect(row.measures[name]).toBeCloseTo(100 * same.measures[name], 6);
    expect(row.low).toBeCloseTo(100 * same.low, 6);
    expect(row.measures.turns).toBeCloseTo(same.measures.turns, 9);
  });
  expect(pence.choices.map(({ candidate }) => candidate)).toEqual(
    pounds.choices.map(({ candidate }) => candidate),
  );
});

test('steady demand: auto keeps what one period sells, and nothing is lost after the start', () => {
  const task = taskOf(replayTermsOf({ leadTime: 2 }));
  const replay = replaySeries(task, { id: 'a', quantities: Array(180).fill(10), prices: null })!;
  const [auto, clairvoyant] = comparePolicies(task, [replay]).rows;
  expect(auto!.measures).toMatchObject({ fillRate: 1, cycleService: 1, stockoutDays: 0 });
  expect(auto!.measures.averageStock).toBeLessThan(6);
  expect(auto!.measures.totalCost).toBeLessThan(1.1 * clairvoyant!.measures.totalCost);
});

test('an item that never sells is bought by no rule', () => {
  const task = taskOf(replayTermsOf());
  const replay = replaySeries(task, { id: 'a', quantities: Array(180).fill(0), prices: null })!;
  for (const tally of [...replay.rows, ...replay.candidates])
    expect(tally).toMatchObject({ orders: 0, stock: 0 });
  expect(measuresOf(replay.rows, task.terms)).toMatchObject({
    fillRate: 1,
    cycleService: 1,
    turns: 0,
    totalCost: 0,
  });
});

test('a series without a past is left out; one with a short past takes the choice of the others', () => {
  const task = taskOf(replayTermsOf());
  expect(replaySeries(task, { id: 'a', quantities: inventedDemand(1, 60), prices: null })).toBeNull();
  const short = replaySeries(task, { id: 'b', quantities: inventedDemand(2, 70), prices: null })!;
  expect(short.earlier).toBeNull();
  const { rows, choices } = comparePolicies(task, [...replaysOf(task), short]);
  expect(rows[0]!.measures.fillRate).toBeGreaterThan(0.9);
  expect(choices.every(({ candidate }) => candidate >= 0)).toBe(true);
});

test('the original rules as they are described', () => {
  const terms = replayTermsOf({ leadTime: 2, review: 3 });
  const of = replayCase({ id: 'a', quantities: [4, 6, 4, 6, 4, 6], prices: Array(6).fill(10) }, terms);
  const outlook = {
    meanAPeriod: 5,
    lead: new Float64Array(1),
    look: new Float64Array(1),
    protection: new Float64Array(1),
    betweenLooks: new Float64Array(1),
    betweenReviews: new Float64Array(1),
    summedUpper: 40,
    meanThirtyDays: 150,
  };
  const rule = (name: (typeof ORIGINAL_RULES)[number]) =>
    originalRule(name, { of, terms, at: () => outlook, start: 6 });
  // 1.15 x 40 = 46, on reviews only.
  expect(rule('upper-bound-plus-15')(6, 12)).toBeCloseTo(34, 9);
  expect(rule('upper-bound-plus-15')(7, 12)).toBe(0);
  // Mean 5, deviation 1.0954: 35 + 1.65 x 1.0954 x sqrt(7) = 39.78; a year's demand 1826.25 at a cost of 6.
  expect(rule('thirty-day-times-1.2')(6, 39)).toBe(180);
  expect(rule('thirty-day-times-1.2')(6, 40)).toBe(0);
  expect(rule('z-formula')(6, 39)).toBe(Math.ceil(Math.sqrt((2 * 1826.25 * 50) / 1.5)));
  expect(rule('z-formula')(6, 40)).toBe(0);
});

test('the z-formula takes the newest price above 0, and orders the demand of a year where there never was one', () => {
  const terms = replayTermsOf();
  const orderAt = (prices: number[]) => {
    const of = replayCase({ id: 'a', quantities: [4, 6, 4, 6, 4, 6], prices }, terms);
    const at = () => {
      throw new Error('it looks at no forecast');
    };
    return originalRule('z-formula', { of, terms, at, start: 6 })(6, 39);
  };
  expect(orderAt([10, 10, 10, 10, 0, 0])).toBe(orderAt(Array(6).fill(10)));
  expect(orderAt(Array(6).fill(0))).toBe(Math.ceil(1826.25));
});

test('candidates that save orders are tried where orders cost something', () => {
  const kinds = (orderCost: number) =>
    new Set(candidatesFor(replayTermsOf({ orderCost }), ['window']).map(({ kind }) => kind));
  expect([...kinds(0)]).toEqual(['base-stock', 'R-S', 'do-not-stock']);
  expect([...kinds(9)]).toEqual(['s-S', 's-Q', 'R-s-S', 'base-stock', 'do-not-stock']);
});
