import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  drawLeadTime,
  type LeadTimeObservation,
  leadTimeQuantile,
  learnItemLeadTime,
  learnLeadTime,
} from '../../../shared/core/inventory/policies/learn-lead-time.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';

const stated = { meanDays: 10, deviationDays: 2, weight: 4 };
const fresh = (days: number, count = 1): LeadTimeObservation[] =>
  Array.from({ length: count }, () => ({ days, ageDays: 0 }));
const observation = fc.record({
  days: fc.double({ min: 0, max: 200, noNaN: true }),
  ageDays: fc.double({ min: 0, max: 2000, noNaN: true }),
  isOpen: fc.boolean(),
  weight: fc.double({ min: 0, max: 2, noNaN: true }),
});
const prior = fc.record({
  meanDays: fc.double({ min: 0.5, max: 60, noNaN: true }),
  deviationDays: fc.double({ min: 0, max: 20, noNaN: true }),
  weight: fc.double({ min: 0.5, max: 20, noNaN: true }),
});

describe('a lead time learnt from deliveries', () => {
  test('without any is the prior', () => {
    expect(learnLeadTime([], stated)).toEqual({
      meanDays: 10,
      deviationDays: 2,
      meanErrorDays: 1,
      evidence: 0,
      trust: 0,
    });
  });

  test('four of 14 days and a prior of 10 worth four make 12, with the spread between them', () => {
    const learnt = learnLeadTime(fresh(14, 4), stated);
    expect(learnt.meanDays).toBeCloseTo(12, 9);
    // half of 2^2, and 2 days off on both sides
    expect(learnt.deviationDays).toBeCloseTo(Math.sqrt(6), 9);
    expect(learnt.trust).toBeCloseTo(0.5, 9);
  });

  test('more deliveries move it to what they say', () => {
    const gaps = [1, 4, 16, 64, 256].map((count) =>
      Math.abs(learnLeadTime(fresh(20, count), stated).meanDays - 20),
    );
    for (let i = 1; i < gaps.length; i++) expect(gaps[i]!).toBeLessThan(gaps[i - 1]!);
    expect(gaps.at(-1)!).toBeLessThan(0.2);
    const many = learnLeadTime(fresh(20, 256), stated);
    expect(many.deviationDays).toBeLessThan(1.4);
    expect(many.meanErrorDays).toBeLessThan(0.1);
  });

  test('one of a year ago counts half', () => {
    const old = learnLeadTime([{ days: 16, ageDays: 365 }], { ...stated, weight: 1 });
    expect(old.meanDays).toBeCloseTo((10 + 0.5 * 16) / 1.5, 9);
    expect(old.evidence).toBeCloseTo(0.5, 9);
  });

  test('an order that is open for long makes it longer, one just placed changes nothing much', () => {
    const late = learnLeadTime([{ days: 25, ageDays: 0, isOpen: true }], stated);
    expect(late.meanDays).toBeGreaterThan(12);
    const early = learnLeadTime([{ days: 1, ageDays: 0, isOpen: true }], stated);
    expect(early.meanDays).toBeCloseTo(10, 3);
    expect(early.evidence).toBe(0);
  });

  test('open orders correct what finished ones alone would say too early', () => {
    const random = seededRandom(5);
    // True lead times of 20 +- 6 days; whatever takes longer than 22 is still open at 22.
    const drawn = Array.from({ length: 4000 }, () =>
      drawLeadTime({ meanDays: 20, deviationDays: 6 }, random),
    );
    const weak = { meanDays: 15, deviationDays: 5, weight: 1 };
    const finished = drawn.filter((days) => days <= 22).map((days) => ({ days, ageDays: 0 }));
    const open = drawn.filter((days) => days > 22).map(() => ({ days: 22, ageDays: 0, isOpen: true }));
    expect(learnLeadTime(finished, weak).meanDays).toBeLessThan(17.5);
    const learnt = learnLeadTime([...finished, ...open], weak);
    expect(learnt.meanDays).toBeGreaterThan(19.5);
    expect(learnt.meanDays).toBeLessThan(20.5);
    expect(learnt.deviationDays).toBeGreaterThan(5.3);
    expect(learnt.deviationDays).toBeLessThan(6.7);
  });

  test('is finite, not negative, and between the least and the most that is known, unless orders are open', () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 30 }), prior, (observations, believed) => {
        const learnt = learnLeadTime(observations, believed);
        expect(learnt.deviationDays).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(learnt.meanDays) && Number.isFinite(learnt.deviationDays)).toBe(true);
        expect(learnt.trust >= 0 && learnt.trust < 1).toBe(true);
        const days = observations.map((each) => each.days);
        expect(learnt.meanDays).toBeGreaterThanOrEqual(Math.min(believed.meanDays, ...days) - 1e-6);
        if (observations.every((each) => !each.isOpen))
          expect(learnt.meanDays).toBeLessThanOrEqual(Math.max(believed.meanDays, ...days) + 1e-6);
      }),
    );
  });

  test('a later delivery never makes it shorter', () => {
    fc.assert(
      fc.property(
        fc.array(observation, { minLength: 1, maxLength: 10 }),
        prior,
        fc.nat({ max: 50 }),
        (given, believed, more) => {
          const closed = given.map((each) => ({ ...each, isOpen: false }));
          const later = closed.map((each, i) => (i === 0 ? { ...each, days: each.days + more } : each));
          expect(learnLeadTime(later, believed).meanDays).toBeGreaterThanOrEqual(
            learnLeadTime(closed, believed).meanDays - 1e-9,
          );
        },
      ),
    );
  });
});

