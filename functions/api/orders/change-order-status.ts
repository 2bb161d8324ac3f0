import type { OrderChange, OrderDetail } from '../../../shared/contracts/api/order.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { holdStatus, setOrderStatus } from '../../../shared/data/orders/order-line-store.ts';
import { findOrder } from '../../../shared/data/orders/order-reads.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { found } from '../http/found.ts';

const STEPS: readonly string[] = ['Processing', 'Shipped', 'Delivered'];

/** Notes that an order is on its way or has arrived. Fault `conflict` for a step back, and after the end of an order. */
export async function changeOrderStatus(
  tx: Statements,
  orderId: string,
  status: OrderChange['order_status'],
): Promise<OrderDetail> {
  const before = found(await holdStatus(tx, orderId), 'order', orderId);
  const at = STEPS.indexOf(before);
  if (at < 0 || STEPS.indexOf(status) < at)
    throw new Fault('conflict', `The order is ${before}: it cannot become ${status}`);
  if (status !== before) await setOrderStatus(tx, orderId, status);
  return (await findOrder(tx, orderId))!;
}
