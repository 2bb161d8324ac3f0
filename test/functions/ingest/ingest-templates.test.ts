import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { findViolations } from '../../../shared/data/ledger/invariants.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Drops, openDrops } from './drop-file.ts';
import { demandIn, movementsIn } from './ledger-facts.ts';

let db: TestDatabase;
let drops: Drops;

beforeEach(async () => {
  db = await openTestDatabase();
  drops = openDrops(db.database);
});

afterEach(async () => {
  const violations = await findViolations(db.database);
  await db.close();
  expect(violations).toEqual([]);
});

const FLAT =
  'OrderID,OrderDate,CustomerID,CustomerName,ProductID,ProductName,Category,Brand,Quantity,UnitPrice,Discount,Tax,ShippingCost,TotalAmount,PaymentMethod,OrderStatus,City,State,Country,SellerID';

const flatRow = (order: string, status: string, quantity = 2) =>
  `${order},2024-03-06,CUST-1,Ann Lee,PROD-1,Lamp,Home,Acme,${quantity},10.00,1.50,0.50,2.00,${quantity * 10 + 1},PayPal,${status},Rome,GA,USA,SELL-9`;

const Text = z.object({ what: z.string().nullable() });
const read = async (sql: string) => (await db.database.select(Text, sql)).map((row) => row.what);

test('flat orders: delivered ones are demand, cancelled ones are kept, returned ones come back and stay demand', async () => {
  const rows = [flatRow('O1', 'Delivered'), flatRow('O2', 'Cancelled'), flatRow('O3', 'Returned', 3)];
  const report = await drops.drop([FLAT, ...rows].join('\n'));
  expect(report).toMatchObject({ format: 'flat_orders', imported_rows: 3, excluded_rows: 1, shortages: 2 });
  expect(await demandIn(db.database)).toEqual(['PROD-1 2024-03-06: 5 in 2 for 47.0000']);
  expect((await movementsIn(db.database)).at(-1)).toBe('PROD-1 return 3 -> 3');
  expect(await read('SELECT seller_id AS what FROM seller')).toEqual(['SELL-9']);
  expect(await read('SELECT supplier_id AS what FROM supplier')).toEqual([]);
});

test('the same order with other values is not applied but rejected', async () => {
  await drops.drop([FLAT, flatRow('O1', 'Delivered')].join('\n'));
  const report = await drops.drop([FLAT, flatRow('O1', 'Delivered', 7), flatRow('O4', 'Shipped')].join('\n'));
  expect(report).toMatchObject({ imported_rows: 1, rejected_rows: 1 });
  expect(drops.rejects(report)).toContain('2,,already recorded with other values,"O1,');
  expect(await demandIn(db.database)).toEqual(['PROD-1 2024-03-06: 4 in 2 for 37.0000']);
});

test('sales lines are known by order and line; a negative quantity is a return', async () => {
  const header = 'order_id,line,date,product_id,quantity,unit_price,status';
  const report = await drops.drop(
    [
      header,
      'S1,1,2024-01-02,P1,5,2.00,',
      'S1,2,2024-01-02,P1,-1,2.00,',
      'S1,1,2024-01-02,P1,5,2,',
      'S2,1,2024-01-03,P1,1,2,cancelled',
    ].join('\n'),
  );
  expect(report).toMatchObject({ imported_rows: 3, duplicate_rows: 1, excluded_rows: 2 });
  expect(await demandIn(db.database)).toEqual(['P1 2024-01-02: 5 in 1 for 10.0000']);
});

test('a place that nobody knows is rejected; a locations file makes it known', async () => {
  const sales =
    'order_id,line,date,product_id,quantity,unit_price,location_id\nS1,1,2024-01-02,P1,5,2.00,NORTH\n';
  const refused = await drops.drop(sales);
  expect(refused).toMatchObject({ imported_rows: 0, rejected_rows: 1 });
  expect(drops.rejects(refused)).toContain('2,location_id,is no known location,');
  await drops.drop('location_id,location_name\nNORTH,North depot\n');
  expect(await drops.drop(`${sales}\n`)).toMatchObject({ imported_rows: 1 });
});

