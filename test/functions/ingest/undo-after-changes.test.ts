import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { type Api, openApi } from '../api/api-fixture.ts';
import { type Drops, openDrops } from './drop-file.ts';
import { readsOf, undoOf } from './imported-state.ts';

let api: Api;
let drops: Drops;

beforeAll(async () => {
  api = await openApi();
  drops = openDrops(api.database, { chunkRows: 3 });
});
afterEach(async () => expect(await findViolations(api.database)).toEqual([]));
afterAll(() => api.close());

const { read, demand: allDemand } = readsOf({ select: (...query) => api.database.select(...query) });
const undo = (importId: string) => undoOf(drops, importId);
const level = (product: string) =>
  read(`SELECT CAST(stock_level AS CHAR) AS what FROM stock WHERE product_id = '${product}'`);
const lines = (product: string) =>
  read(
    `SELECT CONCAT(s.kind, ' ', s.quantity_sold, ' refunded ', s.refunded, ' ', o.order_status) AS what
       FROM sales s JOIN orders o USING (order_id) WHERE s.product_id = '${product}' ORDER BY s.sale_id`,
  );
const demand = async (product: string) =>
  (await allDemand()).filter((text) => text.startsWith(`${product} `));
const state = async (product: string) => [await level(product), await lines(product), await demand(product)];
const detailOf = (importId: string) =>
  read(`SELECT COALESCE(detail, '') AS what FROM import_job WHERE import_id = '${importId}'`);

const receive = (product: string) =>
  drops.drop(`receipt_id,product_id,date,quantity\nR-${product},${product},2024-01-01,10\n`);
const SALES = 'order_id,line,date,product_id,quantity,unit_price,status\n';
const AMAZON =
  'amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tproduct-name\tsku\titem-status\tquantity\titem-price\n';
const amazon = (product: string, quantity: number, price: string, updated = '02', status = 'Unshipped') =>
  `${AMAZON}AM-${product}\tAM-${product}\t2024-01-02T10:00:00+00:00\t2024-01-${updated}T10:00:00+00:00\t${status}\tMerchant\tName\t${product}\t${status}\t${quantity}\t${price}\n`;
const giveBack = async (order: string, line: string, quantity: number) => {
  const answer = await api.ask('POST', `/orders/${order}/returns`, {
    as: 'ann admin',
    body: { lines: [{ line, quantity, reason: 'defective', condition: 'resellable' }] },
  });
  expect(answer.status).toBeLessThan(300);
};
const cancel = async (order: string) => {
  const answer = await api.ask('POST', `/orders/${order}/cancel`, {
    as: 'ann admin',
    body: { reason: 'the customer thought better of it' },
  });
  expect(answer.status).toBe(200);
};

test('a line of which goods came back stays when its import is undone, and is known when it comes again', async () => {
  await receive('P1');
  const file = `${SALES}O1,1,2024-01-02,P1,5,2,delivered\nO2,1,2024-01-02,P1,1,2,delivered\n`;
  const sold = await drops.drop(file);
  await giveBack('O1', 'O1:1', 2);
  await undo(sold.import_id);
  const left = [
    ['7'],
    ['sale 5 refunded 1 Delivered', 'undone 1 refunded 0 Undone'],
    ['P1 2024-01-02: 5 in 1 for 10.0000'],
  ];
  expect(await state('P1')).toEqual(left);
  expect(await detailOf(sold.import_id)).toEqual([
    '1 lines stay, because goods of them came back or somebody cancelled them since: O1:1.',
  ]);
  const again = await drops.drop(file);
  expect(again).toMatchObject({ status: 'done', imported_rows: 1, duplicate_rows: 1 });
  expect(await level('P1')).toEqual(['6']);
});

test('a line that somebody cancelled stays cancelled when the report before or after is undone', async () => {
  await receive('P2');
  const first = await drops.drop(amazon('P2', 5, ''));
  const later = await drops.drop(amazon('P2', 5, '10.00', '03'));
  await cancel('AM-P2');
  const cancelled = await state('P2');
  await undo(later.import_id);
  expect(await state('P2')).toEqual(cancelled);
  await undo(first.import_id);
  expect(await state('P2')).toEqual(cancelled);
});

test('a newer report does not sell again what somebody cancelled, and may tell the cancellation too', async () => {
  await receive('P3');
  await drops.drop(amazon('P3', 5, ''));
  await cancel('AM-P3');
  const cancelled = await level('P3');
  const later = await drops.drop(amazon('P3', 5, '10.00', '03'));
  expect(later).toMatchObject({ imported_rows: 0, rejected_rows: 1 });
  expect(drops.rejects(later)).toContain('already recorded, and cancelled or returned since');
  expect(await level('P3')).toEqual(cancelled);
  expect(await demand('P3')).toEqual([]);
  const told = await drops.drop(amazon('P3', 0, '', '04', 'Cancelled'));
  expect(told).toMatchObject({ rejected_rows: 0 });
  expect(await level('P3')).toEqual(['10']);
});

