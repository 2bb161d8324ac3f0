import { expect, test } from 'vitest';
import { type SuppliedLine, scoreSupplier } from '../../../shared/core/inventory/supplier-scorecard.ts';

const line: SuppliedLine = {
  orderedDay: 0,
  promisedDay: 10,
  ordered: 100,
  receipts: [{ day: 10, quantity: 100, damaged: 0 }],
  isOpen: true,
  quotedDays: 8,
  orderedCost: 2,
  chargedCost: 2,
};

test('a line in full on its day, one in parts and late, one short, and one that never comes', () => {
  const score = scoreSupplier(
    [
      line,
      {
        ...line,
        receipts: [
          { day: 8, quantity: 40, damaged: 0 },
          { day: 14, quantity: 60, damaged: 6 },
        ],
        chargedCost: 2.2,
      },
      { ...line, receipts: [{ day: 9, quantity: 50, damaged: 0 }], isOpen: false },
      { ...line, receipts: [] },
      // not due yet: nobody knows
      { ...line, promisedDay: 30, receipts: [] },
    ],
    20,
  );
  expect(score).toMatchObject({ lines: 4, otif: 1 / 4, onTime: 2 / 4, inFull: 1 / 4, fillRate: 244 / 400 });
  expect(score.damageRate).toBeCloseTo(6 / 250, 12);
  // units after 10, 8, 14, 9 days: 100, 40, 60, 50
  const mean = (100 * 10 + 40 * 8 + 60 * 14 + 50 * 9) / 250;
  expect(score.leadTimeMean).toBeCloseTo(mean, 12);
  expect(score.leadTimeBias).toBeCloseTo(mean - 8, 12);
  expect(score.lateness).toBeCloseTo(mean - 10, 12);
  const variance =
    (100 * (10 - mean) ** 2 + 40 * (8 - mean) ** 2 + 60 * (14 - mean) ** 2 + 50 * (9 - mean) ** 2) / 250;
  expect(score.leadTimeVariation).toBeCloseTo(Math.sqrt(variance) / mean, 12);
  // 250 units at 2.00, of which 100 were charged 0.20 more
  expect(score.priceVariance).toBeCloseTo(20 / 500, 12);
});

test('without orders nothing is said', () => {
  const score = scoreSupplier([], 0);
  expect(score.lines).toBe(0);
  expect(new Set(Object.values({ ...score, lines: null }))).toEqual(new Set([null]));
});

test('who delivers later is never judged better, and who never delivers worst', () => {
  const late = (day: number) =>
    scoreSupplier([{ ...line, receipts: [{ day, quantity: 100, damaged: 0 }] }], 60);
  let before = late(1);
  for (let day = 2; day < 40; day++) {
    const score = late(day);
    expect(score.otif!).toBeLessThanOrEqual(before.otif!);
    expect(score.lateness!).toBeGreaterThan(before.lateness!);
    before = score;
  }
  expect(scoreSupplier([{ ...line, receipts: [] }], 60)).toMatchObject({
    otif: 0,
    onTime: 0,
    inFull: 0,
    fillRate: 0,
  });
});
