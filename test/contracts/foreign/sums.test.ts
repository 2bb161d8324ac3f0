import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { slug, unitPriceOf } from '../../../shared/contracts/csv/foreign/cells.ts';
import { faultsOf, translate } from './translate-file.ts';

test('units times price less the remainder is the total of the line, for every total', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 99_999_999_9999 }),
      fc.integer({ min: 1, max: 9_999 }),
      (total, units) => {
        const { price, remainder } = unitPriceOf(total, units);
        expect(price * units - remainder).toBe(total);
        expect(remainder).toBeGreaterThanOrEqual(0);
        expect(remainder).toBeLessThan(units);
      },
    ),
  );
});

const line = fc.record({
  quantity: fc.integer({ min: 1, max: 20 }),
  cents: fc.integer({ min: 0, max: 50_000 }),
});

test('what the lines of a Shopify order come to is its subtotal, however its discount is spread', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), fc.nat({ max: 100 }), (lines, percent) => {
      const gross = lines.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0);
      const discount = Math.floor((gross * percent) / 100);
      const rows = lines.map(({ quantity, cents }, n) => {
        const first =
          n === 0
            ? ['2026-01-05 10:00:00 +0000', 'paid', '77', (discount / 100).toFixed(2)]
            : ['', '', '', ''];
        return ['#77', ...first, quantity, `Item ${n}`, (cents / 100).toFixed(2), `SKU-${n}`].join(',');
      });
      const header =
        'Name,Created at,Financial Status,Id,Discount Amount,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku';
      const translated = translate([header, ...rows].join('\n')).rowsOf('sales_lines');
      const net = translated.map(
        (row) => Number(row.quantity) * Number(row.unit_price) - Number(row.discount ?? 0),
      );
      for (const amount of net) expect(amount).toBeGreaterThanOrEqual(0);
      expect(net.reduce((sum, amount) => sum + amount, 0)).toBe((gross - discount) * 100);
    }),
  );
});

const COLUMNS = [
  'Receipts',
  'Customer Shipments',
  'Customer Returns',
  'Vendor Returns',
  'Warehouse Transfer In/Out',
  'Found',
  'Lost',
  'Damaged',
  'Disposed',
  'Other Events',
  'Unknown Events',
];

test('a ledger whose days add up is taken whole, and its movements lead from the first balance to the last', () => {
  const days = fc.array(
    fc.array(fc.integer({ min: -30, max: 30 }), { minLength: COLUMNS.length, maxLength: COLUMNS.length }),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(days, (events) => {
      let balance = 100_000;
      const rows = events.map((units, n) => {
        const start = balance;
        balance += units.reduce((sum, one) => sum + one, 0);
        const day = `2026-01-${String(n + 1).padStart(2, '0')}`;
        return [day, 'X1', 'SKU', 'SELLABLE', start, ...units, balance, 'US'].join('\t');
      });
      const header = ['Date', 'FNSKU', 'MSKU', 'Disposition', 'Starting Warehouse Balance', ...COLUMNS];
      const file = translate(
        [[...header, 'Ending Warehouse Balance', 'Location'].join('\t'), ...rows].join('\n'),
      );
      expect(faultsOf(file)).toEqual([]);
      const moved = file.rowsOf('movements').reduce((sum, row) => sum + Number(row.quantity_change), 0);
      expect(file.rowsOf('stock_on_hand')).toHaveLength(1);
      expect(100_000 + moved).toBe(balance);
    }),
  );
});

test('an id made of a name fits, and long names that begin the same stay apart', () => {
  expect(slug('Café crème, 2 × 250 g')).toBe('cafe-creme-2-250-g');
  expect(slug('東京 タワー')).toBe('東京-タワー');
  const long = 'a very long name of an item that goes on and on until nothing is left to say';
  expect(slug(long).length).toBeLessThanOrEqual(64);
  expect(slug(`${long} red`)).not.toBe(slug(`${long} blue`));
});
