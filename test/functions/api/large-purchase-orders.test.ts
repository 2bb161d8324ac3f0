import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, openApi } from './api-fixture.ts';

const PATIENCE_MS = 240_000;
/** More than an answer of the API shows, and than a plan puts into one draft of a shop of this size. */
const MANY = 9_000;
let api: Api;
beforeAll(async () => {
  api = await openApi({}, { brokenOnPurpose: ['ledger'] });
  await api.database.write(`INSERT INTO supplier (supplier_id, supplier_name) VALUES ('S', 'Supplier')`);
  await api.database.write(
    `INSERT INTO products (product_id, product_name, unit_price, cost)
     WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 999)
     SELECT CONCAT('P', LPAD(a.i * 10 + b.i, 5, '0')), 'A thing', 9, 0.3333
       FROM n AS a
       JOIN n AS b ON b.i <= 10
      WHERE a.i <= ${MANY / 10}`,
  );
}, PATIENCE_MS);
afterAll(() => api.close());

const get = (target: string) => api.ask('GET', target, { as: 'viewer' });
const post = (target: string, body: unknown = {}) => api.ask('POST', target, { as: 'admin', body });
const productNo = (i: number) => `P${String(i + 11).padStart(5, '0')}`;

/** An approved order of so many products. */
async function order(lines: number): Promise<number> {
  const { json } = await post('/purchase-orders', {
    supplier_id: 'S',
    lines: [{ product_id: productNo(0), quantity: 10 }],
  });
  const id = json.purchase_order_id;
  await api.database.write(
    `INSERT IGNORE INTO purchase_order_line (purchase_order_id, product_id, quantity, unit_cost)
     SELECT :id, product_id, 10, cost FROM products ORDER BY product_id LIMIT ${lines}`,
    { id },
  );
  expect((await post(`/purchase-orders/${id}/approve`)).status).toBe(200);
  return id;
}

const lotsOf = (i: number) =>
  Array.from({ length: 3 }, (_, k) => ({
    lot_code: `${'LOT-'.repeat(13)}${i}-${k}`,
    expiry_date: '2012-03-01',
    quantity: 2,
  }));

it(
  'receipts of hundreds of lines with lots are booked, shown as far as they fit, and listed in full',
  async () => {
    const id = await order(500);
    for (const name of ['first', 'second']) {
      const came = await post(`/purchase-orders/${id}/receipts`, {
        receipt_id: name,
        received_at: name === 'first' ? '2011-12-10T06:00:00Z' : '2011-12-10T07:00:00Z',
        accept_over: true,
        reason: 'they sent more',
        lines: Array.from({ length: 500 }, (_, i) => ({
          product_id: productNo(i),
          quantity: 6,
          lots: lotsOf(i),
        })),
      });
      expect([came.status, came.json.detail]).toEqual([201, undefined]);
    }
    const { json } = await get(`/purchase-orders/${id}`);
    expect(json).toMatchObject({ status: 'received', receipt_count: 2 });
    expect(json.receipts).toMatchObject([{ receipt_id: 'second', line_count: 500 }]);
    expect(json.receipts[0].lines.length).toBe(500);
    expect(json.receipts[0].lines[7].lots).toMatchObject(lotsOf(7));
    const seen = new Set<string>();
    for (let skip = 0; skip < 1000; skip += 200) {
      const page = (await get(`/purchase-orders/${id}/receipts?skip=${skip}&limit=200`)).json;
      expect([page.pagination.total, page.data.length]).toEqual([1000, 200]);
      for (const line of page.data) seen.add(`${line.receipt_id} ${line.product_id} ${line.lots.length}`);
    }
    expect(seen.size).toBe(1000);
    expect((await get(`/purchase-orders/${id}/history?limit=500`)).status).toBe(200);
  },
  PATIENCE_MS,
);

it(
  'an order of 9,000 lines is printed whole or not at all, and may be noted on, confirmed and received',
  async () => {
    const id = await order(MANY);
    const detail = (await get(`/purchase-orders/${id}`)).json;
    // 9,000 x 3.33: 10 x 0.3333, rounded to the cent
    expect(detail).toMatchObject({ line_count: MANY, total_cost: '29970.00' });
    const last = (await get(`/purchase-orders/${id}/lines?skip=${MANY - 1}&limit=500`)).json;
    expect(last).toMatchObject({
      data: [{ product_id: productNo(MANY - 1) }],
      pagination: { total: MANY },
    });
    const target = `/purchase-orders/${id}/document`;
    expect((await get(`${target}?format=csv`)).text.trim().split('\n').length).toBe(MANY + 1);
    const page = await get(target);
    expect(page.text.split('<tr>').length).toBeGreaterThan(MANY);
    expect(page.text).toContain('29970.00 GBP');
    const pdf = await get(`${target}?format=pdf`);
    if (pdf.status === 200) expect(pdf.text).toContain(productNo(MANY - 1));
    else expect([pdf.status, pdf.json.detail]).toEqual([409, expect.stringContaining('format=csv')]);

    const said = await post(`/purchase-orders/${id}/acknowledge`, { promised_date: '2011-12-20' });
    expect([said.status, said.json.detail]).toEqual([200, undefined]);
    const came = await post(`/purchase-orders/${id}/receipts`, {
      lines: [{ product_id: productNo(MANY - 1), quantity: 10 }],
    });
    expect([came.status, came.json.status]).toEqual([201, 'partially_received']);
    const charged = await api.ask('PUT', `/purchase-orders/${id}/charges`, {
      as: 'admin',
      body: { charges: [{ kind: 'freight', amount: 90 }] },
    });
    expect([charged.status, charged.json.lines?.length]).toEqual([200, MANY]);
  },
  PATIENCE_MS,
);

it(
  'a draft of more lines than can be edited takes a note and a day',
  async () => {
    const { json } = await post('/purchase-orders', {
      supplier_id: 'S',
      lines: [{ product_id: productNo(0), quantity: 1 }],
    });
    const id = json.purchase_order_id;
    await api.database.write(
      `INSERT IGNORE INTO purchase_order_line (purchase_order_id, product_id, quantity, unit_cost)
       SELECT :id, product_id, 1, cost FROM products ORDER BY product_id LIMIT 2500`,
      { id },
    );
    const body = { note: 'by the back door', expected_date: '2012-01-05' };
    const noted = await api.ask('PUT', `/purchase-orders/${id}`, { as: 'buyer', body });
    expect([noted.status, noted.json.note, noted.json.expected_date]).toEqual([200, body.note, '2012-01-05']);
    expect(noted.json.line_count).toBe(2500);
    const lines = [{ product_id: productNo(0), quantity: 2 }];
    const edited = await api.ask('PUT', `/purchase-orders/${id}`, { as: 'buyer', body: { lines } });
    expect(edited.status).toBe(409);
  },
  PATIENCE_MS,
);
