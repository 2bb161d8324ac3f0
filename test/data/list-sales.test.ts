import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listSales, type SaleFilter } from '../../shared/data/metrics/report-reads.ts';
import { json } from '../../shared/data/sql/database.ts';
import { openTestDatabase } from '../database.ts';

const ORDERS = 30;
let db: Awaited<ReturnType<typeof openTestDatabase>>;

// Order n has n % 4 lines, so that some have none; two orders of each day, by three customers. All undone: of others the
// ledger and demand would have to know.
beforeAll(async () => {
  db = await openTestDatabase();
  const orders = Array.from({ length: ORDERS }, (_, n) => [
    `O${n}`,
    `C${n % 3}`,
    `2011-11-${10 + Math.floor(n / 2)}`,
  ]);
  const lines = orders.flatMap(([order, customer, day], n) =>
    Array.from({ length: n % 4 }, (_, line) => [`${order}/${line}`, order, customer, `P${line}`, day]),
  );
  await db.database.write(
    `INSERT INTO products (product_id, product_name) VALUES ('P0', 'P0'), ('P1', 'P1'), ('P2', 'P2')`,
  );
  await db.database.write(
    `INSERT INTO customer (customer_id, name) VALUES ('C0', 'C0'), ('C1', 'C1'), ('C2', 'C2')`,
  );
  await db.database.write(
    `INSERT INTO orders (order_id, customer_id, order_date, order_status, source)
     SELECT j.id, j.customer, j.day, 'Delivered', 'test'
       FROM JSON_TABLE(:orders, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]', customer VARCHAR(64) PATH '$[1]',
              day DATE PATH '$[2]')) AS j`,
    { orders: json(orders) },
  );
  await db.database.write(
    `INSERT INTO sales (sale_id, order_id, customer_id, product_id, location, date, kind, quantity_sold, sale_price,
                        total_amount, content_hash)
     SELECT j.id, j.order_id, j.customer, j.product, 'MAIN', j.day, 'undone', 1, 2, 2, ''
       FROM JSON_TABLE(:lines, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]', order_id VARCHAR(64) PATH '$[1]',
              customer VARCHAR(64) PATH '$[2]', product VARCHAR(64) PATH '$[3]', day DATE PATH '$[4]')) AS j`,
    { lines: json(lines) },
  );
});
afterAll(() => db.close());

const FILTERS: readonly [string, SaleFilter, number][] = [
  ['all', {}, 43],
  ['those of a customer', { customerId: 'C1' }, 13],
  ['those of a product', { productId: 'P1' }, 14],
  ['those of some days', { startDate: '2011-11-12', endDate: '2011-11-15' }, 12],
  [
    'those of a product and some days',
    { productId: 'P1', startDate: '2011-11-12', endDate: '2011-11-15' },
    4,
  ],
];

describe.each(FILTERS)('sales, %s', (_, filter, lines) => {
  test('are on one page each, the newest order first', async () => {
    const paged: { id: string | number; order_date: string }[] = [];
    for (let skip = 0; skip < lines + 5; skip += 5) {
      const { data, pagination } = await listSales(db.database, filter, { skip, limit: 5 });
      expect(pagination.total).toBe(lines);
      paged.push(...data);
    }
    expect(new Set(paged.map(({ id }) => id)).size).toBe(lines);
    const days = paged.map(({ order_date }) => order_date);
    expect(days).toEqual([...days].sort().reverse());
  });
});