test('locations lie in others, whatever their order, and never in a circle', async () => {
  const report = await drops.drop(
    'location_id,location_name,parent_id,type\nTA,Aisle,TH,\nTH,Hall,TW,Warehouse\nTW,Depot,,\nTX,Lost,NOWHERE,\nTY,Shop,,store\n',
  );
  expect(report).toMatchObject({ imported_rows: 4, rejected_rows: 1 });
  expect(drops.rejects(report)).toContain('5,parent_id,is no known location,');
  const places = () =>
    read(
      "SELECT CONCAT_WS(' ', location_id, parent_id, location_type) AS what FROM location WHERE location_id LIKE 'T_' ORDER BY 1",
    );
  const tree = ['TA TH warehouse', 'TH TW warehouse', 'TW warehouse', 'TX warehouse', 'TY store'];
  expect(await places()).toEqual(tree);
  const circle = await drops.drop('location_id,location_name,parent_id\nTW,Depot,TA\nTW,Depot,TW\n');
  expect(circle).toMatchObject({ imported_rows: 0, rejected_rows: 2 });
  expect(await places()).toEqual(tree);
});

test('products are made, then changed by a newer file; the older one put there anew says how they are once more', async () => {
  const old = 'product_id,product_name,category,unit_price,cost\nP1,Lamp,Light,10.00,4\n';
  await drops.drop(old);
  await drops.drop('product_id,product_name,unit_price\nP1,Lamp XL,12.5\n');
  const known = () =>
    read("SELECT CONCAT_WS(' ', product_name, category, unit_price, cost) AS what FROM products");
  expect(await known()).toEqual(['Lamp XL Light 12.5000 4.0000']);
  expect(await drops.drop(old, 'drop/copy.csv')).toMatchObject({ status: 'done' });
  expect(await known()).toEqual(['Lamp Light 10.0000 4.0000']);
  expect(await drops.drop(old, 'drop/copy-of-copy.csv')).toMatchObject({ status: 'duplicate' });
});

test('terms of supply need a supplier, and know the product by its id alone', async () => {
  await drops.drop('supplier_id,supplier_name,minimum_order\nS1,Mill,"1,250.00"\n');
  const header =
    'supplier_id,product_id,unit_cost,lead_time_days,lead_time_deviation,minimum_quantity,order_multiple';
  const report = await drops.drop(
    [header, 'S1,P1,£1.25,14,2.5,24,12', 'S2,P1,1,7,,,', 'S1,P2,1,soon,,,'].join('\n'),
  );
  expect(report).toMatchObject({ imported_rows: 1, rejected_rows: 2 });
  expect(drops.rejects(report)).toBe(
    'line,field,reason,original\n3,supplier_id,is no known supplier,"S2,P1,1,7,,,"\n4,lead_time_days,is not a number,"S1,P2,1,soon,,,"\n',
  );
  expect(
    await read("SELECT CONCAT_WS(' ', unit_cost, lead_time_days, order_multiple) AS what FROM supplier_item"),
  ).toEqual(['1.2500 14.00 12']);
});

test('a count sets the level of its time: opening first, an adjustment later, nothing when it agrees', async () => {
  const header = 'product_id,quantity,date';
  await drops.drop([header, 'P1,50,2024-01-01'].join('\n'));
  await drops.drop('receipt_id,product_id,date,quantity\nR1,P1,2024-01-10,20\n');
  const late = await drops.drop(
    [header, 'P1,45,2024-01-05', 'P1,65,2024-01-31', 'P1,66,2024-01-31'].join('\n'),
  );
  expect(late).toMatchObject({ imported_rows: 2, duplicate_rows: 1 });
  expect(await movementsIn(db.database)).toEqual([
    'P1 opening 50 -> 50',
    'P1 receipt 20 -> 70',
    'P1 adjustment -5 -> 65',
    'P1 adjustment 1 -> 66',
  ]);
});

test.each([1, 10])(
  'what a short count lacks is there for the next one, in chunks of %d rows',
  async (chunkRows) => {
    const own = openDrops(db.database, { chunkRows });
    await own.drop('product_id,quantity,date\nP9,10,2024-01-01\n');
    await own.drop(
      'movement_id,product_id,date,quantity_change,change_type,reason\nM9,P9,2024-01-20,-7,adjustment,gone\n',
    );
    // on the 5th the ledger knows of 10; of the 8 that were too many only 3 are left by now
    await own.drop('product_id,quantity,date\nP9,2,2024-01-05\nP9,4,2024-01-06\n');
    expect(await movementsIn(db.database)).toEqual([
      'P9 opening 10 -> 10',
      'P9 adjustment -7 -> 3',
      'P9 adjustment 5 -> 8',
      'P9 adjustment -8 -> 0',
      // which makes 7 on the 5th, so that 4 on the 6th are 3 fewer
      'P9 adjustment 3 -> 3',
      'P9 adjustment -3 -> 0',
    ]);
  },
);

