import { Fault } from '../../../shared/contracts/fault.ts';
import { settlePurchaseAlerts } from '../../../shared/data/purchasing/purchase-alert-store.ts';
import { dateDrafts, markSuggestions } from '../../../shared/data/purchasing/purchase-order-store.ts';
import {
  holdOrder,
  isDone,
  moveOrder,
  mustAllow,
  valueOfOrder,
} from '../../../shared/data/purchasing/purchase-transition-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';

interface By {
  readonly actor: string;
  readonly reason?: string | undefined;
}

/**
 * Hands a draft in for approval: its lines are frozen, its suggestions dealt with, and a plan counts upon it. Twice changes
 * nothing. Fault `invalid` for one without lines.
 */
export async function submitPurchaseOrder(tx: Statements, id: number, { actor, reason }: By): Promise<void> {
  const order = await holdOrder(tx, id);
  if (isDone(order, 'submit')) return;
  mustAllow(order, 'submit');
  await dateDrafts(tx, id);
  await markSuggestions(tx, id, 'ordered');
  const { cents, currency, lines } = await valueOfOrder(tx, order);
  if (lines === 0) throw new Fault('invalid', `Purchase order ${id} has no lines`);
  await moveOrder(tx, order, 'submit', {
    actor,
    reason,
    stamps: ['submitted'],
    after: { total_cost: `${(cents / 100).toFixed(2)} ${currency}` },
  });
}

/** Takes a submitted order back into a draft of one's own. Fault `conflict` once it is decided upon. */
export async function reopenPurchaseOrder(tx: Statements, id: number, { actor, reason }: By): Promise<void> {
  const order = await holdOrder(tx, id);
  await moveOrder(tx, order, 'reopen', {
    actor,
    reason,
    sets: { is_own: 1, submitted_by: null, submitted_at: null },
  });
}

/** Says that an approved order is on its way to the supplier. Twice changes nothing. */
export async function sendPurchaseOrder(tx: Statements, id: number, { actor, reason }: By): Promise<void> {
  const order = await holdOrder(tx, id);
  await moveOrder(tx, order, 'send', { actor, reason, stamps: ['sent'] });
}

/**
 * Gives an order up of which nothing has come. What was suggested and never ordered is a no to these suggestions; what was
 * ordered, the next plan may suggest again. Twice changes nothing. Fault `conflict` once something came: that is closed.
 */
export async function cancelPurchaseOrder(
  tx: Statements,
  id: number,
  { actor, reason }: { readonly actor: string; readonly reason: string },
): Promise<void> {
  const order = await holdOrder(tx, id);
  if (order.status === 'partially_received' || order.status === 'received')
    throw new Fault('conflict', `Part of purchase order ${id} has come: close it instead`);
  const isOrdered = order.status !== 'draft' && order.status !== 'submitted';
  const isNew = await moveOrder(tx, order, 'cancel', {
    actor,
    reason,
    stamps: ['closed'],
    sets: { close_reason: reason.slice(0, 255) },
  });
  if (!isNew) return;
  if (!isOrdered) await markSuggestions(tx, id, 'dismissed', { actor, reason });
  await settlePurchaseAlerts(tx, id);
}
