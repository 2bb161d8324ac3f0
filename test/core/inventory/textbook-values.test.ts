import { describe, expect, test } from 'vitest';
import {
  economicLotSize,
  orderQuantityWithBackorders,
} from '../../../shared/core/inventory/economic-order-quantity.ts';
import {
  demandOverPeriods,
  newsvendorCost,
  newsvendorCostAt,
  newsvendorCountCost,
  newsvendorLevel,
  newsvendorProfit,
  unitCostOf,
} from '../../../shared/core/inventory/newsvendor.ts';
import {
  countLoss,
  countProbabilities,
  normalLossInverse,
  normalSecondLoss,
} from '../../../shared/core/inventory/policies/loss-functions.ts';
import {
  leastUnitCost,
  lotSizingCost,
  silverMeal,
  wagnerWhitin,
} from '../../../shared/core/inventory/policies/lot-sizing.ts';
import { serviceOf, zForFillRate } from '../../../shared/core/inventory/policies/normal-fill-rate.ts';
import {
  bestReorderPoint,
  lotRule,
  lotRuleCost,
  optimalCountLotRule,
} from '../../../shared/core/inventory/policies/optimal-r-q.ts';
import {
  optimalReorderPair,
  powerApproximation,
  reorderPairCost,
} from '../../../shared/core/inventory/policies/optimal-s-s.ts';
import { quantityWithPriceBreaks } from '../../../shared/core/inventory/policies/price-breaks.ts';
import { leadTimeNormal } from '../../../shared/core/inventory/safety-stock.ts';
import { normalCdf, normalDensity, normalLoss, normalQuantile } from '../../../shared/core/math/normal.ts';
import golden from '../../golden/inventory.json' with { type: 'json' };

/** Values are compared relative to their size; those below 1 absolutely. */
function expectNear(found: number, wanted: number, tolerance = 1e-9): void {
  expect(Math.abs(found - wanted) / Math.max(1, Math.abs(wanted)), `${found} for ${wanted}`).toBeLessThan(
    tolerance,
  );
}

describe('loss functions', () => {
  test('of the standard normal, first and second order, and their inverse', () => {
    const { z, pdf, cdf, G, G2, quantiles, inverse_G: inverse, published } = golden.loss;
    for (let i = 0; i < z.length; i++) {
      expectNear(normalDensity(z[i]!), pdf[i]!);
      expectNear(normalCdf(z[i]!), cdf[i]!);
      expectNear(normalLoss(z[i]!), G[i]!);
      expectNear(normalSecondLoss(z[i]!), G2[i]!);
    }
    for (const [p, quantile] of Object.entries(quantiles)) expectNear(normalQuantile(Number(p)), quantile);
    for (const [loss, at] of Object.entries(inverse)) expectNear(normalLossInverse(Number(loss)), at);
    expectNear(normalLoss(1.3), published.G_at_1_3[0]!);
    expectNear(normalSecondLoss(1.3), published.G2_at_1_3[0]!);
  });

  test('of Poisson and negative binomial counts', () => {
    const [poisson] = golden.discrete_loss.poisson;
    const found = countLoss(poisson!.S, countProbabilities({ mean: poisson!.mean, variance: poisson!.mean }));
    expectNear(found.short, poisson!.n);
    expectNear(found.left, poisson!.nbar);
    const [given] = golden.discrete_loss.negative_binomial;
    const counts = countProbabilities({ mean: given!.mean, variance: given!.sd ** 2 });
    expectNear(countLoss(given!.S, counts).short, given!.n);
    expectNear(countLoss(given!.S, counts).left, given!.nbar);
  });
});

test('the newsvendor: any level, counts, a lead time, and profit', () => {
  const {
    normal,
    normal_cost_at_60: at60,
    normal_lead_time_4: lead,
    profit_form: profit,
  } = golden.newsvendor;
  const cost = { holding: normal.h, shortage: normal.p };
  const demand = { mean: normal.mean, deviation: normal.sd };
  expectNear(newsvendorCostAt(at60.S, demand, cost), at60.cost);
  const over = demandOverPeriods(demand, 5);
  expectNear(newsvendorLevel(over, cost), lead.S);
  expectNear(newsvendorCost(over, cost), lead.cost);
  const margin = { price: profit.price, cost: profit.cost, salvage: profit.salvage };
  expectNear(newsvendorLevel(demand, unitCostOf(margin)), profit.S);
  expectNear(newsvendorProfit(demand, margin), profit.expected_profit);
  const { poisson, poisson_6: six, negative_binomial: negative } = golden.newsvendor;
  for (const given of [poisson, six, ...negative]) {
    const variance = 'variance' in given ? (given.variance as number) : given.mean;
    const found = newsvendorCountCost(
      given.S,
      { mean: given.mean, variance },
      { holding: given.h, shortage: given.p },
    );
    expectNear(found, given.cost);
  }
});