test('receipts and movements are known by their id', async () => {
  const header = 'movement_id,product_id,date,quantity_change,change_type,reason';
  const rows = [
    header,
    'M1,P1,2024-01-01,10,receipt,',
    'M2,P1,2024-01-02,-3,adjustment,broken',
    'M3,P1,2024-01-02,-3,adjustment,',
    'M4,P1,2024-01-02,-3,receipt,',
  ];
  expect(await drops.drop(rows.join('\n'))).toMatchObject({ imported_rows: 2, rejected_rows: 2 });
  const again = await drops.drop([header, rows[1], 'M2,P1,2024-01-02,-4,adjustment,broken'].join('\n'));
  expect(again).toMatchObject({ imported_rows: 0, duplicate_rows: 1, rejected_rows: 1 });
  expect(await movementsIn(db.database)).toEqual(['P1 receipt 10 -> 10', 'P1 adjustment -3 -> 7']);
});

test('values of signals make their signals, replace those of their days, and are the same again', async () => {
  await drops.drop('location_id,location_name\nNORTH,North depot\n');
  const lines = [
    'signal,kind,date,value,category,location_id',
    'promotion,promotion,2024-03-01,1,Home,',
    'promotion,promotion,2024-03-02,0.5,Home,',
    'rain,weather,2024-03-01,12.5,,NORTH',
    'rain,weather,2024-03-01,x,,',
    'promotion,event,2024-03-03,1,Home,',
    'rain,weather,2024-03-01,3,,MOON',
  ];
  const report = await drops.drop(lines.join('\n'));
  expect(report).toMatchObject({ format: 'signal_values', imported_rows: 3, rejected_rows: 3 });
  const rejected = drops.rejects(report);
  expect(rejected).toContain('5,value,is not a number');
  expect(rejected).toContain('Signals named promotion are of kind promotion');
  expect(rejected).toContain('There is no location MOON');
  const all = () =>
    read(
      `SELECT CONCAT_WS(' ', s.name, s.scope, s.scope_key, s.future, v.day, v.value) AS what
         FROM demand_signal s
         JOIN demand_signal_value v ON v.signal_id = s.signal_id
        ORDER BY what`,
    );
  const stored = [
    'promotion category Home known 2024-03-01 1',
    'promotion category Home known 2024-03-02 0.5',
    'rain location NORTH lagged 2024-03-01 12.5',
  ];
  expect(await all()).toEqual(stored);
  await drops.drop(lines.slice(0, 3).join('\n'));
  expect(await all()).toEqual(stored);
  await drops.drop([lines[0], 'promotion,promotion,2024-03-02,0.75,Home,'].join('\n'));
  expect((await all())[1]).toBe('promotion category Home known 2024-03-02 0.75');
});

test('terms of supply that leave nothing to be ordered are rejected, also by what was set here', async () => {
  await drops.drop('supplier_id,supplier_name\nS1,North\n');
  const header = 'supplier_id,product_id,unit_cost,lead_time_days,minimum_quantity,order_multiple';
  await drops.drop([header, 'S1,P1,2,7,1,1', 'S1,P2,2,7,1,1', 'S1,P3,2,7,1,1'].join('\n'));
  await db.database.write(`UPDATE supplier_item SET maximum_quantity = 20 WHERE product_id <> 'P3'`);
  await db.database.write(`UPDATE supplier_item SET price_breaks = '[[50,"1.5"]]' WHERE product_id = 'P3'`);
  const report = await drops.drop(
    [header, 'S1,P1,2,7,30,1', 'S1,P1,2,7,20,5', 'S1,P2,2,7,1,24', 'S1,P3,1.4,7,1,1'].join('\n'),
  );
  expect(report).toMatchObject({ imported_rows: 1, rejected_rows: 3 });
  const rejects = drops.rejects(report);
  expect(rejects).toContain('2,minimum_quantity,the minimum of 30 is above the maximum of 20,');
  expect(rejects).toContain('4,order_multiple,no quantity is a multiple of 24 between 1 and 20,');
  expect(rejects).toContain('5,unit_cost,"from 50 on a unit costs 1.5, fewer of them 1.4 each",');
  expect(
    await read(`SELECT CONCAT_WS(' ', product_id, minimum_quantity, order_multiple) AS what
                  FROM supplier_item ORDER BY product_id`),
  ).toEqual(['P1 20 5', 'P2 1 1', 'P3 1 1']);
});
