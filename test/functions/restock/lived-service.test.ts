import { describe, expect, test } from 'vitest';
import { assessSeries, type SeriesInput } from '../../../functions/restock/assess-series.ts';
import type { Policy } from '../../../shared/contracts/policy.ts';
import { addDays, daysBetween } from '../../../shared/core/calendar/add-days.ts';
import { LEVEL_ERROR } from '../../../shared/core/forecast/combine/level-error.ts';
import { LEVEL_GRID } from '../../../shared/core/forecast/combine/level-grid.ts';
import { panelState } from '../../../shared/core/forecast/combine/panel-state.ts';
import {
  orderOf,
  orderUpToOf,
  type PolicyRule,
} from '../../../shared/core/inventory/policies/policy-rule.ts';
import type { CountMoments } from '../../../shared/core/math/count-distribution.ts';
import { normalQuantile } from '../../../shared/core/math/normal.ts';
import { countLaw, drawCount } from '../../../shared/core/math/panjer-counts.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';
import { PlanSettings } from '../../../shared/data/planning/setting-store.ts';
import type { SupplierItem } from '../../../shared/data/purchasing/supplier-item-store.ts';

/** Products that are alike but for the futures that are drawn for them: 500 of those leave a level a few per cent of chance. */
const PRODUCTS = Array.from({ length: 10 }, (_, i) => `P${i}`);
const NIGHTS = 6_000;
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
  /** How far the level follows each week's demand, and how much of its distance from the average it keeps; default 0. */
  readonly drift?: Readonly<Record<'weight' | 'persistence', number>>;
  readonly productId?: string;
}

/** `level` is that of the first week ahead. */
function inputOf(
  {
    demand,
    kind = 's-S',
    target,
    reviewDays = 7,
    drift = { weight: 0, persistence: 0 },
    productId = 'P',
  }: Case,
  asOf: string,
  level = 7 * demand.mean,
): SeriesInput {
  const average = 7 * demand.mean;
  return {
    series: {
      productId,
      locationId: 'MAIN',
      firstDay: addDays(asOf, 1),
      periodDays: 7,
      horizon: 26,
      model: 'negbin',
      demandClass: 'smooth',
      // weeks that depend on each other by their level alone, each the sum of seven independent days
      state: {
        model: 'negbin',
        average,
        level,
        ...drift,
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

interface Life {
  readonly cycles: number;
  readonly shortCycles: number;
  readonly orders: number;
}

/** Lives of all products together. */
function live(of: Case): { readonly cycleService: number; readonly orders: number } {
  const lives = PRODUCTS.map((productId, i) => liveOne({ ...of, productId }, 21 + i));
  const total = (part: (life: Life) => number): number => lives.reduce((sum, life) => sum + part(life), 0);
  const short = total((life) => life.shortCycles) / total((life) => life.cycles);
  return { cycleService: 1 - short, orders: total((life) => life.orders) };
}

/** Plans every night and orders every morning that the supplier takes orders, with backorders. */
function liveOne(of: Case, seed: number): Life {
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
  const random = seededRandom(seed);
  const arriving = new Float64Array(NIGHTS + 200);
  let onHand = Math.round(30 * of.demand.mean);
  let [position, cycles, shortCycles, orders] = [onHand, 0, 0, 0];
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
    onHand -= wanted;
    position -= wanted;
  }
  return { cycles, shortCycles, orders };
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
    expect(orders).toBeLessThan((PRODUCTS.length * NIGHTS) / 6);
  });
});

/** Nights of a life with a level that drifts. */
const LONG = 20_000;