describe('order quantities', () => {
  const { eoq, backorders, production, all_units_discount: all, incremental_discount: steps } = golden.eoq;
  const ordering = { perOrder: eoq.K, holding: eoq.h, demand: eoq.demand };

  test('with planned backorders and with a finite rate', () => {
    const waiting = orderQuantityWithBackorders({ ...ordering, backorder: backorders.p });
    expectNear(waiting.quantity, backorders.Q);
    expectNear(waiting.waitingShare, backorders.fraction);
    expectNear(waiting.mostWaiting, backorders.max_backorder);
    expectNear(waiting.cost, backorders.cost);
    const lot = economicLotSize({ ...ordering, rate: production.rate });
    expectNear(lot.quantity, production.Q);
    expectNear(lot.cost, production.cost);
  });

  test.each([
    ['all-units', all],
    ['incremental', steps],
  ] as const)('with %s price breaks', (kind, given) => {
    const found = quantityWithPriceBreaks({
      kind,
      perOrder: given.K,
      holdingRate: given.holding_rate,
      demand: given.demand,
      breaks: given.breakpoints.map((from, i) => ({ from, unitCost: given.unit_costs[i]! })),
    });
    expectNear(found.quantity, given.Q);
    expect(found.region).toBe(given.region);
    expectNear(found.cost, given.cost);
  });
});

describe('fill rate under normal demand', () => {
  test.each(golden.fill_rate.cases)('$fill_rate with orders of $Q', (given) => {
    const input = { quantity: given.Q, lead: { mean: 0, deviation: given.sigma_L } };
    const simple = zForFillRate(given.fill_rate, input, 'simple');
    const exact = zForFillRate(given.fill_rate, input);
    expectNear(simple, given.z_simple);
    expectNear(exact, given.z_exact);
    expectNear(simple * given.sigma_L, given.safety_stock_simple);
    expectNear(exact * given.sigma_L, given.safety_stock_exact);
    expectNear(serviceOf(given.safety_stock_simple, input).cycleService, given.cycle_service_at_simple);
  });

  test('counts the variability of the lead time', () => {
    const days = { meanDaily: 12.5, deviationDaily: 4.2, leadTimeDays: 14, reviewDays: 0 };
    const [, , , given] = golden.safety_stock.cases;
    const lead = leadTimeNormal({ ...days, leadTimeDeviationDays: 3 });
    expectNear(lead.mean, 175);
    expectNear(lead.deviation, given!.sigma);
    const certain = leadTimeNormal({ ...days, leadTimeDeviationDays: 0 });
    const stock = (of: typeof lead) => zForFillRate(0.98, { quantity: 100, lead: of }) * of.deviation;
    expect(stock(lead)).toBeGreaterThan(2 * stock(certain));
  });

  test.each(golden.fill_rate.forward)('of the reorder point $r', (given) => {
    const input = { quantity: given.Q, lead: { mean: given.mean, deviation: given.sigma_L } };
    expectNear(serviceOf(given.r, input).fillRate, given.fill_rate_exact);
    expectNear(serviceOf(given.r, input, 'simple').fillRate, given.fill_rate_simple);
    expectNear(serviceOf(given.r, input).cycleService, given.cycle_service);
  });
});

