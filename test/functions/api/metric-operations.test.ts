import { afterAll, beforeAll, expect, it } from 'vitest';
import type {
  LedgerRow,
  MetricData,
  RefundRow,
  SaleRow,
} from '../../../shared/core/analytics/operations/metric-data.ts';
import {
  METRIC_OPERATIONS,
  type MetricOperation,
  runOperation,
} from '../../../shared/core/analytics/operations/run-operation.ts';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { seededRandom } from '../../../shared/core/math/random.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { json } from '../../../shared/data/sql/database.ts';
import { type Api, openApi } from './api-fixture.ts';

/** A year of movements of a few products at two places, invented; `sales` without those that were cancelled. */
interface World extends MetricData {
  readonly rows: readonly unknown[][];
  readonly soldRows: readonly unknown[][];
  readonly returnRows: readonly unknown[][];
  readonly levels: ReadonlyMap<string, number>;
}

const PRODUCTS = Array.from({ length: 12 }, (_, i) => ({
  productId: `P${String(i).padStart(2, '0')}`,
  category: [null, 'Pens', 'Toys', 'Cups'][i % 4]!,
}));
const REASONS = ['defective', 'wrong_size', 'other'];

function invent(seed: number): World {
  const random = seededRandom(seed);
  const ledger: (LedgerRow & { readonly key: string })[] = [];
  const levels = new Map<string, number>();
  const rows: unknown[][] = [];
  const sales: SaleRow[] = [];
  const soldRows: unknown[][] = [];
  const refunds: RefundRow[] = [];
  const returnRows: unknown[][] = [];
  const book = (
    day: string,
    productId: string,
    locationId: string,
    type: string,
    units: number,
    key: string,
    reverses: string | null = null,
  ) => {
    const place = `${productId}|${locationId}`;
    const level = (levels.get(place) ?? 0) + units;
    levels.set(place, level);
    const logId = String(ledger.length + 1);
    ledger.push({
      logId,
      productId,
      locationId,
      date: day,
      type,
      quantityChange: units,
      reversesLogId: reverses,
      key,
    });
    rows.push([
      Number(logId),
      productId,
      locationId,
      `${day} 10:00:00.000`,
      units,
      level,
      type,
      key,
      reverses,
    ]);
    return logId;
  };
  for (let day = '2023-01-01'; day <= '2023-12-31'; day = addDays(day, 1)) {
    for (const { productId } of PRODUCTS.slice(0, -1)) {
      for (const locationId of ['MAIN', 'SHOP']) {
        const level = () => levels.get(`${productId}|${locationId}`) ?? 0;
        const n = ledger.length;
        if (level() === 0 && random.uniform() < 0.06) {
          const type = random.uniform() < 0.2 ? 'opening' : 'receipt';
          const logId = book(day, productId, locationId, type, 1 + random.integer(30), `k${n}`);
          if (random.uniform() < 0.15)
            book(day, productId, locationId, 'reversal', -level(), `k${n}r`, logId);
        }
        if (level() > 0 && random.uniform() < 0.25) {
          const units = Math.min(level(), 1 + random.integer(6));
          const price = 1 + random.integer(900) / 100;
          const saleId = `S${n}`;
          book(day, productId, locationId, 'sale', -units, `sale:${saleId}`);
          // a credit note takes the whole line back, as one that is imported does
          if (random.uniform() < 0.1) {
            book(day, productId, locationId, 'return', units, `return:C${n}`);
            const line = [productId, locationId, `${day} 10:00:00.000`];
            soldRows.push([saleId, ...line, units, price, 1, 'sale', `C${n}`]);
            soldRows.push([`C${n}`, ...line, -units, price, 0, 'return', null]);
            continue;
          }
          const sale = { productId, date: day, quantity: units, amount: Math.round(units * price * 10_000) };
          sales.push(sale);
          const isBack = random.uniform() < 0.1;
          const line = [productId, locationId, `${day} 10:00:00.000`, units, price, isBack ? 1 : 0];
          soldRows.push([saleId, ...line, 'sale', null]);
          if (isBack) {
            const back = 1 + random.integer(units);
            const returnDay = addDays(day, random.integer(20));
            const reason = REASONS[random.integer(REASONS.length)]!;
            const amount = Math.round(back * price * 100) * 100;
            refunds.push({ productId, date: returnDay, quantity: back, amount, reason });
            book(returnDay, productId, locationId, 'return', back, `order-return:R${n}:1`);
            returnRows.push([
              `R${n}`,
              saleId,
              productId,
              locationId,
              returnDay,
              back,
              reason,
              amount / 10_000,
            ]);
          }
        }
      }
    }
  }
  return { products: PRODUCTS, ledger, sales, refunds, rows, soldRows, returnRows, levels };
}

