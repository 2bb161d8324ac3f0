import {
  alertShortOrder,
  settlePurchaseAlerts,
} from '../../../shared/data/purchasing/purchase-alert-store.ts';
import { closePurchaseOrder } from '../../../shared/data/purchasing/purchase-receipt-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';

/** Ends an order; where less has come than was ordered, an alert says what will not come. Twice changes nothing. */
export async function closeShort(tx: Statements, id: number, reason: string, actor: string): Promise<void> {
  if (!(await closePurchaseOrder(tx, id, reason, actor))) return;
  await settlePurchaseAlerts(tx, id);
  await alertShortOrder(tx, id);
}
