import type { PurchaseOrderDetail } from '../../../shared/contracts/api/planning.ts';
import type { Role } from '../../../shared/contracts/role.ts';
import { mayApprove } from '../../../shared/core/inventory/approval.ts';
import type { PurchaseOrderCommand } from '../../../shared/core/inventory/purchase-order-states.ts';
import { readLimits, readPurchasingSettings } from '../../../shared/data/purchasing/approval-limit-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { DECIDERS, KEEPERS } from '../http/roles.ts';
import type { User } from '../http/route.ts';
import { isForOthers } from './approve-purchase-order.ts';

/** Who makes, changes and hands in orders, and who deals with suppliers. */
export const ORDERERS: readonly Role[] = ['planner', 'buyer'];

/** Who may do what with a purchase order: what the routes allow, and the only thing that answers offer. */
export const COMMAND_ROLES: Readonly<Record<PurchaseOrderCommand, readonly Role[]>> = {
  edit: ORDERERS,
  submit: ORDERERS,
  reopen: ORDERERS,
  // by limit, besides
  approve: DECIDERS,
  reject: DECIDERS,
  send: ['buyer'],
  // whoever approves is asked again where it costs more than was approved
  acknowledge: ['buyer', 'approver'],
  receive: KEEPERS,
  reverse_receipt: KEEPERS,
  close: DECIDERS,
  cancel: ORDERERS,
};

/** Of what may be done with an order next, what this user may do. */
export async function commandsOf(
  db: Statements,
  { commands, total_cost, currency, submitted_by }: PurchaseOrderDetail,
  user: User,
): Promise<PurchaseOrderCommand[]> {
  const allowed = commands.filter((command) =>
    user.roles.some((role) => role === 'admin' || COMMAND_ROLES[command].some((allowed) => allowed === role)),
  );
  if (!allowed.includes('approve')) return allowed;
  const order = { cents: Math.round(Number(total_cost) * 100), currency };
  const isWithinLimit = mayApprove(user.roles, await readLimits(db), order).isAllowed;
  const isForAnother = isForOthers(submitted_by, user) && (await readPurchasingSettings(db)).four_eyes;
  return allowed.filter(
    (command) =>
      (command !== 'approve' && command !== 'reject') ||
      (isWithinLimit && (command === 'reject' || !isForAnother)),
  );
}