describe('(r,Q)', () => {
  const { params, ...rules } = golden.rq;
  const cost = { holding: params.h, shortage: params.p, perOrder: params.K };
  const input = {
    demandRate: params.demand,
    lead: { mean: params.lead_time_mean, deviation: params.lead_time_sd },
    cost,
  };

  test('cost of a pair, and the best reorder point of a quantity', () => {
    const found = lotRuleCost({ reorderPoint: 126.8, quantity: 328.5 }, input);
    expectNear(found, rules.cost_at_126_8_328_5.closed_form, 1e-9);
    expectNear(found, rules.cost_at_126_8_328_5.quadrature, 1e-9);
    expectNear(bestReorderPoint(300, input), rules.best_r_for_Q_300.r, 1e-9);
  });

  test.each([
    ['exact', rules.exact_optimum],
    ['eoq-with-backorders', rules.eoqb_approximation],
    ['eoq-plus-safety', rules.eoq_plus_ss],
    ['loss-function', rules.loss_function_approximation],
    ['expected-inventory', { ...rules.eil_approximation, cost: rules.eil_approximation.true_cost }],
  ] as const)('by the method %s', (method, wanted) => {
    const found = lotRule(method, input);
    expectNear(found.reorderPoint, wanted.r, 1e-5);
    expectNear(found.quantity, wanted.Q, 1e-5);
    expectNear(lotRuleCost(found, input), wanted.cost, 1e-9);
  });

  test('the approximate cost by expected inventory', () => {
    const { reorderPoint, quantity } = lotRule('expected-inventory', input);
    const { mean, deviation } = input.lead;
    const short = deviation * normalLoss((reorderPoint - mean) / deviation);
    const found =
      cost.holding * (reorderPoint - mean + quantity / 2) +
      ((cost.perOrder + cost.shortage * short) * input.demandRate) / quantity;
    expectNear(found, rules.eil_approximation.approximate_cost, 1e-9);
  });

  test('of least cost for Poisson demand', () => {
    const { h, p, K, demand, lead_time: lead, r, Q, cost: wanted } = rules.poisson_exact;
    const moments = { mean: demand * lead, variance: demand * lead };
    const found = optimalCountLotRule(demand, moments, { holding: h, shortage: p, perOrder: K });
    expect(found).toMatchObject({ reorderPoint: r, quantity: Q });
    expectNear(found.cost, wanted);
  });
});

describe('(s,S)', () => {
  test.each([
    [6, golden.sS.poisson_6],
    [20, golden.sS.poisson_20],
  ] as const)('of least cost for Poisson demand of %i', (mean, given) => {
    const cost = { holding: given.h, shortage: given.p, perOrder: given.K };
    const found = optimalReorderPair({ period: { mean, variance: mean }, cost });
    expect(found).toMatchObject({ reorderPoint: given.s, orderUpTo: given.S });
    expectNear(found.cost, given.cost);
    expectNear(found.cost, given.markov_check);
  });

  test.each(golden.sS.poisson_6_cost_of_other_pairs)('cost of ($s, $S)', ({ s, S, cost: wanted }) => {
    const { h, p, K } = golden.sS.poisson_6;
    const cost = { holding: h, shortage: p, perOrder: K };
    expectNear(reorderPairCost(s, S, { period: { mean: 6, variance: 6 }, cost }), wanted);
  });

  test('by the power approximation', () => {
    const { h, p, K, mean, sd, Q, s, S } = golden.sS.power_approximation;
    const cost = { holding: h, shortage: p, perOrder: K };
    const found = powerApproximation({ mean, deviation: sd }, cost);
    expectNear(found.quantity, Q);
    expectNear(found.reorderPoint, s);
    expectNear(found.orderUpTo, S);
  });
});

test.each(golden.RS_discrete.poisson)('expected shortage of the order-up-to level at $service', (given) => {
  const mean = given.mean_per_period * (given.lead_time + given.review);
  const found = countLoss(given.S, countProbabilities({ mean, variance: mean }));
  expectNear(found.short, given.expected_backorders_end_of_interval);
});

describe('lot sizes for known demand', () => {
  test.each(golden.wagner_whitin.cases)('$demand', (given) => {
    const input = { perOrder: given.K, holding: given.h, demand: given.demand };
    const best = wagnerWhitin(input);
    expect(best.orders).toEqual(given.wagner_whitin.orders);
    expectNear(best.cost, given.wagner_whitin.cost);
    expect(best.costToGo).toHaveLength(given.wagner_whitin.cost_to_go.length);
    for (const [t, cost] of best.costToGo.entries()) expectNear(cost, given.wagner_whitin.cost_to_go[t]!);
    expectNear(lotSizingCost(best.orders, input), best.cost);
    expect(silverMeal(input).orders).toEqual(given.silver_meal.orders);
    expectNear(silverMeal(input).cost, given.silver_meal.cost);
    expect(leastUnitCost(input).orders).toEqual(given.least_unit_cost.orders);
    expectNear(leastUnitCost(input).cost, given.least_unit_cost.cost);
    expectNear(lotSizingCost(given.demand, input), given.lot_for_lot_cost);
  });
});