test('what came back of a corrected line keeps the correction', async () => {
  await receive('P5');
  await drops.drop(amazon('P5', 5, ''));
  const later = await drops.drop(amazon('P5', 3, '10.00', '03', 'Shipped'));
  await giveBack('AM-P5', 'AM-P5:P5', 3);
  const before = await state('P5');
  await undo(later.import_id);
  expect(await state('P5')).toEqual(before);
  expect(before[0]).toEqual(['10']);
});

test('undoing the first of two reports leaves the stock of what the second one tells', async () => {
  await receive('P6');
  const first = await drops.drop(amazon('P6', 5, ''));
  const later = await drops.drop(amazon('P6', 5, '10.00', '03'));
  await undo(first.import_id);
  expect(await level('P6')).toEqual(['5']);
  await undo(later.import_id);
  expect(await level('P6')).toEqual(['10']);
  expect(await demand('P6')).toEqual([]);
});

test('undoing the second report and then the first leaves nothing', async () => {
  await receive('P7');
  const first = await drops.drop(amazon('P7', 5, ''));
  const later = await drops.drop(amazon('P7', 3, '10.00', '03'));
  await undo(later.import_id);
  expect(await level('P7')).toEqual(['5']);
  await undo(first.import_id);
  expect(await level('P7')).toEqual(['10']);
  expect(await demand('P7')).toEqual([]);
});

test('an order of which only the lines are undone keeps what its header said', async () => {
  await drops.drop('order_id,date,status\nH1,2024-01-01,cancelled\n');
  const items = 'order_id,product_id,quantity,unit_price,line\nH1,P8,5,2,1\n';
  const first = await drops.drop(items);
  const before = await lines('P8');
  expect(before).toEqual(['cancelled 5 refunded 0 Cancelled']);
  await undo(first.import_id);
  await drops.drop(items);
  expect(await lines('P8')).toEqual(before);
  expect(await demand('P8')).toEqual([]);
});

test('undoing the report that cancelled an order gives it the status back that it had', async () => {
  await receive('P9');
  const first = await drops.drop(amazon('P9', 5, '10.00'));
  const before = await state('P9');
  const later = await drops.drop(amazon('P9', 0, '', '03', 'Cancelled'));
  expect((await lines('P9'))[0]).toContain('Cancelled');
  await undo(later.import_id);
  expect(await state('P9')).toEqual(before);
  await undo(first.import_id);
  expect(await lines('P9')).toEqual(['undone 5 refunded 0 Undone']);
});

test('an order that was undone lives again with a line that it did not have', async () => {
  const header =
    'OrderID,OrderDate,CustomerID,CustomerName,ProductID,ProductName,Category,Brand,Quantity,UnitPrice,Discount,Tax,ShippingCost,TotalAmount,PaymentMethod,OrderStatus,City,State,Country,SellerID\n';
  const row = (product: string) =>
    `F1,2024-01-01,C1,Ann,${product},Mug,Cat,B,1,2,0,0,0,2,Card,Delivered,A,B,C,S1\n`;
  const wrong = await drops.drop(header + row('P10'));
  await undo(wrong.import_id);
  const right = await drops.drop(header + row('P11'));
  expect(await lines('P11')).toEqual(['sale 1 refunded 0 Delivered']);
  await undo(right.import_id);
  expect(await lines('P11')).toEqual(['undone 1 refunded 0 Undone']);
});

test('an order of two files is called undone once both are', async () => {
  const first = await drops.drop(`${SALES}T1,1,2024-01-02,P12,1,2,delivered\n`);
  const second = await drops.drop(`${SALES}T1,2,2024-01-02,P12,1,2,delivered\n`);
  await undo(first.import_id);
  expect((await lines('P12'))[1]).toBe('sale 1 refunded 0 Delivered');
  await undo(second.import_id);
  expect((await lines('P12'))[1]).toBe('undone 1 refunded 0 Undone');
});

test('a receipt that is undone under a sale and imported again leaves what it left first', async () => {
  const file = 'receipt_id,product_id,date,quantity\nR13,P13,2024-01-01,10\n';
  let received = await drops.drop(file);
  await drops.drop(`${SALES}U1,1,2024-01-02,P13,5,2,delivered\n`);
  expect(await level('P13')).toEqual(['5']);
  for (let round = 0; round < 3; round++) {
    await undo(received.import_id);
    expect(await level('P13')).toEqual(['0']);
    received = await drops.drop(file);
    expect(await level('P13')).toEqual(['5']);
  }
});

test('goods that came back, undone under a sale and imported again, leave what they left first', async () => {
  const file = `${SALES}V1,1,2024-01-01,P14,-10,2,\n`;
  let back = await drops.drop(file);
  await drops.drop(`${SALES}V2,1,2024-01-02,P14,4,2,delivered\n`);
  for (let round = 0; round < 2; round++) {
    await undo(back.import_id);
    expect(await level('P14')).toEqual(['0']);
    back = await drops.drop(file);
    expect(await level('P14')).toEqual(['6']);
  }
});

