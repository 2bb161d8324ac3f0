import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { reverseMovements } from '../../../shared/data/ledger/ledger-reversals.ts';
import { readPositions } from '../../../shared/data/ledger/position-store.ts';
import { holdPurchases, settlePurchases } from '../../../shared/data/purchasing/purchase-line-store.ts';
import { receiptsOfMovements, removeReceipts } from '../../../shared/data/purchasing/receipt-line-store.ts';
import { type Api, openApi } from './api-fixture.ts';

let api: Api;
beforeAll(async () => {
  api = await openApi();
  await api.database.write(`INSERT INTO supplier (supplier_id, supplier_name) VALUES ('S', 'Supplier')`);
});
afterAll(async () => {
  expect(await findViolations(api.database)).toEqual([]);
  await api.close();
});

const post = (target: string, body: unknown, as = 'warehouse') => api.ask('POST', target, { as, body });
const get = (target: string) => api.ask('GET', target, { as: 'viewer' });

/** An approved purchase order of these products and quantities. */
async function approved(lines: Record<string, number>): Promise<number> {
  for (const id of Object.keys(lines)) {
    const made = await post('/products', { id, name: id, unit_price: 10, cost: 4 });
    expect([201, 409]).toContain(made.status);
  }
  const { insertId } = await api.database.write(
    `INSERT INTO purchase_order (supplier_id, location_id, status) VALUES ('S', 'MAIN', 'approved')`,
  );
  for (const [productId, quantity] of Object.entries(lines))
    await api.database.write(
      `INSERT INTO purchase_order_line (purchase_order_id, product_id, quantity, unit_cost)
       VALUES (:id, :productId, :quantity, 4)`,
      { id: insertId!, productId, quantity },
    );
  return insertId!;
}

async function positionOf(productId: string) {
  const key = { productId, locationId: 'MAIN' };
  const [position] = (await readPositions(api.database, [key])).values();
  return [position!.onHand, position!.onOrder];
}

it('only a receipt changes stock, in parts and several times, and on order falls by what arrived', async () => {
  const id = await approved({ P1: 10, P2: 5 });
  expect(await positionOf('P1')).toEqual([0, 10]);
  const first = await post(`/purchase-orders/${id}/receipts`, { lines: [{ product_id: 'P1', quantity: 4 }] });
  expect([first.status, first.json.status]).toEqual([201, 'partially_received']);
  expect(first.json).toMatchObject({
    lines: [
      { product_id: 'P1', quantity: 10, quantity_received: 4 },
      { product_id: 'P2', quantity_received: 0 },
    ],
    receipts: [{ actor: 'warehouse', accept_over: false, lines: [{ product_id: 'P1', quantity: 4 }] }],
  });
  expect(await positionOf('P1')).toEqual([4, 6]);
  const rest = await post(`/purchase-orders/${id}/receipts`, {
    lines: [
      { product_id: 'P1', quantity: 6 },
      { product_id: 'P2', quantity: 5 },
    ],
  });
  expect(rest.json.status).toBe('received');
  expect([await positionOf('P1'), await positionOf('P2')]).toEqual([
    [10, 0],
    [5, 0],
  ]);
  const more = await post(`/purchase-orders/${id}/receipts`, { lines: [{ product_id: 'P1', quantity: 1 }] });
  expect(more.status).toBe(409);
});

it('damaged units are received and leave again, linked', async () => {
  const id = await approved({ D1: 10 });
  const line = { product_id: 'D1', quantity: 10, damaged: 3 };
  const made = await post(`/purchase-orders/${id}/receipts`, { receipt_id: 'R-D', lines: [line] });
  expect(made.json).toMatchObject({
    status: 'received',
    lines: [{ quantity_received: 10, quantity_damaged: 3 }],
  });
  const movements = await api.database.select(
    z.object({ change_type: z.string(), quantity_change: z.int(), reference_id: z.string() }),
    `SELECT change_type, quantity_change, reference_id FROM inventory_log WHERE product_id = 'D1' ORDER BY log_id`,
  );
  expect(movements).toEqual([
    { change_type: 'receipt', quantity_change: 10, reference_id: 'R-D' },
    { change_type: 'damage', quantity_change: -3, reference_id: 'R-D' },
  ]);
  expect((await post(`/purchase-orders/${id}/receipts`, { lines: [{ ...line, quantity: 2 }] })).status).toBe(
    422,
  );
});

