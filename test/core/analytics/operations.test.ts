import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MetricAnswer } from '../../../shared/contracts/api/metrics.ts';
import { describeValues } from '../../../shared/core/analytics/describe-values.ts';
import { moneyText } from '../../../shared/core/analytics/money-text.ts';
import { describeSales } from '../../../shared/core/analytics/operations/describe-sales.ts';
import { gatherRefundData } from '../../../shared/core/analytics/operations/gather-refund-data.ts';
import type { LedgerRow, RefundRow, SaleRow } from '../../../shared/core/analytics/operations/metric-data.ts';
import { productCounts } from '../../../shared/core/analytics/operations/product-counts.ts';
import { METRIC_OPERATIONS, runOperation } from '../../../shared/core/analytics/operations/run-operation.ts';
import { saleToRestockRatio } from '../../../shared/core/analytics/operations/sale-to-restock-ratio.ts';
import { stockoutCounts } from '../../../shared/core/analytics/operations/stockout-counts.ts';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { sampleQuantile } from '../../../shared/core/math/sample-quantile.ts';

let number = 0;
const move = (
  date: string,
  productId: string,
  type: string,
  quantityChange: number,
  more: Partial<LedgerRow> = {},
): LedgerRow => ({
  logId: String(++number),
  productId,
  locationId: 'MAIN',
  date,
  type,
  quantityChange,
  reversesLogId: null,
  ...more,
});
const sold = (date: string, productId: string, quantity: number, price: number): SaleRow => ({
  productId,
  date,
  quantity,
  amount: quantity * price * 10_000,
});

describe('product_counts', () => {
  const products = [
    { productId: 'A', category: 'Toys' },
    { productId: 'B', category: 'Toys' },
    { productId: 'C', category: null },
    { productId: 'D', category: 'Pens' },
  ];
  const ledger = [
    move('2024-01-01', 'A', 'opening', 5),
    move('2024-01-01', 'A', 'receipt', 2, { locationId: 'SHOP' }),
    move('2024-01-02', 'B', 'opening', 3),
    move('2024-01-05', 'B', 'sale', -3),
    move('2024-01-09', 'C', 'opening', 7),
  ];

  it('tells the catalogue from what is stocked and what is there, by category', () => {
    expect(productCounts(products, ledger, '2024-01-05')).toEqual({
      operation: 'product_counts',
      through: '2024-01-05',
      catalogue: 4,
      stocked: 2,
      in_stock: 1,
      out_of_stock: 1,
      units_on_hand: 7,
      by_category: [
        { category: 'Pens', catalogue: 1, stocked: 0, in_stock: 0, out_of_stock: 0, units_on_hand: 0 },
        { category: 'Toys', catalogue: 2, stocked: 2, in_stock: 1, out_of_stock: 1, units_on_hand: 7 },
        { category: null, catalogue: 1, stocked: 0, in_stock: 0, out_of_stock: 0, units_on_hand: 0 },
      ],
    });
  });

  it('counts the days up to the cutoff, that day included', () => {
    expect(productCounts(products, ledger, '2024-01-04').in_stock).toBe(2);
    expect(productCounts(products, ledger, null).units_on_hand).toBe(14);
  });
});

describe('stockout_counts', () => {
  const ledger = [
    move('2024-01-01', 'A', 'opening', 5),
    move('2024-01-03', 'A', 'sale', -5),
    move('2024-01-06', 'A', 'receipt', 4),
    move('2024-01-06', 'A', 'sale', -4),
    move('2024-01-08', 'A', 'receipt', 1),
    move('2024-01-09', 'A', 'sale', -1),
    move('2024-01-02', 'B', 'opening', 1),
  ];

  it('counts runs of days that end without a unit, the one that goes on included', () => {
    const counts = stockoutCounts(ledger, '2024-01-10');
    // out on the 3rd to the 7th, though goods came and went on the 6th, and from the 9th on
    expect(counts).toMatchObject({
      items: 2,
      items_ever_out: 1,
      items_out_now: 1,
      stockouts: 2,
      days_out: 7,
      days_active: 19,
      stockout_rate: 7 / 19,
      rows: [
        {
          product_id: 'A',
          location_id: 'MAIN',
          stockouts: 2,
          days_out: 7,
          days_active: 10,
          out_since: '2024-01-09',
        },
      ],
    });
  });

  it('knows nothing of what comes after the cutoff', () => {
    expect(stockoutCounts(ledger, '2024-01-02')).toMatchObject({ items: 2, stockouts: 0, rows: [] });
    expect(stockoutCounts(ledger, '2024-01-08').rows[0]).toMatchObject({ days_out: 5, out_since: null });
  });

  it('is never out before the first movement, and has no rate then', () => {
    expect(stockoutCounts(ledger, '2023-12-31')).toMatchObject({
      items: 0,
      days_out: 0,
      stockout_rate: null,
    });
  });

  it('agrees with every closing level, day by day', () => {
    const change = fc.record({
      day: fc.integer({ min: 0, max: 30 }),
      item: fc.constantFrom('A', 'B'),
      units: fc.integer({ min: -4, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 25 }), fc.integer({ min: 0, max: 35 }), (changes, end) => {
        const rows = changes.map(({ day, item, units }) =>
          move(addDays('2024-01-01', day), item, 'adjustment', units),
        );
        let daysOut = 0;
        let daysActive = 0;
        for (const item of ['A', 'B']) {
          const own = changes.filter((one) => one.item === item);
          for (let day = 0; day <= end; day++) {
            const before = own.filter((one) => one.day <= day);
            if (before.length === 0) continue;
            daysActive += 1;
            if (before.reduce((sum, one) => sum + one.units, 0) <= 0) daysOut += 1;
          }
        }
        const counts = stockoutCounts(rows, addDays('2024-01-01', end));
        expect([counts.days_out, counts.days_active]).toEqual([daysOut, daysActive]);
      }),
    );
  });
});

