import { describe, expect, test } from 'vitest';
import { assessSeries } from '../../../functions/restock/assess-series.ts';
import { judgeSeries } from '../../../functions/restock/need-of.ts';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { explained, quantityFromExplanation } from '../../../shared/core/inventory/explain-need.ts';
import { reorderPointOf } from '../../../shared/core/inventory/policies/policy-rule.ts';
import { inputOf, item } from '../planning/series-fixture.ts';

// the 11th of December 2011 was a Sunday
const SUNDAY = '2011-12-11';
const mondays = item({ leadTimeDays: 2, leadTimeDeviationDays: 0, calendar: { orderWeekdays: [1] } });

describe('a supplier that takes orders on Mondays', () => {
  test('gets the order of the plan that is made in the night to Monday on that day, and the next a week later', () => {
    const timingOf = (asOf: string) => assessSeries(inputOf({ asOf }), mondays).timing;
    expect(timingOf(SUNDAY)).toMatchObject({ orderDay: '2011-12-12', expectedDate: '2011-12-14' });
    expect(timingOf(SUNDAY)).toMatchObject({ waitDays: 0, lookDays: 7 });
    expect(timingOf(addDays(SUNDAY, 1))).toMatchObject({ orderDay: '2011-12-19', waitDays: 6, lookDays: 13 });
  });

  test('counts the days since the last demand as days of demand, where people act later', () => {
    const input = { ...inputOf({ asOf: '2011-12-09' }), actionDay: '2011-12-12' };
    expect(assessSeries(input, mondays).timing).toMatchObject({ orderDay: '2011-12-12', waitDays: 2 });
  });

  test('brings the goods of today before those of the next chance: what lasts until today’s is no stockout', () => {
    const input = inputOf({ asOf: SUNDAY, onHand: 20 });
    const { stockoutProbability, reorderPoint } = assessSeries(input, mondays);
    expect(reorderPoint!).toBeGreaterThanOrEqual(15);
    expect(stockoutProbability).toBeLessThan(0.02);
  });
});

test('is ordered at the latest when the goods still come before the stock is used up, never before the first chance', () => {
  const dayOf = (onHand: number) => judgeSeries(inputOf({ onHand }), [item()])!.need!.orderBy;
  expect(dayOf(0)).toBe('2011-12-10');
  // ten a week: a unit is left after twenty days
  expect(dayOf(29)).toBe(addDays('2011-12-09', 21 - 14));
  const { words, numbers } = judgeSeries(inputOf({ onHand: 29 }), [item()])!.explain();
  expect(words).toContain(
    'Order by 2011-12-16 at the latest; ordered on 2011-12-10 it is expected on 2011-12-24.',
  );
  expect(explained(numbers, 'undershootMean')).toBeGreaterThan(0);
  expect(words).toMatch(/used up on average before a plan can notice/);
});

describe('a rule with reviews', () => {
  const due = (kind: 'R-S' | 'R-s-S' | 'newsvendor', asOf: string, reviewedTo?: string) => {
    const input = { ...inputOf({ asOf, onHand: 0, policy: { kind } }), reviewedTo };
    return judgeSeries(input, [item()])!;
  };

  test.each(['R-S', 'R-s-S', 'newsvendor'] as const)(
    '%s: looks in the plan of the review, and in the next one where that night was missed',
    (kind) => {
      // plans of the nights to Monday and to Tuesday, the day after a closed Monday, and of a week without plans
      expect(due(kind, SUNDAY, '2011-12-10').need).toBeDefined();
      expect(due(kind, '2011-12-12', SUNDAY).need).toBeUndefined();
      expect(due(kind, '2011-12-13', '2011-12-10').need).toBeDefined();
      expect(due(kind, '2011-12-23', '2011-12-13').need).toBeDefined();
      expect(due(kind, '2011-12-15').need).toBeDefined();
    },
  );

  test('says so where it does not look, in numbers that work out to nothing', () => {
    const { numbers } = due('R-S', '2011-12-12', SUNDAY).explain();
    expect(explained(numbers, 'isReviewDay')).toBe(0);
    expect(quantityFromExplanation(numbers)).toBe(0);
  });
});

test('a higher service never lowers a level, step by step from 80 to 99.9 %', () => {
  let last = { reorderPoint: 0, orderUpTo: 0 };
  for (let service = 800; service <= 999; service++) {
    const { rule, orderUpTo } = assessSeries(
      inputOf({ weekly: 90, policy: { target: { kind: 'cycle-service', value: service / 1000 } } }),
      item(),
    );
    const now = { reorderPoint: reorderPointOf(rule)!, orderUpTo };
    expect(now.reorderPoint).toBeGreaterThanOrEqual(last.reorderPoint);
    expect(now.orderUpTo).toBeGreaterThanOrEqual(last.orderUpTo);
    last = now;
  }
});

test('a cost is rounded as the database rounds it', () => {
  const { numbers } = judgeSeries(inputOf({ onHand: 0, committed: 1, policy: { kind: 'do-not-stock' } }), [
    item({ unitCost: '1.0050' }),
  ])!.explain();
  expect(explained(numbers, 'quantity')).toBe(1);
  expect(explained(numbers, 'cost')).toBe('1.01');
});
