import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import {
  EXPECTING,
  type PurchaseOrderCommand,
  type PurchaseOrderState,
  transitionOf,
} from '../../../shared/core/inventory/purchase-order-states.ts';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { readPositions } from '../../../shared/data/ledger/position-store.ts';
import { type Api, openApi } from './api-fixture.ts';

const PATIENCE_MS = 240_000;
let api: Api;
let runs = 0;
beforeAll(async () => {
  api = await openApi();
  await api.database.write(`INSERT INTO supplier (supplier_id, supplier_name) VALUES ('S', 'Supplier')`);
}, PATIENCE_MS);
afterAll(() => api.close());

const nth = fc.nat({ max: 20 });
const units = fc.integer({ min: 1, max: 8 });
const isFirst = fc.boolean();
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('create'), first: units, second: units }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('edit'), nth, first: units, second: units }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('submit'), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen'), nth }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('approve'), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reject'), nth }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('send'), nth }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('acknowledge'),
      nth,
      isFirst,
      units: fc.nat({ max: 8 }),
      over: fc.boolean(),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('receive'),
      nth,
      isFirst,
      units,
      damaged: fc.nat({ max: 8 }),
      over: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reverse_receipt'), nth, which: nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close'), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel'), nth }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

interface Line {
  readonly product: string;
  ordered: number;
  quantity: number;
  received: number;
  isCancelled: boolean;
}

/** One order as it should be. */
interface Order {
  readonly id: number;
  status: PurchaseOrderState;
  isSent: boolean;
  isAcknowledged: boolean;
  lines: [Line, Line];
  readonly receipts: Map<string, { line: 0 | 1; units: number; damaged: number }>;
}

const isComing = (line: Line) => !line.isCancelled && line.received < line.quantity;

/** What the lines say of an order of which goods were booked, or fewer are expected. */
function settle(order: Order): PurchaseOrderState {
  if (!['approved', 'sent', 'acknowledged', 'partially_received', 'received'].includes(order.status))
    return order.status;
  const isHere = order.lines.some((line) => line.received > 0);
  if (order.lines.some(isComing)) {
    if (isHere) return 'partially_received';
    return order.isAcknowledged ? 'acknowledged' : order.isSent ? 'sent' : 'approved';
  }
  const isShort = order.lines.some((line) => line.isCancelled && line.received < line.quantity);
  if (!isShort) return 'received';
  return isHere ? 'closed' : 'cancelled';
}

/** What somebody may do next, by the table and what has come; false where it is refused. */
function expectOf(order: Order, what: Command & { readonly nth: number }, receipt: string): boolean {
  const transition = transitionOf(order.status, what.do as PurchaseOrderCommand);
  if (what.do === 'receive') {
    const line = order.lines[what.isFirst ? 0 : 1];
    const isTaken =
      transition.kind === 'moves' &&
      (what.over ||
        (order.status !== 'received' && !line.isCancelled && line.received + what.units <= line.quantity)) &&
      what.damaged <= what.units;
    if (!isTaken) return false;
    line.received += what.units;
    order.receipts.set(receipt, { line: what.isFirst ? 0 : 1, units: what.units, damaged: what.damaged });
    order.status = settle(order);
    return true;
  }
  if (what.do === 'reverse_receipt') {
    const came = [...order.receipts][what.which % Math.max(1, order.receipts.size)];
    if (!came) return false;
    order.lines[came[1].line].received -= came[1].units;
    order.receipts.delete(came[0]);
    order.status = settle(order);
    return true;
  }
  if (what.do === 'acknowledge') {
    const line = order.lines[what.isFirst ? 0 : 1];
    if (transition.kind !== 'moves' || what.units < line.received) return false;
    if (!what.over && what.units > line.ordered && what.units > line.quantity) return false;
    order.isAcknowledged = true;
    if (order.status !== 'partially_received') order.status = 'acknowledged';
    if (what.units > 0) line.quantity = what.units;
    line.isCancelled = what.units === 0;
    order.status = settle(order);
    return true;
  }
  if (transition.kind === 'refused') return false;
  if (transition.kind === 'done') return true;
  if (what.do === 'edit')
    for (const [i, line] of order.lines.entries())
      line.quantity = line.ordered = i === 0 ? what.first : what.second;
  if (what.do === 'send') order.isSent = true;
  order.status = transition.to as PurchaseOrderState;
  return true;
}