it('more than was ordered is refused, unless it is tolerated or knowingly accepted', async () => {
  const id = await approved({ O1: 10 });
  const receive = (quantity: number, more: object = {}) =>
    post(`/purchase-orders/${id}/receipts`, { lines: [{ product_id: 'O1', quantity }], ...more });
  const refused = await receive(11);
  expect([refused.status, refused.json.errors]).toEqual([
    409,
    [{ field: 'O1', reason: '11 come in all, 10 are ordered' }],
  ]);
  expect(await positionOf('O1')).toEqual([0, 10]);
  await api.database.write(`INSERT INTO setting (name, value) VALUES ('receipt_tolerance_percent', '10')`);
  expect((await receive(12)).status).toBe(409);
  expect((await receive(11)).json.status).toBe('received');
  await api.database.write(`DELETE FROM setting WHERE name = 'receipt_tolerance_percent'`);
  expect((await receive(2)).status).toBe(409);
  const unexplained = await receive(2, { accept_over: true });
  expect([unexplained.status, unexplained.json.errors]).toMatchObject([422, [{ field: 'reason' }]]);
  const accepted = await receive(2, { accept_over: true, reason: 'they sent more' });
  expect(
    accepted.json.receipts.map((receipt: { accept_over: boolean }) => receipt.accept_over).sort(),
  ).toEqual([false, true]);
  expect(await positionOf('O1')).toEqual([13, 0]);
});

it('the same receipt is booked once, also at once; of the last units one of two succeeds', async () => {
  const id = await approved({ I1: 10 });
  const body = { receipt_id: 'R-I', lines: [{ product_id: 'I1', quantity: 4 }] };
  const answers = await Promise.all([1, 2, 3].map(() => post(`/purchase-orders/${id}/receipts`, body)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
  const other = { receipt_id: 'R-I', lines: [{ product_id: 'I1', quantity: 5 }] };
  expect((await post(`/purchase-orders/${id}/receipts`, other)).status).toBe(409);
  const last = await Promise.all(
    [1, 2].map(() => post(`/purchase-orders/${id}/receipts`, { lines: [{ product_id: 'I1', quantity: 6 }] })),
  );
  expect(last.map(({ status }) => status).sort()).toEqual([201, 409]);
  expect(await positionOf('I1')).toEqual([10, 0]);
});

it('a draft takes no goods, an order without the product neither, and the future none', async () => {
  const id = await approved({ N1: 1 });
  const receive = (lines: unknown[], more: object = {}) =>
    post(`/purchase-orders/${id}/receipts`, { lines, ...more });
  const line = { product_id: 'N1', quantity: 1 };
  expect((await receive([{ product_id: 'P1', quantity: 1 }])).status).toBe(404);
  expect((await receive([line, line])).status).toBe(422);
  expect((await receive([line], { received_at: '2012-01-01' })).status).toBe(422);
  expect((await post('/purchase-orders/9999/receipts', { lines: [line] })).status).toBe(404);
  const viewer = await api.ask('POST', `/purchase-orders/${id}/receipts`, {
    as: 'viewer',
    body: { lines: [line] },
  });
  expect(viewer.status).toBe(403);
  await api.database.write(`UPDATE purchase_order SET status = 'draft' WHERE purchase_order_id = :id`, {
    id,
  });
  expect((await receive([line])).status).toBe(409);
  await api.database.write(`UPDATE purchase_order SET status = 'cancelled' WHERE purchase_order_id = :id`, {
    id,
  });
  expect((await receive([line])).status).toBe(409);
});

it('a short close ends the expectation, with a reason, once', async () => {
  const id = await approved({ S1: 10 });
  await post(`/purchase-orders/${id}/receipts`, { lines: [{ product_id: 'S1', quantity: 7 }] });
  const close = (body: unknown) => post(`/purchase-orders/${id}/close`, body, 'buyer');
  expect((await close({})).status).toBe(422);
  const closed = await close({ reason: 'supplier is out of it' });
  expect(closed.json).toMatchObject({
    status: 'closed',
    closed_by: 'buyer',
    close_reason: 'supplier is out of it',
  });
  expect(await positionOf('S1')).toEqual([7, 0]);
  expect((await close({ reason: 'again' })).json.close_reason).toBe('supplier is out of it');
  const late = await post(`/purchase-orders/${id}/receipts`, { lines: [{ product_id: 'S1', quantity: 3 }] });
  expect(late.status).toBe(409);
  expect((await get(`/purchase-orders?status=closed`)).json.data).toHaveLength(1);
});

it('a receipt that came with an undone import can be booked by hand under the same id', async () => {
  const id = await approved({ AGAIN: 10 });
  const receipt = { receipt_id: 'AGAIN-1', lines: [{ product_id: 'AGAIN', quantity: 4, damaged: 1 }] };
  for (const receives of ['first', 'again', 'once more']) {
    const { status } = await post(`/purchase-orders/${id}/receipts`, receipt);
    expect([receives, status, await positionOf('AGAIN')]).toEqual([receives, 201, [3, 6]]);
    if (receives === 'once more') return;
    const movements = await api.database.select(
      z.object({ log_id: z.int() }),
      `SELECT log_id FROM inventory_log WHERE product_id = 'AGAIN' AND change_type <> 'reversal'`,
    );
    const ids = movements.map((row) => row.log_id);
    await api.database.transaction(async (tx) => {
      const came = await receiptsOfMovements(tx, ids);
      await holdPurchases(tx, { ids: [id] });
      await removeReceipts(tx, came);
      await settlePurchases(tx, [id], { actor: 'undo:x', reason: 'undone' });
      await reverseMovements(tx, ids, { actor: 'undo:x', reason: 'import undone' });
    });
    expect(await positionOf('AGAIN')).toEqual([0, 10]);
  }
});
