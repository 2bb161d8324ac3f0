import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kpi } from '../../../shared/contracts/api/metrics.ts';
import { computeKpis, KPI_NAMES } from '../../../shared/core/analytics/kpis/compute-kpis.ts';
import { daysOfCover } from '../../../shared/core/analytics/kpis/days-of-cover.ts';
import type { KpiFacts } from '../../../shared/core/analytics/kpis/kpi-facts.ts';
import { productFigures } from '../../../shared/core/analytics/product-figures.ts';

const NOTHING: KpiFacts = {
  days: 30,
  sales: {
    soldUnits: 0,
    soldLines: 0,
    returnedUnits: 0,
    costedRevenue: 0,
    cogs: 0,
    uncostedUnits: 0,
    soldBelowCost: 0,
  },
  requests: {
    lostUnits: 0,
    lostLines: 0,
    lostOrders: 0,
    lostValue: 0,
    lateUnits: 0,
    lateLines: 0,
    backorderedUnits: 0,
    orders: 0,
    incompleteOrders: 0,
    imperfectOrders: 0,
  },
  stock: {
    unitDays: 0,
    costDays: 0,
    openingUnits: 0,
    closingUnits: 0,
    itemDays: 0,
    daysOut: 0,
    cycles: 0,
    shortCycles: 0,
    missedUnits: 0,
    missedValue: 0,
    missedMargin: 0,
  },
  movements: { receivedUnits: 0, expiredUnits: 0, expiredCost: 0, damagedUnits: 0, damagedCost: 0 },
  counts: { linesCounted: 0, linesAccurate: 0, lostCost: 0, gainedCost: 0, soldCost: 0 },
  supply: {
    linesDue: 0,
    linesInTime: 0,
    unitsDue: 0,
    unitsCame: 0,
    leadUnits: 0,
    leadDays: 0,
    leadSquares: 0,
    quotedUnits: 0,
    daysOverQuoted: 0,
    costOrdered: 0,
    costCharged: 0,
  },
  outlook: { availableUnits: 0, means: [], periodDays: 7, excessCost: null, excessDays: 0 },
  accuracy: { weeks: 0, error: 0, actual: 0, absoluteWeekError: 0 },
  holdingRate: 0.25,
};

it('says why there is no figure instead of giving none a value', () => {
  const kpis = computeKpis(NOTHING);
  for (const name of KPI_NAMES) {
    const { value, reason } = Kpi.parse(kpis[name]);
    expect([name, value === null]).toEqual([name, reason !== null]);
    if (value !== null) expect(Number(value)).toBe(0);
  }
  expect(kpis.turnover).toMatchObject({
    value: null,
    numerator: '0.00',
    denominator: '0.00',
    reason: 'no stock whose cost is known was there in the period',
  });
  expect(kpis.days_of_cover.reason).toBe('there is no complete plan');
});

describe('textbook values', () => {
  it('GMROI: a margin of 40,000 on an average inventory of 25,000 is 1.6', () => {
    const kpis = computeKpis({
      ...NOTHING,
      days: 365,
      sales: { ...NOTHING.sales, costedRevenue: 140_000e4, cogs: 100_000e4 },
      stock: { ...NOTHING.stock, costDays: 25_000e4 * 365 },
    });
    expect(kpis.gmroi).toMatchObject({ value: 1.6, numerator: '40000.00', denominator: '25000.00' });
    expect(kpis.gmroi_annualised.value).toBeCloseTo(1.6, 12);
    expect(kpis.turnover.value).toBe(4);
    expect(kpis.days_of_inventory.value).toBe(91.25);
    expect(kpis.carrying_cost).toMatchObject({ value: '6250.00', unit: 'money' });
  });

  it('turnover of a month is named apart from that of a year', () => {
    const kpis = computeKpis({
      ...NOTHING,
      sales: { ...NOTHING.sales, cogs: 200e4 },
      stock: { ...NOTHING.stock, costDays: 100e4 * 30 },
    });
    expect(kpis.turnover.value).toBe(2);
    expect(kpis.turnover_annualised.value).toBeCloseTo((2 * 365) / 30, 12);
  });

  it('lead times of 4, 4 and 10 days, a unit each, have a mean of 6 and vary by sqrt(8) / 6', () => {
    const { lead_time_mean: mean, lead_time_variation: variation } = computeKpis({
      ...NOTHING,
      supply: { ...NOTHING.supply, leadUnits: 3, leadDays: 18, leadSquares: 132 },
    });
    expect(mean.value).toBe(6);
    expect(variation.value).toBeCloseTo(Math.sqrt(8) / 6, 12);
  });

  it('bias and tracking signal are positive when more was forecast than sold', () => {
    const kpis = computeKpis({
      ...NOTHING,
      accuracy: { weeks: 4, error: 20, actual: 100, absoluteWeekError: 40 },
    });
    expect(kpis.forecast_bias.value).toBe(0.2);
    expect(kpis.tracking_signal.value).toBe(2);
    expect(computeKpis({ ...NOTHING, accuracy: 'kept by category' }).forecast_bias).toMatchObject({
      value: null,
      reason: 'kept by category',
    });
  });

  it('weeks of supply divides by the mean week ahead, whatever the periods of the forecast', () => {
    const of = (means: number[], periodDays: number) =>
      computeKpis({ ...NOTHING, outlook: { ...NOTHING.outlook, availableUnits: 70, means, periodDays } })
        .weeks_of_supply.value;
    expect(of([20, 15, 0], 7)).toBeCloseTo(6, 12);
    expect(of([2, 2, 2, 2], 1)).toBeCloseTo(5, 12);
    expect(of([0, 0], 7)).toBeNull();
  });
});

