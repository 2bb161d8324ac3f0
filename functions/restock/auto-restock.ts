import type { AutoRestockResult } from '../../shared/contracts/api/purchasing.ts';
import {
  type AutoDraft,
  type AutoPick,
  pickAutoOrders,
} from '../../shared/core/inventory/pick-auto-orders.ts';
import { orderDay, readActionDay } from '../../shared/data/planning/business-day.ts';
import {
  approvePurchaseOrder,
  dateDrafts,
  lockDrafts,
  markSuggestions,
} from '../../shared/data/purchasing/purchase-order-store.ts';
import { holdOrder, keepStep, moveOrder } from '../../shared/data/purchasing/purchase-transition-store.ts';
import { StaleRead, type Statements } from '../../shared/data/sql/database.ts';
import {
  addSpent,
  holdSpent,
  readActiveRules,
  readAutoDrafts,
  readSpent,
  splitDraft,
} from '../../shared/data/suggestions/auto-restock-store.ts';

/** Who orders what the rules allow. */
export const AUTO_RESTOCK = 'auto-restock';

/** What the rules would order of the drafts as they are, without ordering it. */
export async function previewAutoRestock(db: Statements, now: Date): Promise<AutoRestockResult> {
  const day = await orderDay(db, now);
  const rules = await readActiveRules(db);
  const drafts = rules.length === 0 ? [] : await readAutoDrafts(db);
  const spent = await readSpent(
    db,
    rules.map((rule) => rule.ruleId),
    day,
  );
  const picks = pickAutoOrders(rules, drafts, await readActionDay(db, now), spent);
  return { day, is_done: false, orders: picks.map((pick) => shown(pick, drafts, pick.purchaseOrderId)) };
}

/**
 * Submits and approves what the rules allow of the drafts as they are: none of them is on before somebody switches it on. What
 * a rule orders in a day stays within its limit, however many runs there are at once. Running again orders nothing twice,
 * since what was ordered is no draft any more.
 */
export async function autoRestock(tx: Statements, now: Date): Promise<AutoRestockResult> {
  // before anything is read, and as a restock takes them: whoever comes second sees what the first has ordered
  await lockDrafts(tx);
  const day = await orderDay(tx, now);
  const rules = await readActiveRules(tx);
  if (rules.length === 0) return { day, is_done: true, orders: [] };
  const spent = await holdSpent(
    tx,
    rules.map((rule) => rule.ruleId),
    day,
  );
  const drafts = await readAutoDrafts(tx);
  const orders: AutoRestockResult['orders'] = [];
  for (const pick of pickAutoOrders(rules, drafts, await readActionDay(tx, now), spent)) {
    const id = pick.refused === undefined ? await order(tx, pick, drafts, now) : pick.purchaseOrderId;
    if (pick.refused === undefined) await addSpent(tx, pick.ruleId, day, pick.cents);
    orders.push(shown(pick, drafts, id));
  }
  return { day, is_done: true, orders };
}

async function order(
  tx: Statements,
  pick: AutoPick,
  drafts: readonly AutoDraft[],
  now: Date,
): Promise<number> {
  const draft = drafts.find((one) => one.purchaseOrderId === pick.purchaseOrderId)!;
  const reason = `by rule ${pick.ruleId}`;
  let id = pick.purchaseOrderId;
  const held = await holdOrder(tx, id);
  if (held.status !== 'draft' || held.isOwn) throw new StaleRead(`purchase order ${id} is no draft any more`);
  if (!pick.isWhole) {
    id = await splitDraft(tx, draft, pick.productIds, AUTO_RESTOCK);
    await keepStep(tx, await holdOrder(tx, id), 'create', 'draft', {
      actor: AUTO_RESTOCK,
      reason,
      after: { supplier_id: draft.supplierId, location_id: draft.locationId, lines: pick.productIds.length },
    });
  }
  await dateDrafts(tx, id);
  await markSuggestions(tx, id, 'ordered');
  await moveOrder(tx, await holdOrder(tx, id), 'submit', {
    actor: AUTO_RESTOCK,
    reason,
    stamps: ['submitted'],
    after: { rule_id: pick.ruleId, total_cost: (pick.cents / 100).toFixed(2) },
  });
  // the rule is the standing approval of whoever set it
  await approvePurchaseOrder(tx, id, AUTO_RESTOCK, { now, reason });
  return id;
}

function shown(
  pick: AutoPick,
  drafts: readonly AutoDraft[],
  id: number,
): AutoRestockResult['orders'][number] {
  const draft = drafts.find((one) => one.purchaseOrderId === pick.purchaseOrderId)!;
  return {
    rule_id: pick.ruleId,
    purchase_order_id: id,
    supplier_id: draft.supplierId,
    location_id: draft.locationId,
    lines: pick.productIds.length,
    total_cost: (pick.cents / 100).toFixed(2),
    currency: draft.currency,
    products: [...pick.productIds],
    refused: pick.refused ?? null,
  };
}
