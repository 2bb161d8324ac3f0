import type { PurchaseOrderDetail } from '../../../shared/contracts/api/planning.ts';
import { nameOfOurs } from '../../../shared/data/purchasing/purchase-line-store.ts';

/** What an order is called on paper and in files. */
export const nameOf = (order: Pick<PurchaseOrderDetail, 'reference' | 'purchase_order_id'>): string =>
  order.reference ?? nameOfOurs(order.purchase_order_id);

/** What a printed order says, whatever it is printed as. */
export interface OrderDocument {
  readonly title: string;
  /** What it is not yet, or not any more, in capitals; undefined for an order that counts. */
  readonly stamp: string | undefined;
  readonly head: readonly (readonly [label: string, value: string])[];
  readonly columns: readonly string[];
  /** In the order of the columns; the last three are numbers. */
  readonly rows: readonly (readonly string[])[];
  readonly totals: readonly (readonly [label: string, value: string])[];
  readonly note: string | undefined;
}

const NO_ORDER: ReadonlySet<string> = new Set(['draft', 'submitted', 'rejected', 'cancelled']);

/** What is printed of an order: each line that counts, with its day and price, and what they come to. */
export function orderDocument(order: PurchaseOrderDetail): OrderDocument {
  const isGivenUp = order.status === 'cancelled' || order.status === 'rejected';
  const lines = order.lines.filter(
    ({ status }) => status !== 'undone' && (isGivenUp || status !== 'cancelled'),
  );
  const cents = lines.reduce((sum, line) => sum + Math.round(Number(line.cost) * 100), 0);
  const charged = order.charges.reduce((sum, charge) => sum + Math.round(Number(charge.amount) * 100), 0);
  const money = (amount: number) => `${(amount / 100).toFixed(2)} ${order.currency}`;
  return {
    title: `Purchase order ${nameOf(order)}`,
    stamp: NO_ORDER.has(order.status) ? order.status.toUpperCase() : undefined,
    head: [
      ['Supplier', `${order.supplier_name} (${order.supplier_id})`],
      ['Deliver to', order.location_id],
      ['Date', order.ordered_on ?? (order.approved_at ?? order.created_at).slice(0, 10)],
      ['Expected', order.expected_date ?? 'as agreed'],
      ...(order.supplier_reference === null ? [] : [['Your reference', order.supplier_reference] as const]),
      ...(order.approved_by === null ? [] : [['Approved by', order.approved_by] as const]),
    ],
    columns: ['Product', 'Name', 'Expected', 'Units', 'Unit price', `Amount ${order.currency}`],
    rows: lines.map((line) => [
      line.product_id,
      line.product_name,
      line.expected_date ?? '',
      String(line.quantity),
      line.unit_cost,
      Number(line.cost).toFixed(2),
    ]),
    totals: [
      ['Goods', money(cents)],
      ...order.charges.map(
        (charge) =>
          [
            `${charge.kind[0]!.toUpperCase()}${charge.kind.slice(1)}`,
            `${charge.amount} ${order.currency}`,
          ] as const,
      ),
      ['Total', money(cents + charged)],
    ],
    note: order.note ?? undefined,
  };
}