/** The level follows each day's demand, and the plan of the night knows it; what it makes of a level is remembered. */
function liveDrifting(of: Case & Required<Pick<Case, 'drift'>>, seed: number): Omit<Life, 'orders'> {
  const { demand, drift, leadDays } = of;
  const item = itemOf(of);
  const average = 7 * demand.mean;
  const keeps = drift.persistence ** (1 / 7);
  const rules = new Map<number, PolicyRule>();
  const ruleAt = (level: number): PolicyRule => {
    const found = rules.get(level) ?? assessSeries(inputOf(of, SUNDAY, level), item).rule;
    rules.set(level, found);
    return found;
  };
  const random = seededRandom(seed);
  const arriving = new Float64Array(LONG + leadDays);
  let level = average;
  let onHand = 60 * demand.mean;
  let [position, cycles, shortCycles] = [onHand, 0, 0];
  for (let night = 0; night < LONG; night++) {
    if (arriving[night]! > 0) {
      cycles++;
      if (onHand < 0) shortCycles++;
      onHand += arriving[night]!;
    }
    const units = orderOf(ruleAt(Math.max(0.5, Math.round(2 * level) / 2)), position, true);
    position += units;
    arriving[night + leadDays]! += units;
    const today = level / 7;
    const wanted = drawCount(
      countLaw({ mean: today, variance: (today * demand.variance) / demand.mean }),
      random,
    );
    onHand -= wanted;
    position -= wanted;
    level = (1 - keeps) * average + keeps * level + drift.weight * (wanted - today);
  }
  return { cycles, shortCycles };
}

/**
 * Weeks are lognormal around a level that is lognormal too, as a combined forecast draws its futures, and each cycle has its
 * own level: it begins at the top, and ends with the order that comes.
 */
function liveShared(of: Case, sigma: number): number {
  const input = inputOf(of, SUNDAY);
  const median = 7 * of.demand.mean;
  const at = (score: number): number => median * Math.exp(sigma * score);
  const quantiles = LEVEL_GRID.map((level) => new Float64Array(26).fill(at(normalQuantile(level))));
  const forecast = { mean: new Float64Array(26).fill(at(sigma / 2)), quantiles };
  const state = panelState(forecast, { period: 26, isWhole: true, isSigned: false });
  const { rule } = assessSeries({ ...input, series: { ...input.series, model: 'panel', state } }, itemOf(of));
  const random = seededRandom(31);
  const cycles = 5000;
  let short = 0;
  for (let cycle = 0; cycle < cycles; cycle++) {
    const level = random.normal();
    let week = new Float64Array(0);
    let days = 0;
    const sold = (): number => {
      if (days % 7 === 0) {
        const score = Math.sqrt(LEVEL_ERROR) * level + Math.sqrt(1 - LEVEL_ERROR) * random.normal();
        week = new Float64Array(7);
        for (let left = Math.round(at(score)); left > 0; left--) week[random.integer(7)]!++;
      }
      return week[days++ % 7]!;
    };
    let position = orderUpToOf(rule);
    while (orderOf(rule, position, true) === 0) position -= sold();
    for (let day = 0; day < of.leadDays; day++) position -= sold();
    if (position < 0) short++;
  }
  return 1 - short / cycles;
}

describe('and where all weeks of a future share a level', () => {
  test.each<[string, Omit<Case, 'demand'>, number]>([
    ['2 weeks', { leadDays: 14 }, 0.6],
    ['6 weeks', { leadDays: 42 }, 0.6],
    ['6 weeks, very unsure', { leadDays: 42 }, 0.9],
    ['6 weeks, by lots', { leadDays: 42, kind: 's-Q' }, 0.9],
    ['6 weeks, reviews with a reorder point', { leadDays: 42, kind: 'R-s-S' }, 0.9],
  ])('that nobody knows: %s', (_, of, sigma) => {
    const found = liveShared({ ...of, demand: wild, orderCost: '40.0000' }, sigma);
    expect(found).toBeGreaterThan(0.93);
    expect(found).toBeLessThan(0.97);
  });

  test.each([14, 42])('that drifts from day to day: %d days', (leadDays) => {
    const drift = { weight: 0.1, persistence: 0.95 };
    const of = { demand: { mean: 4, variance: 12 }, leadDays, drift, orderCost: '5.0000' };
    const lives = PRODUCTS.map((productId, i) => liveDrifting({ ...of, productId }, 29 + i));
    const total = (part: 'cycles' | 'shortCycles') => lives.reduce((sum, life) => sum + life[part], 0);
    const found = 1 - total('shortCycles') / total('cycles');
    expect(found).toBeGreaterThan(0.93);
    expect(found).toBeLessThan(0.99);
  });
});
