import type { NewOrder } from '../../../shared/contracts/api/order.ts';
import * as cells from '../../../shared/contracts/csv/cells.ts';
import type { Fault } from '../../../shared/contracts/fault.ts';
import { InsufficientStock } from '../../../shared/contracts/insufficient-stock.ts';
import { positionKey } from '../../../shared/core/inventory/book-movements.ts';
import { recordLostSales } from '../../../shared/data/orders/lost-sale-store.ts';
import { readOrderContext } from '../../../shared/data/orders/order-context-reads.ts';
import { momentOf } from '../../../shared/data/planning/business-day.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import type { OrderAsking } from './create-order.ts';

/** Remembers which lines of an order found too little stock; other refusals are none of a sale. */
export async function recordLostSale(
  tx: Statements,
  order: NewOrder,
  fault: Fault,
  { actor, now }: OrderAsking,
): Promise<void> {
  if (!(fault instanceof InsufficientStock)) return;
  const context = await readOrderContext(tx, order.id, order.lines);
  const shortfalls = new Map(fault.shortfalls.map((short) => [positionKey(short), short]));
  const day = (order.order_date ?? momentOf(context.businessDay, now)).slice(0, 10);
  const lost = order.lines.flatMap((line, i) => {
    const { product, position, locationId } = context.lines[i]!;
    const short = shortfalls.get(positionKey(position));
    if (short === undefined || !product || product.isService) return [];
    return [
      {
        orderId: order.id,
        lineNo: i + 1,
        productId: product.id,
        locationId,
        day,
        asked: line.quantity,
        available: short.level - short.committed,
        price: line.unit_price ?? cells.money.parse(product.unitPrice ?? '0'),
      },
    ];
  });
  await recordLostSales(tx, lost, { source: 'api', actor });
}
