import { describe, expect, test } from 'vitest';
import {
  economicOrderQuantity,
  orderQuantityCost,
} from '../../shared/core/inventory/economic-order-quantity.ts';
import {
  criticalRatio,
  newsvendorCost,
  newsvendorCountLevel,
  newsvendorLevel,
} from '../../shared/core/inventory/newsvendor.ts';
import { normalSafetyStock } from '../../shared/core/inventory/safety-stock.ts';
import { countQuantile } from '../../shared/core/math/count-distribution.ts';
import golden from '../golden/inventory.json' with { type: 'json' };

describe('the newsvendor', () => {
  test('Snyder & Shen, Example 4.3: normal demand', () => {
    const { h, p, mean, sd, ratio, S, cost } = golden.newsvendor.normal;
    const unit = { holding: h, shortage: p };
    expect(criticalRatio(unit)).toBeCloseTo(ratio, 12);
    expect(newsvendorLevel({ mean, deviation: sd }, unit)).toBeCloseTo(S, 9);
    expect(newsvendorCost({ mean, deviation: sd }, unit)).toBeCloseTo(cost, 9);
  });

  test('Poisson demand', () => {
    for (const { h, p, mean, S } of [golden.newsvendor.poisson, golden.newsvendor.poisson_6]) {
      expect(newsvendorCountLevel({ mean, variance: mean }, { holding: h, shortage: p })).toBe(S);
    }
  });

  test.each(golden.newsvendor.negative_binomial)('negative binomial, shortage cost $p', (given) => {
    expect(newsvendorCountLevel(given, { holding: given.h, shortage: given.p })).toBe(given.S);
  });
});

test('Snyder & Shen, Example 3.1: economic order quantity', () => {
  const { K, h, demand, Q, cost, cost_at_Q_250: atQ } = golden.eoq.eoq;
  const ordering = { perOrder: K, holding: h, demand };
  expect(economicOrderQuantity(ordering)).toBeCloseTo(Q, 9);
  expect(orderQuantityCost(Q, ordering)).toBeCloseTo(cost, 9);
  expect(orderQuantityCost(250, ordering)).toBeCloseTo(atQ, 9);
});

test.each(golden.safety_stock.cases)(
  'normal safety stock at $service over $lead_time + $review days',
  (given) => {
    const found = normalSafetyStock({
      meanDaily: given.mean_daily,
      deviationDaily: given.sd_daily,
      leadTimeDays: given.lead_time,
      leadTimeDeviationDays: given.sd_lead_time,
      reviewDays: given.review,
      serviceLevel: given.service,
    });
    expect(found.deviation).toBeCloseTo(given.sigma, 8);
    expect(found.safetyStock / given.safety_stock).toBeCloseTo(1, 9);
    expect(found.level / given.level).toBeCloseTo(1, 9);
  },
);

test.each(golden.RS_discrete.poisson)('order-up-to level of Poisson demand at $service', (given) => {
  const mean = given.mean_per_period * (given.lead_time + given.review);
  expect(countQuantile(given.service, { mean, variance: mean })).toBe(given.S);
});