let api: Api;
const world = invent(7);
const columns = (names: readonly string[]) =>
  `JSON_TABLE(:rows, '$[*]' COLUMNS (${names.map((name, i) => `${name} PATH '$[${i}]'`).join(', ')})) AS j`;

beforeAll(async () => {
  api = await openApi();
  const insert = (into: string, rows: readonly unknown[], names: readonly string[], select: string) =>
    api.database.write(`INSERT INTO ${into} SELECT ${select} FROM ${columns(names)}`, { rows: json(rows) });
  await api.database.write(`INSERT INTO location (location_id, name) VALUES ('SHOP', 'Shop')`);
  await insert(
    'products (product_id, product_name, category)',
    PRODUCTS.map((product) => [product.productId, product.category]),
    ['id VARCHAR(64)', 'category VARCHAR(100)'],
    'id, id, category',
  );
  await insert(
    'orders (order_id, order_date, order_status, source)',
    world.soldRows,
    ['id VARCHAR(64)', 'p VARCHAR(64)', 'l VARCHAR(50)', 'date DATETIME(3)'],
    `id, date, 'Delivered', 'test'`,
  );
  await insert(
    'sales (sale_id, order_id, customer_id, product_id, location, date, kind, quantity_sold, sale_price, total_amount, refunded, cancelled_by, content_hash)',
    world.soldRows,
    [
      'id VARCHAR(64)',
      'p VARCHAR(64)',
      'l VARCHAR(50)',
      'date DATETIME(3)',
      'units INT',
      'price DECIMAL(12, 4)',
      'back INT',
      'kind VARCHAR(20)',
      'credit VARCHAR(64)',
    ],
    `id, id, 'C', p, l, date, kind, units, price, units * price, back, credit, 'x'`,
  );
  await api.database.write(
    `INSERT INTO demand (product_id, location_id, date, quantity, sale_lines, revenue)
     SELECT product_id, location, DATE(date), SUM(quantity_sold), COUNT(*), SUM(quantity_sold * sale_price)
       FROM sales WHERE kind = 'sale' AND cancelled_by IS NULL GROUP BY product_id, location, DATE(date)`,
  );
  for (let at = 0; at < world.rows.length; at += 2_000)
    await insert(
      'inventory_log (log_id, product_id, warehouse, date, quantity_change, stock_level, change_type, movement_key, reverses_log_id, reference_id, actor, recorded_at)',
      world.rows.slice(at, at + 2_000),
      [
        'n BIGINT',
        'p VARCHAR(64)',
        'l VARCHAR(50)',
        'date DATETIME(3)',
        'units INT',
        'level BIGINT',
        'type VARCHAR(20)',
        'k VARCHAR(160)',
        'back BIGINT',
      ],
      `n, p, l, date, units, level, type, k, back, CASE WHEN type = 'sale' THEN SUBSTRING(k, 6) END, 'test', '2024-01-01'`,
    );
  await insert(
    'stock (product_id, location_id, stock_level, recorded_at)',
    [...world.levels].map(([place, level]) => [...place.split('|'), level]),
    ['p VARCHAR(64)', 'l VARCHAR(50)', 'level BIGINT'],
    `p, l, level, '2024-01-01'`,
  );
  await insert(
    'order_return (return_id, order_id, returned_at, actor, content_hash)',
    world.returnRows,
    ['id VARCHAR(64)', 'sale VARCHAR(64)', 'p VARCHAR(64)', 'l VARCHAR(50)', 'day DATE'],
    `id, sale, day, 'test', 'x'`,
  );
  await insert(
    'order_return_line (return_id, line_no, sale_id, product_id, location_id, day, quantity, reason, item_condition, refund_amount)',
    world.returnRows,
    [
      'id VARCHAR(64)',
      'sale VARCHAR(64)',
      'p VARCHAR(64)',
      'l VARCHAR(50)',
      'day DATE',
      'units INT',
      'reason VARCHAR(24)',
      'amount DECIMAL(14, 4)',
    ],
    `id, 1, sale, p, l, day, units, reason, 'resellable', amount`,
  );
});
afterAll(async () => {
  expect(await findViolations(api.database)).toEqual([]);
  await api.close();
});

