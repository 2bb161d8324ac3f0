import type { OrderChange, OrderDetail } from '../../shared/contracts/api/order.ts';
import { Fault } from '../../shared/contracts/fault.ts';
import type { Statements } from '../../shared/data/database.ts';
import { holdOrder, setOrderStatus } from '../../shared/data/order-line-store.ts';
import { findOrder } from '../../shared/data/order-reads.ts';
import { found } from './found.ts';

const STEPS: readonly string[] = ['Processing', 'Shipped', 'Delivered'];

/** Notes that an order is on its way or has arrived. Fault `conflict` for a step back, and after the end of an order. */
export async function changeOrderStatus(
  tx: Statements,
  orderId: string,
  status: OrderChange['order_status'],
): Promise<OrderDetail> {
  const held = found(await holdOrder(tx, orderId), 'order', orderId);
  const at = STEPS.indexOf(held.status);
  if (at < 0 || STEPS.indexOf(status) < at)
    throw new Fault('conflict', `The order is ${held.status}: it cannot become ${status}`);
  if (status !== held.status) await setOrderStatus(tx, orderId, status);
  return (await findOrder(tx, orderId))!;
}
