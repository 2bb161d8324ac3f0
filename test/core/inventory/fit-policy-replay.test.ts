import { describe, expect, test } from 'vitest';
import { fitPolicy, type PolicyTarget } from '../../../shared/core/inventory/policies/fit-policy.ts';
import {
  orderOf,
  orderUpToOf,
  type PolicyKind,
  reorderPointOf,
} from '../../../shared/core/inventory/policies/policy-rule.ts';
import type { CountMoments } from '../../../shared/core/math/count-distribution.ts';
import { countLaw, drawCount } from '../../../shared/core/math/panjer-counts.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';

const LEAD_DAYS = 7;
const REVIEW_DAYS = 7;
const DAYS = 40_000;
const HOLDING = 0.02;
const SHORTAGE = 2;

interface Outcome {
  readonly fillRate: number;
  readonly cycleService: number;
  readonly stock: number;
  readonly costADay: number;
}

/** Fits a rule to simulated lead-time demand, and lives with it for a century, with backorders. */
function live(kind: PolicyKind, demand: CountMoments, order: number, target: PolicyTarget): Outcome {
  const random = seededRandom(11);
  const law = countLaw(demand);
  const sum = (from: number, days: number): number => {
    let total = from;
    for (let i = 0; i < days; i++) total += drawCount(law, random);
    return total;
  };
  const leadTimeDemand = Float64Array.from({ length: 8000 }, () => sum(0, LEAD_DAYS));
  const lookDemand = leadTimeDemand.map((value) => sum(value, 1));
  const protectionDemand = lookDemand.map((value) => sum(value, REVIEW_DAYS - 1));
  const rule = fitPolicy(kind, {
    leadTimeDemand,
    lookDemand,
    protectionDemand,
    betweenLooks: lookDemand.map((value, i) => value - leadTimeDemand[i]!),
    betweenReviews: protectionDemand.map((value, i) => value - leadTimeDemand[i]!),
    meanDemandAPeriod: demand.mean,
    cost: { order, holdingAPeriodUnit: HOLDING, shortageUnit: SHORTAGE },
    target,
  });
  let [onHand, position, sold, short, stock, orders, cycles, shortCycles] = [60, 60, 0, 0, 0, 0, 0, 0];
  const arriving = new Float64Array(DAYS + LEAD_DAYS + 2);
  for (let day = 0; day < DAYS; day++) {
    if (arriving[day]! > 0) {
      cycles++;
      if (onHand < 0) shortCycles++;
      onHand += arriving[day]!;
    }
    const wanted = drawCount(law, random);
    short += Math.max(0, wanted - Math.max(0, onHand));
    sold += wanted;
    onHand -= wanted;
    position -= wanted;
    stock += Math.max(0, onHand);
    const quantity = orderOf(rule, position, day % REVIEW_DAYS === 0);
    if (quantity > 0) {
      position += quantity;
      arriving[day + 1 + LEAD_DAYS]! += quantity;
      orders++;
    }
  }
  return {
    fillRate: 1 - short / sold,
    cycleService: 1 - shortCycles / cycles,
    stock: stock / DAYS,
    costADay: (order * orders + HOLDING * stock + SHORTAGE * short) / DAYS,
  };
}

const KINDS = ['s-S', 's-Q', 'min-max', 'R-S', 'R-s-S', 'base-stock'] as const;
const steady = { mean: 4, variance: 12 };
const slow = { mean: 0.3, variance: 0.9 };

describe.each([0.5, 20])('rules fitted at %d an order reach in the long run', (order) => {
  test.each(KINDS)('the fill rate they were asked for: %s', (kind) => {
    const found = live(kind, steady, order, { kind: 'fill-rate', value: 0.95 }).fillRate;
    expect(found).toBeGreaterThan(0.94);
    expect(found).toBeLessThan(0.965);
    // A unit more or less is a per cent of what sells slowly, and its century is short.
    const ofSlow = live(kind, slow, order, { kind: 'fill-rate', value: 0.95 }).fillRate;
    expect(ofSlow).toBeGreaterThan(0.925);
    expect(ofSlow).toBeLessThan(0.98);
  });

  test.each(KINDS)('the cycle service they were asked for: %s', (kind) => {
    const found = live(kind, steady, order, { kind: 'cycle-service', value: 0.95 }).cycleService;
    expect(found).toBeGreaterThan(0.935);
    expect(found).toBeLessThan(0.975);
  });

  test.each(KINDS)('a cost that neither more nor less stock would lower much: %s', (kind) => {
    const best = live(kind, steady, order, { kind: 'cost' }).costADay;
    for (const value of [0.25, 0.5, 2, 4]) {
      const other = live(kind, steady, order, { kind: 'cost', value });
      expect(other.costADay).toBeGreaterThan(best * 0.99);
    }
  });
});

/** Futures of days whose level nobody knows: lognormal around 2 units a day, units falling by chance in lots. */
describe.each([0, 0.6, 0.9, 1.2])(
  'where all days of a future share a level of deviation %d in its logarithm',
  (sigma) => {
    const random = seededRandom(23);
    const law = (mean: number) => countLaw({ mean, variance: 1.5 * mean });
    const level = () => 2 * Math.exp(sigma * random.normal() - (sigma * sigma) / 2);
    const demandOf = (mean: number): number => drawCount(law(mean), random);

    test.each<['s-S' | 's-Q' | 'R-s-S', number]>([
      ['s-S', 14],
      ['s-S', 42],
      ['s-Q', 42],
      ['R-s-S', 42],
    ])('every cycle has the asked service, and not more: %s, %d days', (kind, leadDays) => {
      const futures = Array.from({ length: 8000 }, () => {
        const rate = level();
        const [lead, look] = [demandOf(rate * leadDays), demandOf(rate)];
        return { lead, look: lead + look, protection: lead + look + demandOf(rate * (REVIEW_DAYS - 1)) };
      });
      const sample = (of: (future: (typeof futures)[number]) => number) => Float64Array.from(futures, of);
      const rule = fitPolicy(kind, {
        leadTimeDemand: sample(({ lead }) => lead),
        lookDemand: sample(({ look }) => look),
        protectionDemand: sample(({ protection }) => protection),
        betweenLooks: sample(({ lead, look }) => look - lead),
        betweenReviews: sample(({ lead, protection }) => protection - lead),
        meanDemandAPeriod: 2,
        cost: { order: 40, holdingAPeriodUnit: HOLDING, shortageUnit: SHORTAGE },
        target: { kind: 'cycle-service', value: 0.95 },
      });
      const days = kind === 'R-s-S' ? REVIEW_DAYS : 1;
      const [from, upTo] = [reorderPointOf(rule)!, orderUpToOf(rule)];
      let short = 0;
      const cycles = 8000;
      for (let cycle = 0; cycle < cycles; cycle++) {
        const rate = Math.max(0.01, level());
        let position = upTo;
        while (position > from) position -= demandOf(rate * days);
        if (demandOf(rate * leadDays) > position) short++;
      }
      expect(1 - short / cycles).toBeGreaterThan(0.93);
      expect(1 - short / cycles).toBeLessThan(0.975);
    });
  },
);