/** All rows, page by page. */
async function asked(operation: MetricOperation, cutoff?: string) {
  const pages = [];
  for (let skip = 0; ; skip += 5) {
    const query = `skip=${skip}&limit=5${cutoff === undefined ? '' : `&cutoff=${cutoff}`}`;
    const { status, text, json } = await api.ask('GET', `/metrics/operations/${operation}?${query}`, {
      as: 'viewer',
    });
    expect([status, status === 200 ? '' : text]).toEqual([200, '']);
    pages.push(json);
    if (!json.rows || json.rows.length < 5) break;
  }
  const { pagination, ...first } = pages[0];
  const rows = pages.flatMap((page) => page.rows ?? []);
  if (first.rows) expect([operation, pagination.total]).toEqual([operation, rows.length]);
  return first.rows ? { ...first, rows } : first;
}

/** Numbers to nine digits: a sum in another order may end otherwise. */
const rounded = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, part) =>
      typeof part === 'number' && !Number.isInteger(part) ? Number(part.toPrecision(9)) : part,
    ),
  );

it.each(METRIC_OPERATIONS)(
  '%s over the database is what it is over the rows, at any cutoff',
  async (name) => {
    for (const cutoff of ['2022-12-31', '2023-01-20', '2023-06-30', '2023-11-30', '2024-02-01']) {
      const expected = runOperation(name, world, cutoff);
      expect(rounded(await asked(name, cutoff))).toEqual(rounded(expected));
    }
  },
);

it('sold is the same in all of them: what a credit note cancelled is not', async () => {
  for (const cutoff of ['2023-06-30', '2023-12-31']) {
    const sold = world.sales.filter(({ date }) => date <= cutoff);
    const units = sold.reduce((sum, { quantity }) => sum + quantity, 0);
    expect((await asked('describe_sales', cutoff)).units).toBe(units);
    expect((await asked('sale_to_restock_ratio', cutoff)).units_sold).toBe(units);
    expect(runOperation('sale_to_restock_ratio', world, cutoff)).toMatchObject({ units_sold: units });
  }
});

it('without a cutoff it speaks of the business day', async () => {
  const last = world.sales.reduce((day, sale) => (sale.date > day ? sale.date : day), '');
  for (const name of METRIC_OPERATIONS) expect((await asked(name)).through).toBe(last);
  await api.database.write(`INSERT INTO setting (name, value) VALUES ('as_of', '2023-03-03')`);
  expect((await asked('describe_sales')).months.at(-1).month).toBe('2023-03');
  await api.database.write(`DELETE FROM setting WHERE name = 'as_of'`);
});

it('refuses what is no operation, no day, and nobody', async () => {
  const ask = (target: string, as?: string) => api.ask('GET', target, as === undefined ? {} : { as });
  const unknown = await ask('/metrics/operations/turnover', 'viewer');
  expect(unknown.status).toBe(422);
  for (const name of METRIC_OPERATIONS) expect(unknown.text).toContain(name);
  expect((await ask('/metrics/operations/product_counts?cutoff=2023-02-30', 'viewer')).status).toBe(422);
  for (const far of ['2200-01-01', '9999-12-31']) {
    const refused = await ask(`/metrics/operations/describe_sales?cutoff=${far}`, 'viewer');
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('2100-12-31')]);
  }
  expect((await ask('/metrics/operations/product_counts')).status).toBe(401);
});

it('past the last row it still says how many rows there are', async () => {
  for (const name of ['stockout_counts', 'sale_to_restock_ratio', 'describe_sales', 'gather_refund_data']) {
    const page = async (skip: number) =>
      (await api.ask('GET', `/metrics/operations/${name}?skip=${skip}`, { as: 'viewer' })).json;
    const { total } = (await page(0)).pagination;
    const past = await page(10_000);
    expect([name, past.rows, past.pagination.total]).toEqual([name, [], total]);
    expect(total).toBeGreaterThan(0);
  }
});

it('every operation answers for an empty database', async () => {
  const empty = await openApi();
  try {
    for (const name of METRIC_OPERATIONS) {
      const { status, json: answer } = await empty.ask('GET', `/metrics/operations/${name}`, {
        as: 'viewer',
      });
      expect([name, status]).toEqual([name, 200]);
      const { pagination, ...result } = answer;
      expect(pagination.total).toBe(0);
      expect(result).toEqual(
        runOperation(name, { products: [], ledger: [], sales: [], refunds: [] }, '2011-12-10'),
      );
    }
  } finally {
    await empty.close();
  }
});