test('what was counted after is named where it stands in the way, and goes first or is accepted', async () => {
  const wrong = await drops.drop('product_id,quantity,date\nP15,1000,2024-01-01\n');
  const right = await drops.drop('product_id,quantity,date\nP15,100,2024-01-02\n');
  const ask = (id: string, more = {}) =>
    api.ask('POST', `/imports/${id}/undo`, { as: 'pia planner', body: { reason: 'wrong', ...more } });
  const refused = await ask(wrong.import_id);
  expect(refused.status).toBe(409);
  expect(refused.text).toContain('P15 at ');
  expect(refused.text).toContain(`on 2024-01-02 (import ${right.import_id})`);
  expect(await level('P15')).toEqual(['100']);
  expect((await ask(wrong.import_id, { despite_counts: true })).status).toBe(202);
  expect((await ask(right.import_id)).status).toBe(202);
  await undo(right.import_id);
  expect((await ask(wrong.import_id)).status).toBe(202);
  await undo(wrong.import_id);
  await drops.drop('product_id,quantity,date\nP15,100,2024-01-02\n');
  expect(await level('P15')).toEqual(['100']);
});

test('whatever is imported, undone, imported again, returned and cancelled, each line counts as long as it stands', async () => {
  let run = 0;
  /** Each file tells three of five lines: any two have lines in common. */
  const file = fc.integer({ min: 0, max: 2 });
  const line = fc.integer({ min: 0, max: 4 });
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ does: fc.constant('drop' as const), file }) },
    { weight: 3, arbitrary: fc.record({ does: fc.constant('undo' as const), file }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('return' as const), line }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('cancel' as const), line }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      run++;
      const product = `W${run}`;
      const order = (n: number) => `W${run}-${n}`;
      const units = (n: number) => n + 2;
      const textOf = (n: number) =>
        `${SALES}${[n, n + 1, n + 2].map((l) => `${order(l)},1,2024-01-02,${product},${units(l)},2,processing\n`).join('')}`;
      await drops.drop(`receipt_id,product_id,date,quantity\nR-${product},${product},2024-01-01,100\n`);
      const standing = new Map<number, { owner: string; returned: number; isCancelled: boolean }>();
      const newest = new Map<number, string>();
      for (const one of steps) {
        if (one.does === 'drop') {
          const { status, import_id: id } = await drops.drop(textOf(one.file));
          if (status === 'done') newest.set(one.file, id);
          for (const l of [one.file, one.file + 1, one.file + 2])
            if (!standing.has(l)) standing.set(l, { owner: id, returned: 0, isCancelled: false });
        } else if (one.does === 'undo') {
          const id = newest.get(one.file);
          if (id === undefined) continue;
          await undo(id);
          for (const [l, { owner, returned, isCancelled }] of standing)
            if (owner === id && returned === 0 && !isCancelled) standing.delete(l);
        } else {
          const held = standing.get(one.line);
          if (held === undefined || held.isCancelled || held.returned > 0) continue;
          if (one.does === 'cancel') {
            await cancel(order(one.line));
            held.isCancelled = true;
          } else {
            await giveBack(order(one.line), `${order(one.line)}:1`, 1);
            held.returned = 1;
          }
        }
      }
      const live = [...standing].filter(([, { isCancelled }]) => !isCancelled);
      const sold = live.reduce((sum, [l]) => sum + units(l), 0);
      const back = live.reduce((sum, [, { returned }]) => sum + returned, 0);
      expect(await level(product)).toEqual([String(100 - sold + back)]);
      expect(await demand(product)).toEqual(
        sold === 0 ? [] : [`${product} 2024-01-02: ${sold} in ${live.length} for ${sold * 2}.0000`],
      );
      expect(await findViolations(api.database)).toEqual([]);
    }),
    { numRuns: 12 },
  );
}, 240_000);

test('receipts undone under sales in any order: with all of them back the stock is what came less what was sold', async () => {
  let run = 0;
  const step = fc.record({ file: fc.integer({ min: 0, max: 2 }), isUndo: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 2, maxLength: 8 }),
      fc.integer({ min: 1, max: 18 }),
      async (steps, sold) => {
        run++;
        const product = `X${run}`;
        const textOf = (n: number) =>
          `receipt_id,product_id,date,quantity\n${product}-${n},${product},2024-01-01,${4 + 2 * n}\n`;
        const standing = new Map<number, string>();
        const bring = async (n: number) => {
          if (!standing.has(n)) standing.set(n, (await drops.drop(textOf(n))).import_id);
        };
        for (const n of [0, 1, 2]) await bring(n);
        await drops.drop(`${SALES}${product},1,2024-01-02,${product},${sold},2,delivered\n`);
        for (const { file, isUndo } of steps) {
          if (!isUndo) await bring(file);
          else if (standing.has(file)) {
            await undo(standing.get(file)!);
            standing.delete(file);
          }
          expect(await findViolations(api.database)).toEqual([]);
        }
        for (const n of [0, 1, 2]) await bring(n);
        expect(await level(product)).toEqual([String(18 - sold)]);
      },
    ),
    { numRuns: 6 },
  );
}, 240_000);
