import { describe, expect, test } from 'vitest';
import { assessSeries, type SeriesInput } from '../../../functions/restock/assess-series.ts';
import type { Policy } from '../../../shared/contracts/policy.ts';
import { addDays, daysBetween } from '../../../shared/core/calendar/add-days.ts';
import { orderOf, type PolicyRule } from '../../../shared/core/inventory/policies/policy-rule.ts';
import type { CountMoments } from '../../../shared/core/math/count-distribution.ts';
import { countLaw, drawCount } from '../../../shared/core/math/panjer-counts.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';
import { PlanSettings } from '../../../shared/data/planning/setting-store.ts';
import type { SupplierItem } from '../../../shared/data/purchasing/supplier-item-store.ts';

const NIGHTS = 14_000;
/** A Sunday evening: people act on the plan from Monday on. */
const SUNDAY = '2012-01-01';

interface Case {
  readonly demand: CountMoments;
  readonly leadDays: number;
  readonly kind?: Policy['kind'];
  readonly target?: Policy['target'];
  readonly reviewDays?: number;
  readonly orderCost?: string;
  readonly calendar?: SupplierItem['calendar'];
}

function inputOf({ demand, kind = 's-S', target, reviewDays = 7 }: Case, asOf: string): SeriesInput {
  const average = 7 * demand.mean;
  return {
    series: {
      productId: 'P',
      locationId: 'MAIN',
      firstDay: addDays(asOf, 1),
      periodDays: 7,
      horizon: 26,
      model: 'negbin',
      demandClass: 'smooth',
      // independent weeks, each the sum of seven independent days
      state: {
        model: 'negbin',
        average,
        level: average,
        persistence: 0,
        weight: 0,
        excess: Math.max(1e-6, demand.variance / demand.mean - 1),
      },
      lowConfidence: null,
    },
    position: { onHand: 0, committed: 0, onOrder: 0 },
    supply: [],
    expiring: 0,
    policy: {
      kind,
      target: target ?? { kind: 'cycle-service', value: 0.95 },
      reviewDays,
      minimum: null,
      maximum: null,
      safetyLeadDays: 0,
      source: 'settings',
    },
    className: undefined,
    price: 4,
    currency: 'EUR',
    isStanding: false,
    settings: PlanSettings.parse({}),
    asOf,
    reviewedTo: addDays(asOf, -1),
  };
}

const itemOf = ({ leadDays, orderCost = '0.0000', calendar = {} }: Case): SupplierItem => ({
  productId: 'P',
  supplierId: 'S1',
  currency: 'EUR',
  unitCost: '2.5000',
  priceBreaks: [],
  orderCost,
  leadTimeDays: leadDays,
  leadTimeDeviationDays: 0,
  statedLeadTimeDays: leadDays,
  leadTimesSeen: 0,
  minimumQuantity: 1,
  orderMultiple: 1,
  maximumQuantity: null,
  priority: 1,
  supplierMinimum: '0.00',
  calendar,
});

interface Night {
  readonly rule: PolicyRule;
  readonly isReview: boolean;
  /** Days of demand until an order of the morning is there; undefined when the supplier takes none. */
  readonly days: number | undefined;
}

/** Plans every night and orders every morning that the supplier takes orders, with backorders. */
function live(of: Case): {
  readonly cycleService: number;
  readonly fillRate: number;
  readonly orders: number;
} {
  const item = itemOf(of);
  const period = 7 * (of.reviewDays ?? 7);
  const nights = Array.from({ length: period }, (_, i): Night => {
    const asOf = addDays(SUNDAY, i);
    const { rule, isReviewDay, timing } = assessSeries(inputOf(of, asOf), item);
    const isOpen = timing.orderDay === addDays(asOf, 1);
    return {
      rule,
      isReview: isReviewDay,
      days: isOpen ? daysBetween(timing.orderDay, timing.expectedDate) : undefined,
    };
  });
  const law = countLaw(of.demand);
  const random = seededRandom(21);
  const arriving = new Float64Array(NIGHTS + 200);
  let onHand = Math.round(30 * of.demand.mean);
  let [position, cycles, shortCycles, sold, short, orders] = [onHand, 0, 0, 0, 0, 0];
  for (let night = 0; night < NIGHTS; night++) {
    // what comes in the morning finds the cycle that it ends
    if (arriving[night]! > 0) {
      cycles++;
      if (onHand < 0) shortCycles++;
      onHand += arriving[night]!;
    }
    const { rule, isReview, days } = nights[night % period]!;
    const units = days === undefined ? 0 : orderOf(rule, position, isReview);
    if (units > 0) {
      orders++;
      position += units;
      arriving[night + days!]! += units;
      if (days === 0) onHand += units;
    }
    const wanted = drawCount(law, random);
    short += Math.max(0, wanted - Math.max(0, onHand));
    sold += wanted;
    onHand -= wanted;
    position -= wanted;
  }
  return { cycleService: 1 - shortCycles / cycles, fillRate: 1 - short / sold, orders };
}

const poisson = { mean: 10, variance: 10.001 };
const wild = { mean: 10, variance: 30 };
const slow = { mean: 0.3, variance: 0.9 };
const mondays = { orderWeekdays: [1] };

describe('what the plan orders night by night, lived with for decades, has the asked cycle service', () => {
  test.each<[string, Case]>([
    ['steady, 2 days', { demand: poisson, leadDays: 2 }],
    ['wild, 2 days', { demand: wild, leadDays: 2 }],
    ['wild, 7 days', { demand: wild, leadDays: 7 }],
    ['wild, 10 days', { demand: wild, leadDays: 10 }],
    ['wild, 2 days, an order costs', { demand: wild, leadDays: 2, orderCost: '40.0000' }],
    ['small, 3 days', { demand: { mean: 1, variance: 2 }, leadDays: 3 }],
    ['by lots, 2 days', { demand: wild, leadDays: 2, kind: 's-Q' }],
    ['base stock, 7 days', { demand: wild, leadDays: 7, kind: 'base-stock' }],
    ['orders on Mondays, 2 days', { demand: wild, leadDays: 2, calendar: mondays }],
    ['orders on Mondays, 10 days', { demand: wild, leadDays: 10, calendar: mondays }],
    ['reviews, 2 days', { demand: wild, leadDays: 2, kind: 'R-S' }],
    [
      'reviews with a reorder point, 7 days',
      { demand: wild, leadDays: 7, kind: 'R-s-S', orderCost: '40.0000' },
    ],
  ])('%s', (_, of) => {
    const found = live(of);
    expect(found.cycleService).toBeGreaterThan(0.93);
    expect(found.cycleService).toBeLessThan(0.98);
  });

  test('slow, 7 days, reviews of four weeks, asked for 90 %: a unit is several per cent', () => {
    const of: Case = {
      demand: slow,
      leadDays: 7,
      reviewDays: 28,
      target: { kind: 'cycle-service', value: 0.9 },
    };
    const found = live(of).cycleService;
    expect(found).toBeGreaterThan(0.88);
    expect(found).toBeLessThan(0.96);
  });

  test('and where orders are free, one goes out about once a review, not every day', () => {
    const { orders } = live({ demand: wild, leadDays: 2 });
    expect(orders).toBeLessThan(NIGHTS / 6);
  });
});
