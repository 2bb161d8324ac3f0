import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  judgeStock,
  type StockFacts,
  WASTE_KINDS,
} from '../../../../shared/core/inventory/waste/judge-stock.ts';
import { deadWords, percent } from '../../../../shared/core/inventory/waste/waste-words.ts';

const rules = { endsPerDay: 0.1 / 365, deadProbability: 0.95, slowPerDay: 0.1, coverDays: 91 };
const prior = { shape: 2, days: 300 };
const facts: StockFacts = {
  onHand: 100,
  committed: 0,
  onOrder: 0,
  sales: { saleDays: 200, daysToLastSale: 1000, daysInStock: 1000 },
  daysSinceSale: 0,
  soldRecently: 18,
  soldSameSeason: 0,
  soldSilentSeason: 0,
  expected: { perDay: 0.2, high: 30, days: 91 },
  expired: 0,
  expiring: 0,
};

describe('what a stock is', () => {
  test('excess is what is above the upper demand of the days of cover, what is coming included', () => {
    expect(judgeStock(facts, prior, rules)).toMatchObject({ orderUpTo: 30, excess: 70, verdict: 'wanted' });
    expect(judgeStock({ ...facts, onOrder: 20, committed: 5 }, prior, rules).excess).toBe(85);
    expect(judgeStock({ ...facts, onHand: 30 }, prior, rules).excess).toBe(0);
  });

  test('what is on order is too much first: stock that is needed is no excess because more is coming', () => {
    const needed = { ...facts, onHand: 20, onOrder: 60, expected: { perDay: 0.4, high: 40, days: 91 } };
    const judged = judgeStock(needed, prior, rules);
    expect(judged).toMatchObject({ orderUpTo: 40, excess: 40, excessOnHand: 0 });
    expect(judged.units).toMatchObject({ excess: 0, healthy: 20 });
    expect(judgeStock({ ...needed, onHand: 50 }, prior, rules)).toMatchObject({
      excess: 70,
      excessOnHand: 10,
    });
  });

  test('what expires is no excess beside', () => {
    const judged = judgeStock({ ...facts, expired: 10, expiring: 15 }, prior, rules);
    expect(judged.units).toEqual({ expired: 10, expiring: 15, dead: 0, excess: 45, slow: 0, healthy: 30 });
  });

  test('velocity counts the days in stock; nothing sold means no number of days, not endless ones', () => {
    const young = { ...facts, sales: { saleDays: 1, daysToLastSale: 5, daysInStock: 10 }, soldRecently: 2 };
    expect(judgeStock(young, prior, rules)).toMatchObject({ velocity: 0.2, daysOfStock: 500 });
    expect(judgeStock({ ...facts, soldRecently: 0 }, prior, rules)).toMatchObject({
      daysOfStock: null,
      isSlow: true,
    });
    expect(judgeStock({ ...facts, soldRecently: 10 }, prior, rules).isSlow).toBe(false);
  });

  test('what is silent is dead, unless its season is coming or nothing like it was ever sold', () => {
    const silent = {
      ...facts,
      sales: { saleDays: 200, daysToLastSale: 700, daysInStock: 1000 },
      daysSinceSale: 300,
      soldRecently: 0,
    };
    expect(judgeStock(silent, prior, rules)).toMatchObject({ verdict: 'dead', isSlow: false });
    expect(judgeStock({ ...silent, soldSameSeason: 4 }, prior, rules).verdict).toBe('seasonal');
    // sold in those days a year ago as in all others
    expect(judgeStock({ ...silent, soldSameSeason: 40, soldSilentSeason: 60 }, prior, rules).verdict).toBe(
      'dead',
    );
    expect(judgeStock(silent, undefined, rules).verdict).toBe('wanted');
    expect(deadWords(silent, judgeStock(silent, prior, rules))).toMatch(
      /^No sale for 300 days, after 200 days with one; one was to be expected every 5 days/,
    );
  });

  test('every unit on hand is of one kind, and more cover never makes more excess', () => {
    const units = fc.integer({ min: 0, max: 300 });
    const any = fc.record({
      onHand: units,
      committed: units,
      onOrder: units,
      silence: fc.integer({ min: 0, max: 900 }),
      saleDays: fc.integer({ min: 0, max: 400 }),
      soldRecently: units,
      soldSameSeason: fc.integer({ min: 0, max: 3 }),
      soldSilentSeason: fc.integer({ min: 0, max: 3 }),
      perDay: fc.double({ min: 0, max: 5, noNaN: true }),
      wide: fc.option(fc.double({ min: 0, max: 200, noNaN: true })),
      expired: units,
      expiring: units,
    });
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 300 }), (some, more) => {
        const whole: StockFacts = {
          ...some,
          sales: { saleDays: some.saleDays, daysToLastSale: 900 - some.silence, daysInStock: 900 },
          daysSinceSale: some.saleDays > 0 ? some.silence : null,
          expected: {
            perDay: some.perDay,
            high: some.wide === null ? null : some.perDay * 91 + some.wide,
            days: 91,
          },
        };
        const judged = judgeStock(whole, prior, rules);
        const sum = WASTE_KINDS.reduce((all, kind) => all + judged.units[kind], 0);
        expect(sum).toBe(some.onHand);
        // of the excess nothing is lost between what is there and what is coming
        expect(judged.excess - judged.excessOnHand).toBe(Math.min(judged.excess, some.onOrder));
        const sellable = Math.max(0, some.onHand - some.expired - some.expiring);
        expect(judged.excessOnHand).toBeLessThanOrEqual(sellable);
        if (judged.verdict !== 'dead') expect(judged.units.excess).toBe(judged.excessOnHand);
        for (const kind of WASTE_KINDS) expect(judged.units[kind]).toBeGreaterThanOrEqual(0);
        expect(judgeStock(whole, prior, { ...rules, coverDays: 91 + more }).excess).toBeLessThanOrEqual(
          judged.excess,
        );
      }),
    );
  });

  test('a probability is never told as sure', () => {
    expect([0, 0.0004, 0.123, 0.056, 0.9996, 1].map(percent)).toEqual([
      '0 %',
      'less than 0.1 %',
      '12 %',
      '5.6 %',
      'more than 99.9 %',
      '100 %',
    ]);
  });
});