const ask = (method: string, target: string, body: unknown) => api.ask(method, target, { as: 'admin', body });

async function send(order: Order, what: Command & { readonly nth: number }, receipt: string) {
  const at = `/purchase-orders/${order.id}`;
  const product = 'isFirst' in what ? order.lines[what.isFirst ? 0 : 1].product : '';
  if (what.do === 'edit')
    return await ask('PUT', `${at}/lines`, {
      lines: order.lines.map((line, i) => ({
        product_id: line.product,
        quantity: i === 0 ? what.first : what.second,
      })),
    });
  if (what.do === 'receive')
    return await ask('POST', `${at}/receipts`, {
      receipt_id: receipt,
      accept_over: what.over,
      ...(what.over && { reason: 'they sent more' }),
      lines: [{ product_id: product, quantity: what.units, damaged: what.damaged }],
    });
  if (what.do === 'reverse_receipt') {
    const which = [...order.receipts.keys()][what.which % Math.max(1, order.receipts.size)] ?? 'none';
    return await ask('POST', `${at}/receipts/${which}/reverse`, { reason: 'not ours' });
  }
  if (what.do === 'acknowledge')
    return await ask('POST', `${at}/acknowledge`, {
      lines: [{ product_id: product, quantity: what.units }],
      accept_over: what.over,
    });
  return await ask('POST', `${at}/${what.do}`, { reason: 'so it is' });
}

async function create(products: readonly [string, string], first: number, second: number): Promise<Order> {
  const { json } = await ask('POST', '/purchase-orders', {
    supplier_id: 'S',
    lines: [
      { product_id: products[0], quantity: first },
      { product_id: products[1], quantity: second },
    ],
  });
  const line = (product: string, quantity: number): Line => ({
    product,
    ordered: quantity,
    quantity,
    received: 0,
    isCancelled: false,
  });
  return {
    id: json.purchase_order_id,
    status: 'draft',
    isSent: false,
    isAcknowledged: false,
    lines: [line(products[0], first), line(products[1], second)],
    receipts: new Map(),
  };
}

const LineRow = z.object({
  product_id: z.string(),
  quantity: z.int(),
  quantity_received: z.int(),
  ordered: z.int(),
  line_status: z.string(),
});
const Count = z.object({ n: z.int() });

/** Orders, stock and what is on order are what the model says, and nothing else. */
async function compare(orders: readonly Order[], products: readonly [string, string]): Promise<void> {
  for (const order of orders) {
    const { json } = await api.ask('GET', `/purchase-orders/${order.id}`, { as: 'viewer' });
    expect([order.id, json.status]).toEqual([order.id, order.status]);
    const rows = await api.database.select(
      LineRow,
      `SELECT product_id, quantity, quantity_received, COALESCE(ordered_quantity, quantity) AS ordered, line_status
         FROM purchase_order_line
        WHERE purchase_order_id = :id
        ORDER BY product_id`,
      { id: order.id },
    );
    expect(rows).toEqual(
      order.lines.map((line) => ({
        product_id: line.product,
        quantity: line.quantity,
        quantity_received: line.received,
        ordered: line.ordered,
        line_status: line.isCancelled ? 'cancelled' : 'open',
      })),
    );
  }
  const counts = [...EXPECTING, 'draft', 'submitted'] as readonly string[];
  for (const [i, productId] of products.entries()) {
    const [position] = (await readPositions(api.database, [{ productId, locationId: 'MAIN' }])).values();
    const lines = orders.map((order) => ({ order, line: order.lines[i as 0 | 1] }));
    const received = lines.reduce(
      (sum, { order }) =>
        sum +
        [...order.receipts.values()].reduce(
          (all, one) => all + (one.line === i ? one.units - one.damaged : 0),
          0,
        ),
      0,
    );
    const onOrder = lines.reduce(
      (sum, { order, line }) =>
        sum + (counts.includes(order.status) && isComing(line) ? line.quantity - line.received : 0),
      0,
    );
    expect([productId, position!.onHand, position!.onOrder]).toEqual([productId, received, onOrder]);
  }
}