describe('sale_to_restock_ratio', () => {
  it('divides what was sold by what suppliers sent; opening stock and returns are neither', () => {
    const ledger = [
      move('2024-01-01', 'A', 'opening', 100),
      move('2024-01-02', 'A', 'receipt', 40),
      move('2024-01-03', 'A', 'sale', -30),
      // cancelled: no sale of the list below, though it was booked
      move('2024-01-03', 'A', 'sale', -9),
      move('2024-01-04', 'A', 'return', 9),
      move('2024-01-05', 'B', 'sale', -2),
    ];
    const sales = [sold('2024-01-03', 'A', 30, 1), sold('2024-01-05', 'B', 2, 1)];
    expect(saleToRestockRatio(sales, ledger, null)).toEqual({
      operation: 'sale_to_restock_ratio',
      through: null,
      units_sold: 32,
      units_restocked: 40,
      ratio: 0.8,
      rows: [
        { product_id: 'A', units_sold: 30, units_restocked: 40, ratio: 0.75 },
        { product_id: 'B', units_sold: 2, units_restocked: 0, ratio: null },
      ],
    });
  });

  it('takes a reversed receipt out again, from the day of the reversal on', () => {
    const receipt = move('2024-01-02', 'A', 'receipt', 40);
    const ledger = [receipt, move('2024-01-05', 'A', 'reversal', -40, { reversesLogId: receipt.logId })];
    const sales = [sold('2024-01-03', 'A', 10, 1), sold('2024-01-06', 'A', 5, 1)];
    expect(saleToRestockRatio(sales, ledger, '2024-01-04').ratio).toBe(0.25);
    expect(saleToRestockRatio(sales, ledger, '2024-01-05')).toMatchObject({
      units_restocked: 0,
      ratio: null,
    });
  });
});

describe('describe_sales', () => {
  const sales = [
    sold('2023-11-30', 'A', 1, 2),
    sold('2023-11-30', 'A', 2, 2),
    sold('2024-01-02', 'A', 3, 2.5),
    sold('2024-01-02', 'B', 10, 1),
    sold('2024-02-01', 'B', 4, 1),
  ];

  it('describes lines as spreadsheets do: deviation over n - 1, quartiles between the values', () => {
    const answer = describeSales(sales, '2024-02-29');
    expect(answer.quantity).toEqual({
      count: 5,
      mean: 4,
      sd: Math.sqrt(50 / 4),
      min: 1,
      q1: 2,
      median: 3,
      q3: 4,
      max: 10,
    });
    expect([answer.units, answer.revenue]).toEqual([20, '27.50']);
    expect(answer.rows.map((row) => [row.product_id, row.units, row.revenue, row.quantity.median])).toEqual([
      ['B', 14, '14.00', 7],
      ['A', 6, '13.50', 2],
    ]);
  });

  it('lists the months without sales, and gives no growth over nothing', () => {
    expect(
      describeSales(sales, '2024-02-29').months.map((month) => [
        month.month,
        month.units,
        month.revenue,
        month.units_growth,
        month.revenue_growth,
      ]),
    ).toEqual([
      ['2023-11', 3, '6.00', null, null],
      ['2023-12', 0, '0.00', -1, -1],
      ['2024-01', 13, '17.50', null, null],
      ['2024-02', 4, '4.00', (4 - 13) / 13, (4 - 17.5) / 17.5],
    ]);
  });

  it('months end with the last that sold something, however late the cutoff; what is dated centuries before is left out', () => {
    expect(describeSales(sales, '2100-12-31').months).toEqual(describeSales(sales, '2024-02-29').months);
    const months = describeSales([{ ...sales[0]!, date: '1066-10-14' }, ...sales], null).months;
    expect([months.length, months[0]!.month, months.at(-1)!.month]).toEqual([4, '2023-11', '2024-02']);
  });

  it('one value has no deviation, and no value no description', () => {
    expect(describeValues([[7, 1]])).toMatchObject({ count: 1, sd: null, q1: 7, max: 7 });
    expect(describeValues([])).toEqual({
      count: 0,
      mean: null,
      sd: null,
      min: null,
      q1: null,
      median: null,
      q3: null,
      max: null,
    });
  });

  it('counted values are described as the values themselves', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 60 }), (values) => {
        const counted = [...Map.groupBy(values, (value) => value)].map(
          ([value, own]) => [value, own.length] as const,
        );
        const description = describeValues(counted);
        const sorted = values.toSorted((a, b) => a - b);
        expect(description.q1).toBeCloseTo(sampleQuantile(sorted, 0.25), 9);
        expect(description.median).toBeCloseTo(sampleQuantile(sorted, 0.5), 9);
        expect(description.q3).toBeCloseTo(sampleQuantile(sorted, 0.75), 9);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(description.mean).toBeCloseTo(mean, 9);
        expect(description.sd! ** 2 * (values.length - 1)).toBeCloseTo(
          values.reduce((sum, value) => sum + (value - mean) ** 2, 0),
          6,
        );
      }),
    );
  });
});