describe('an item of a supplier', () => {
  test('without deliveries of its own takes those of the others, and without these the stated terms', () => {
    const none = learnItemLeadTime({ ofItem: [], ofSupplier: [], stated: { meanDays: 12 } });
    expect(none).toMatchObject({ meanDays: 12, deviationDays: 3, evidence: 0 });
    const others = learnItemLeadTime({ ofItem: [], ofSupplier: fresh(20, 40), stated: { meanDays: 12 } });
    expect(others.meanDays).toBeGreaterThan(19);
    expect(others.evidence).toBe(0);
  });

  test('with many of its own goes by these', () => {
    const own = learnItemLeadTime({
      ofItem: fresh(5, 100),
      ofSupplier: fresh(20, 40),
      stated: { meanDays: 12 },
    });
    expect(own.meanDays).toBeLessThan(6);
  });
});

describe('the distribution', () => {
  test('quantiles rise with the probability, and half of the draws lie below the median', () => {
    const lead = { meanDays: 14, deviationDays: 4 };
    const quantiles = [0.05, 0.25, 0.5, 0.75, 0.95].map((p) => leadTimeQuantile(lead, p));
    for (let i = 1; i < 5; i++) expect(quantiles[i]!).toBeGreaterThan(quantiles[i - 1]!);
    const random = seededRandom(1);
    let sum = 0;
    let below = 0;
    for (let i = 0; i < 20_000; i++) {
      const days = drawLeadTime(lead, random);
      sum += days;
      if (days < quantiles[2]!) below++;
    }
    expect(Math.abs(sum / 20_000 - 14)).toBeLessThan(0.15);
    expect(Math.abs(below / 20_000 - 0.5)).toBeLessThan(0.02);
  });

  test('a certain lead time is always the same', () => {
    expect(leadTimeQuantile({ meanDays: 7, deviationDays: 0 }, 0.99)).toBe(7);
    expect(drawLeadTime({ meanDays: 7, deviationDays: 0 }, seededRandom(1))).toBe(7);
  });
});

test('a prior without weight and negative days are refused', () => {
  expect(() => learnLeadTime([], { ...stated, weight: 0 })).toThrow(RangeError);
  expect(() => learnLeadTime([{ days: -1, ageDays: 0 }], stated)).toThrow(RangeError);
});
