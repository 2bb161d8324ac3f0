import { Fault } from '../../../shared/contracts/fault.ts';
import { isApprover, mayApprove } from '../../../shared/core/inventory/approval.ts';
import { readLimits, readPurchasingSettings } from '../../../shared/data/purchasing/approval-limit-store.ts';
import {
  approvePurchaseOrder,
  markSuggestions,
} from '../../../shared/data/purchasing/purchase-order-store.ts';
import {
  findHeldOrder,
  type HeldOrder,
  isDone,
  moveOrder,
  type OrderValue,
  valueOfOrder,
} from '../../../shared/data/purchasing/purchase-transition-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { found } from '../http/found.ts';
import type { User } from '../http/route.ts';

export interface Approving {
  readonly user: User;
  readonly now: Date;
  readonly reason?: string | undefined;
  /** What the approver has seen, in ten-thousandths. */
  readonly totalCost?: number | undefined;
}

/**
 * Approves an order if the caller may: up to the limit of their roles, and, where the setting `four_eyes` is on, only what
 * somebody else has submitted. Approving twice changes nothing. Fault `forbidden` for those who may not, `conflict` where the
 * order is another than the approver has seen, or ended.
 */
export async function approveAsUser(
  tx: Statements,
  id: number,
  { user, now, reason, totalCost }: Approving,
): Promise<void> {
  const order = await holdForApprover(tx, id, user);
  const value = await mustBeWithinLimit(tx, order, user, 'approve');
  if (isDone(order, 'approve')) return;
  await mustBeOthers(tx, order, user);
  if (totalCost !== undefined && Math.round(totalCost / 100) !== value.cents) {
    const seen = (totalCost / 10_000).toFixed(2);
    throw new Fault('conflict', `Purchase order ${id} has changed: it costs ${amount(value)}, not ${seen}`);
  }
  await approvePurchaseOrder(tx, id, user.username, { now, reason });
}

/** Turns a submitted order down, with a reason; those who may approve it may. Twice changes nothing. */
export async function rejectAsUser(
  tx: Statements,
  id: number,
  { user, reason }: { readonly user: User; readonly reason: string },
): Promise<void> {
  const order = await holdForApprover(tx, id, user);
  await mustBeWithinLimit(tx, order, user, 'reject');
  const isNew = await moveOrder(tx, order, 'reject', {
    actor: user.username,
    reason,
    stamps: ['closed'],
    sets: { close_reason: reason.slice(0, 255) },
  });
  if (isNew) await markSuggestions(tx, id, 'dismissed', { actor: user.username, reason });
}

/** Holds the order, and says nothing of it to those who may approve none: they need not know which there are. */
async function holdForApprover(tx: Statements, id: number, { roles }: User): Promise<HeldOrder> {
  const order = await findHeldOrder(tx, id);
  if (!isApprover(roles, await readLimits(tx)))
    throw new Fault(
      'forbidden',
      'This needs the role approver, or a limit up to which one of your roles may approve',
    );
  return found(order, 'purchase order', id);
}

async function mustBeWithinLimit(tx: Statements, order: HeldOrder, user: User, what: 'approve' | 'reject') {
  const value = await valueOfOrder(tx, order);
  const approval = mayApprove(user.roles, await readLimits(tx), value);
  if (approval.isAllowed) return value;
  if (approval.mostCents === undefined)
    throw new Fault('forbidden', `None of your roles may ${what} orders in ${value.currency}`);
  const most = amount({ cents: approval.mostCents, currency: value.currency });
  throw new Fault(
    'forbidden',
    `You may ${what} up to ${most}, and purchase order ${order.id} costs ${amount(value)}`,
  );
}

/**
 * What a supplier confirms may come to more than was approved only up to a tolerance (setting `approval_tolerance_percent`);
 * beyond, whoever takes it over has to be somebody who may approve that much, and, with four eyes, neither the one who
 * submitted the order nor, where nobody did, the one who approved it. `before`: what the order came to. Fault `forbidden`.
 */
export async function mustApproveRise(
  tx: Statements,
  order: HeldOrder,
  user: User,
  before: OrderValue,
): Promise<void> {
  const value = await valueOfOrder(tx, order);
  const settings = await readPurchasingSettings(tx);
  const most = value.approvedCents * (1 + settings.approval_tolerance_percent / 100);
  if (value.cents <= before.cents || value.cents <= most) return;
  const rise = `Purchase order ${order.id} would cost ${amount(value)}, ${amount({ ...value, cents: value.approvedCents })} were approved`;
  if (!mayApprove(user.roles, await readLimits(tx), value).isAllowed)
    throw new Fault('forbidden', `${rise}: somebody who may approve that much has to take it over`);
  if (settings.four_eyes && (order.submittedBy ?? order.approvedBy) === user.username)
    throw new Fault('forbidden', `${rise}, and it is your own order: somebody else has to take it over`);
}

/** Whether with four eyes this is for somebody else to approve: nobody has submitted it, or they themselves have. */
export const isForOthers = (submittedBy: string | null, user: User): boolean =>
  submittedBy === null || submittedBy === user.username;

async function mustBeOthers(tx: Statements, order: HeldOrder, user: User): Promise<void> {
  if (!isForOthers(order.submittedBy, user)) return;
  if (!(await readPurchasingSettings(tx)).four_eyes) return;
  throw new Fault(
    'forbidden',
    order.submittedBy === null
      ? `Purchase order ${order.id} has to be submitted first, and approved by somebody else`
      : `You have submitted purchase order ${order.id} yourself: somebody else has to approve it`,
  );
}

const amount = ({ cents, currency }: { readonly cents: number; readonly currency: string }): string =>
  `${(cents / 100).toFixed(2)} ${currency}`;
