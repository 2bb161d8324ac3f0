import type { PurchaseOrderDetail } from '../../../shared/contracts/api/planning.ts';
import { asPlainCell } from '../../../shared/contracts/csv/cells.ts';
import { purchaseOrders } from '../../../shared/contracts/csv/purchase-orders.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { nameOf } from './order-document.ts';

type Line = PurchaseOrderDetail['lines'][number];

const NO_ORDER: ReadonlySet<string> = new Set(['draft', 'submitted', 'rejected']);

/**
 * The order as a file of the template `purchase_orders`: another system reads it as an open order, and where it came from it
 * changes nothing. What a spreadsheet would run as a formula stands behind an apostrophe. Fault `conflict` for what is no order yet, since the template has no word for that.
 */
export function orderCsv(order: PurchaseOrderDetail): string {
  if (NO_ORDER.has(order.status))
    throw new Fault(
      'conflict',
      `Purchase order ${order.purchase_order_id} is ${order.status}: it is no order yet`,
    );
  const columns = [...purchaseOrders.required, ...purchaseOrders.optional];
  const cells = (line: Line): Record<(typeof columns)[number], string> => ({
    reference: asPlainCell(nameOf(order)),
    supplier_id: asPlainCell(order.supplier_id),
    product_id: asPlainCell(line.product_id),
    quantity: String(line.quantity),
    status: statusOf(order.status, line),
    unit_cost: line.unit_cost,
    location_id: asPlainCell(order.location_id),
    ordered_at: order.ordered_on ?? (order.approved_at ?? order.created_at).slice(0, 10),
    expected_date: line.expected_date ?? '',
  });
  const rows = order.lines
    .filter((line) => line.status !== 'undone')
    .map((line) => {
      const row = cells(line);
      return columns.map((column) => quoted(row[column])).join(',');
    });
  return [columns.join(','), ...rows, ''].join('\n');
}

function statusOf(order: string, line: Line): string {
  if (order === 'cancelled' || line.status === 'cancelled') return 'cancelled';
  if (order === 'closed' || line.status === 'closed') return 'closed';
  return line.quantity_received >= line.quantity ? 'received' : 'open';
}

const quoted = (cell: string): string =>
  /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