describe('days of cover', () => {
  it('walks the forecast and stops inside a period', () => {
    expect(daysOfCover(25, [10, 10, 20], 7)).toBe((2 + 5 / 20) * 7);
    expect(daysOfCover(0, [10], 7)).toBe(0);
    expect(daysOfCover(5, [0, 0, 5], 7)).toBe(21);
  });

  it('is null where stock outlasts the forecast, and the figure says so', () => {
    expect(daysOfCover(31, [10, 10, 10], 7)).toBeNull();
    const kpis = computeKpis({
      ...NOTHING,
      outlook: { ...NOTHING.outlook, availableUnits: 31, means: [10, 10, 10] },
    });
    expect(kpis.days_of_cover).toMatchObject({
      value: null,
      reason: 'it lasts longer than the forecast of 21 days',
    });
  });

  it('never falls when there is more stock, and never rises when more is forecast', () => {
    const means = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 12 });
    const days = (units: number, ahead: number[]) => daysOfCover(units, ahead, 7) ?? Number.POSITIVE_INFINITY;
    fc.assert(
      fc.property(
        means,
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 0, max: 50 }),
        (ahead, units, more) => {
          expect(days(units + more, ahead)).toBeGreaterThanOrEqual(days(units, ahead));
          expect(
            days(
              units,
              ahead.map((mean) => mean + more),
            ),
          ).toBeLessThanOrEqual(days(units, ahead));
        },
      ),
    );
  });
});

it('rates stay between 0 and 1, parts explain the value, and costs scale with prices', () => {
  const n = (max: number) => fc.integer({ min: 0, max });
  const facts = fc
    .record({
      sold: n(500),
      late: n(100),
      back: n(100),
      lost: n(100),
      missed: n(100),
      out: n(300),
      in: n(300),
    })
    .map(
      ({ sold, late, back, lost, missed, out, in: inStock }): KpiFacts => ({
        ...NOTHING,
        sales: { ...NOTHING.sales, soldUnits: sold + late, cogs: sold * 40_000 },
        requests: {
          ...NOTHING.requests,
          lostUnits: lost,
          lateUnits: late,
          backorderedUnits: Math.min(back, late),
        },
        stock: {
          ...NOTHING.stock,
          missedUnits: missed,
          itemDays: out + inStock,
          daysOut: out,
          costDays: inStock * 30_000,
        },
      }),
    );
  fc.assert(
    fc.property(facts, (one) => {
      const kpis = computeKpis(one);
      for (const name of [
        'unit_fill_rate',
        'unit_fill_rate_estimated',
        'backorder_rate',
        'in_stock_rate',
        'stockout_rate',
      ] as const) {
        const { value, numerator, denominator } = kpis[name];
        if (value === null) continue;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(value).toBe(Number(numerator) / Number(denominator));
      }
      if (kpis.in_stock_rate.value !== null)
        expect(Number(kpis.in_stock_rate.value) + Number(kpis.stockout_rate.value)).toBeCloseTo(1, 12);
      const dearer = computeKpis({
        ...one,
        sales: { ...one.sales, cogs: one.sales.cogs * 3 },
        stock: { ...one.stock, costDays: one.stock.costDays * 3 },
      });
      expect(Number(dearer.carrying_cost.value)).toBeCloseTo(3 * Number(kpis.carrying_cost.value), 2);
      if (kpis.turnover.value !== null)
        expect(dearer.turnover.value).toBeCloseTo(Number(kpis.turnover.value), 9);
    }),
  );
});

it('a product without stock or sales has no turnover, and a trend only from a tenth on', () => {
  const of = (olderUnits: number, newerUnits: number, soldUnits = olderUnits + newerUnits) =>
    productFigures(
      { unitDays: 0, soldUnits, revenue: 0, margin: null, olderUnits, newerUnits, lastSale: null },
      { revenue: 0, margin: 0 },
      { days: 30, to: '2024-01-30' },
    );
  expect(of(0, 0)).toEqual({
    turnover: null,
    days_of_stock: null,
    revenue_share: null,
    margin_share: null,
    days_since_last_sale: null,
    demand_change: null,
    demand_trend: 'none',
  });
  expect(
    [of(100, 109), of(100, 110), of(100, 90), of(100, 91), of(0, 1)].map((one) => one.demand_trend),
  ).toEqual(['steady', 'rising', 'falling', 'steady', 'new']);
});
