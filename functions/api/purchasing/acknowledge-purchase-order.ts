import type { AcknowledgeOrder } from '../../../shared/contracts/api/purchase-order.ts';
import { toDecimal } from '../../../shared/contracts/csv/cells.ts';
import { orderDay } from '../../../shared/data/planning/business-day.ts';
import { acknowledgeOrder } from '../../../shared/data/purchasing/purchase-acknowledge-store.ts';
import { alertShortOrder, settleIfInTime } from '../../../shared/data/purchasing/purchase-alert-store.ts';
import { holdOrder, valueOfOrder } from '../../../shared/data/purchasing/purchase-transition-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import type { User } from '../http/route.ts';
import { mustApproveRise } from './approve-purchase-order.ts';
import { daysOfLines, mustFollowOrder } from './days-to-come.ts';

/**
 * Takes over what a supplier confirms, up to what was approved or the caller may approve (`mustApproveRise`); a new day settles what was late by the old one, less than ordered raises an alert.
 */
export async function acknowledgeAsBuyer(
  tx: Statements,
  id: number,
  said: AcknowledgeOrder,
  { user, now }: { readonly user: User; readonly now: Date },
): Promise<void> {
  const order = await holdOrder(tx, id);
  mustFollowOrder(order.orderedOn, [
    ['promised_date', said.promised_date],
    ...daysOfLines('promised_date', said.lines),
  ]);
  const before = await valueOfOrder(tx, order);
  const { isNew, isShort } = await acknowledgeOrder(tx, id, {
    supplierReference: said.supplier_reference,
    promisedDate: said.promised_date,
    lines: said.lines.map((line) => ({
      productId: line.product_id,
      quantity: line.quantity,
      unitCost: line.unit_cost === undefined ? undefined : toDecimal(line.unit_cost),
      promisedDate: line.promised_date,
    })),
    acceptOver: said.accept_over,
    reason: said.reason,
    actor: user.username,
  });
  if (!isNew) return;
  await mustApproveRise(tx, order, user, before);
  await settleIfInTime(tx, id, await orderDay(tx, now));
  if (isShort) await alertShortOrder(tx, id);
}
