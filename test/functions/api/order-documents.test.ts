import { expect, test } from 'vitest';
import { orderCsv } from '../../../functions/api/document/order-csv.ts';
import { orderDocument } from '../../../functions/api/document/order-document.ts';
import { orderPdf } from '../../../functions/api/document/order-pdf.ts';
import type { PurchaseOrderDetail } from '../../../shared/contracts/api/planning.ts';
import { purchaseOrders } from '../../../shared/contracts/csv/purchase-orders.ts';

const line = (product_id: string): PurchaseOrderDetail['lines'][number] => ({
  product_id,
  product_name: 'A thing',
  quantity: 2,
  quantity_received: 0,
  status: 'open',
  quantity_damaged: 0,
  unit_cost: '1.50',
  cost: '3.00',
  suggestion_id: null,
  ordered_quantity: 2,
  ordered_unit_cost: '1.50',
  ordered_date: null,
  expected_date: '2011-12-20',
  revised_date: null,
  promised_date: null,
  is_late: false,
  unit_weight: null,
});
const order = (products: readonly string[], location = 'MAIN'): PurchaseOrderDetail => ({
  purchase_order_id: 7,
  reference: null,
  supplier_id: 'S1',
  supplier_name: 'Supplier',
  location_id: location,
  status: 'approved',
  line_count: products.length,
  units: products.length * 2,
  total_cost: (products.length * 3).toFixed(2),
  currency: 'GBP',
  expected_date: '2011-12-20',
  created_at: '2011-12-10T08:00:00.000Z',
  approved_by: 'ann',
  approved_at: '2011-12-10T08:00:00.000Z',
  is_own: true,
  late_days: null,
  created_by: 'ann',
  note: null,
  ordered_on: '2011-12-10',
  submitted_by: null,
  submitted_at: null,
  sent_by: null,
  sent_at: null,
  acknowledged_by: null,
  acknowledged_at: null,
  supplier_reference: null,
  closed_by: null,
  closed_at: null,
  close_reason: null,
  commands: [],
  warnings: [],
  charges: [],
  lines: products.map(line),
  receipt_count: 0,
  receipts: [],
});

test('a PDF shows all of a product id, however long, also where a page ends', () => {
  const products = Array.from(
    { length: 60 },
    (_, i) => `${String(i).padStart(4, '0')}-${'ABCDEFGH'.repeat(7)}`,
  );
  const text = orderPdf(orderDocument(order(products))).toString('latin1');
  const words = [...text.matchAll(/\((.*?)\) Tj/g)].map((match) => match[1]!);
  const left = words.join('');
  for (const product of products) expect(left.includes(product.slice(0, 15))).toBe(true);
  // what begins with a number goes on with the rest of it: 61 characters in pieces
  for (const product of products) {
    const at = words.findIndex((word) => word.startsWith(product.slice(0, 5)) && !/^\d+ - /.test(word));
    const pieces = words.slice(at).filter((word) => product.includes(word) && word.length > 2);
    expect(pieces.slice(0, Math.ceil(product.length / pieces[0]!.length)).join('')).toBe(product);
  }
});

test('no cell of a file is a formula, and what is read back is what was ordered', () => {
  const ids = ['=HYPERLINK("x")', '+1', '-2', '@SUM(A1)', "'quoted", 'plain'];
  const [header, ...rows] = orderCsv(order(ids, '=SHOP')).trim().split('\n');
  const columns = header!.split(',');
  const cellsOf = (row: string) =>
    [...row.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
      .slice(0, columns.length)
      .map(([, cell]) => (cell!.startsWith('"') ? cell!.slice(1, -1).replaceAll('""', '"') : cell!));
  for (const [i, row] of rows.entries()) {
    const cells = cellsOf(row);
    for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@]/);
    const read = purchaseOrders.row.parse(Object.fromEntries(columns.map((name, k) => [name, cells[k]])));
    expect([read.product_id, read.location_id]).toEqual([ids[i], '=SHOP']);
  }
});