describe('gather_refund_data', () => {
  const sales = [
    sold('2024-01-01', 'A', 8, 5),
    sold('2024-01-02', 'A', 2, 5),
    sold('2024-01-03', 'B', 10, 1),
  ];
  const back = (date: string, productId: string, quantity: number, price: number, reason: string | null) =>
    ({ ...sold(date, productId, quantity, price), reason }) satisfies RefundRow;
  const refunds = [
    back('2024-01-04', 'A', 2, 5, 'defective'),
    back('2024-01-04', 'A', 1, 5, 'wrong_size'),
    back('2024-01-05', 'B', 1, 0.5, null),
  ];

  it('gives rates of lines, units and money, reasons with their shares, and products', () => {
    expect(gatherRefundData(sales, refunds, null)).toEqual({
      operation: 'gather_refund_data',
      through: null,
      lines_sold: 3,
      units_sold: 20,
      revenue: '60.00',
      refunds: 3,
      units_refunded: 4,
      amount_refunded: '15.50',
      line_rate: 1,
      unit_rate: 0.2,
      money_rate: 15.5 / 60,
      reasons: [
        { reason: 'defective', refunds: 1, units: 2, amount: '10.00', share: 0.5 },
        { reason: 'wrong_size', refunds: 1, units: 1, amount: '5.00', share: 0.25 },
        { reason: null, refunds: 1, units: 1, amount: '0.50', share: 0.25 },
      ],
      rows: [
        { product_id: 'A', refunds: 2, units: 3, amount: '15.00', units_sold: 10, unit_rate: 0.3 },
        { product_id: 'B', refunds: 1, units: 1, amount: '0.50', units_sold: 10, unit_rate: 0.1 },
      ],
    });
  });

  it('counts what had come back by the cutoff', () => {
    expect(gatherRefundData(sales, refunds, '2024-01-04')).toMatchObject({ refunds: 2, unit_rate: 3 / 20 });
  });
});

describe('every operation', () => {
  const nothing = { products: [], ledger: [], sales: [], refunds: [] };

  it.each(METRIC_OPERATIONS)(
    '%s answers for no data, with null where there is nothing to divide by',
    (name) => {
      for (const cutoff of [undefined, '2024-01-01']) {
        const answer = runOperation(name, nothing, cutoff);
        expect(MetricAnswer.parse(JSON.parse(JSON.stringify(answer)))).toEqual(answer);
        expect(answer).toMatchObject({ operation: name, through: cutoff ?? null });
      }
    },
  );

  it('speaks of the same last day, whichever rows it reads itself', () => {
    const data = {
      ...nothing,
      ledger: [move('2024-01-01', 'A', 'opening', 1)],
      sales: [sold('2024-03-05', 'A', 1, 1)],
    };
    for (const name of METRIC_OPERATIONS) expect(runOperation(name, data).through).toBe('2024-03-05');
    expect(runOperation('stockout_counts', data)).toMatchObject({ days_active: 65 });
  });
});

it('money has two decimals at least and no more than it needs', () => {
  expect([0, 5, 25_500, -12_345, 10_000_000].map(moneyText)).toEqual([
    '0.00',
    '0.0005',
    '2.55',
    '-1.2345',
    '1000.00',
  ]);
  expect(() => moneyText(Number.NaN)).toThrow(RangeError);
});
