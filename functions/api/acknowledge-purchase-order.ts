import type { AcknowledgeOrder } from '../../shared/contracts/api/purchase-order.ts';
import { toDecimal } from '../../shared/contracts/csv/cells.ts';
import { orderDay } from '../../shared/data/business-day.ts';
import type { Statements } from '../../shared/data/database.ts';
import { acknowledgeOrder } from '../../shared/data/purchase-acknowledge-store.ts';
import { alertShortOrder, settleIfInTime } from '../../shared/data/purchase-alert-store.ts';

/** Takes over what a supplier confirms; a new day settles what was late by the old one, less than ordered raises an alert. */
export async function acknowledgeAsBuyer(
  tx: Statements,
  id: number,
  said: AcknowledgeOrder,
  { actor, now }: { readonly actor: string; readonly now: Date },
): Promise<void> {
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
    actor,
  });
  if (!isNew) return;
  await settleIfInTime(tx, id, await orderDay(tx, now));
  if (isShort) await alertShortOrder(tx, id);
}