test(
  'whatever people do with orders in whatever order, each is in the state of the table, stock changes by receipts alone, and what is ordered is received, on order, or will not come',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 25 }), async (commands) => {
        runs += 1;
        const products = [`a${runs}`, `b${runs}`] as const;
        for (const id of products)
          await ask('POST', '/products', { id, name: id, unit_price: 9, cost: 4, reorder_threshold: 0 });
        const orders: Order[] = [];
        for (const [i, what] of commands.entries()) {
          if (what.do === 'create') {
            orders.push(await create(products, what.first, what.second));
            continue;
          }
          const order = orders[what.nth % Math.max(1, orders.length)];
          if (!order) continue;
          const receipt = `r${runs}-${i}`;
          const before = structuredClone(order);
          const answer = await send(order, what, receipt);
          const isTaken = expectOf(order, what, receipt);
          const said = answer.json.detail;
          expect(answer.status).toBeLessThan(500);
          expect([what, before, said, answer.status < 300]).toEqual([what, before, said, isTaken]);
          // again: nothing is done twice
          if (
            isTaken &&
            ['receive', 'submit', 'approve', 'send', 'close', 'cancel', 'reject'].includes(what.do)
          )
            expect([what.do, (await send(before, what, receipt)).json.status]).toEqual([
              what.do,
              order.status,
            ]);
        }
        await compare(orders, products);
        const [steps] = await api.database.select(
          Count,
          `SELECT COUNT(*) AS n FROM audit_log WHERE subject = 'purchase_order'`,
        );
        expect(steps!.n).toBeGreaterThanOrEqual(orders.length);
      }),
      { numRuns: 25 },
    );
    expect(await findViolations(api.database)).toEqual([]);
  },
  PATIENCE_MS,
);

test(
  'of an approval, a cancellation and a receipt at once, what wins is whole and the others see it',
  async () => {
    const products = ['c1', 'c2'] as const;
    for (const id of products) await ask('POST', '/products', { id, name: id, unit_price: 9, cost: 4 });
    for (let round = 0; round < 6; round++) {
      const order = await create(products, 4, 3);
      await ask('POST', `/purchase-orders/${order.id}/approve`, {});
      const before = (await readPositions(api.database, [{ productId: 'c1', locationId: 'MAIN' }]))
        .values()
        .next().value!;
      const [approved, cancelled, received] = await Promise.all([
        ask('POST', `/purchase-orders/${order.id}/approve`, {}),
        ask('POST', `/purchase-orders/${order.id}/cancel`, { reason: 'too late' }),
        ask('POST', `/purchase-orders/${order.id}/receipts`, { lines: [{ product_id: 'c1', quantity: 4 }] }),
      ]);
      expect([cancelled!.status, received!.status].sort()).toEqual(
        cancelled!.status === 200 ? [200, 409] : [201, 409],
      );
      expect([200, 409]).toContain(approved!.status);
      const { json } = await api.ask('GET', `/purchase-orders/${order.id}`, { as: 'viewer' });
      expect(json.status).toBe(cancelled!.status === 200 ? 'cancelled' : 'partially_received');
      const after = (await readPositions(api.database, [{ productId: 'c1', locationId: 'MAIN' }]))
        .values()
        .next().value!;
      expect(after.onHand - before.onHand).toBe(received!.status === 201 ? 4 : 0);
    }
    expect(await findViolations(api.database)).toEqual([]);
  },
  PATIENCE_MS,
);
