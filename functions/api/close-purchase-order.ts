import type { Statements } from '../../shared/data/database.ts';
import { alertShortOrder, settlePurchaseAlerts } from '../../shared/data/purchase-alert-store.ts';
import { closePurchaseOrder } from '../../shared/data/purchase-receipt-store.ts';

/** Ends an order; where less has come than was ordered, an alert says what will not come. Twice changes nothing. */
export async function closeShort(tx: Statements, id: number, reason: string, actor: string): Promise<void> {
  if (!(await closePurchaseOrder(tx, id, reason, actor))) return;
  await settlePurchaseAlerts(tx, id);
  await alertShortOrder(tx, id);
}
