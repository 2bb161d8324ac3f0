import type * as z from 'zod';
import type {
  ApprovalLimit,
  AutoRestockRule,
  AutoRestockRuleChange,
  NewAutoRestockRule,
  NewLimit,
  PurchasingSettings,
  PurchasingSettingsChange,
} from '../../../shared/contracts/api/purchasing.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { mayApprove } from '../../../shared/core/inventory/approval.ts';
import { recordChange } from '../../../shared/data/audit/change-log.ts';
import { suppliers } from '../../../shared/data/catalogue/party-reads.ts';
import {
  findApprovalLimit,
  readLimits,
  readPurchasingSettings,
} from '../../../shared/data/purchasing/approval-limit-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import {
  findAutoRestockRule,
  listAutoRestockRules,
  MOST_RULES,
} from '../../../shared/data/suggestions/auto-restock-store.ts';
import { moneyParam } from '../catalogue/create-product.ts';
import { changeThing, createThing, type Keeping, removeThing } from '../catalogue/keep-catalogue.ts';
import { found } from '../http/found.ts';
import type { User } from '../http/route.ts';
import { knownLocation } from '../stock/stocked-place.ts';

const limitKeeping = (role: string, currency: string, actor: string): Keeping<ApprovalLimit> => ({
  table: 'approval_limit',
  subject: 'approval_limit',
  noun: 'limit for role and currency',
  key: [role, currency],
  actor,
  read: (tx) => findApprovalLimit(tx, role, currency),
});

/** Says up to which amount a role may approve in a currency; the same again changes nothing. */
export async function setApprovalLimit(
  tx: Statements,
  { role, currency }: { readonly role: string; readonly currency: string },
  { max_amount }: z.output<typeof NewLimit>,
  actor: string,
): Promise<ApprovalLimit> {
  const keeping = limitKeeping(role, currency, actor);
  const columns = { max_amount: max_amount === null ? null : moneyParam(max_amount) };
  const known = await findApprovalLimit(tx, role, currency);
  return await (known ? changeThing(tx, keeping, columns) : createThing(tx, keeping, columns));
}

/** Takes a limit away. Fault `missing` without it. */
export const removeApprovalLimit = (
  tx: Statements,
  { role, currency }: { readonly role: string; readonly currency: string },
  actor: string,
): Promise<ApprovalLimit> => removeThing(tx, limitKeeping(role, currency, actor));

/** Changes what is given of the settings of purchasing. */
export async function changePurchasingSettings(
  tx: Statements,
  { four_eyes, ...percents }: z.output<typeof PurchasingSettingsChange>,
  actor: string,
): Promise<PurchasingSettings> {
  const before = await readPurchasingSettings(tx);
  const values = { ...percents, ...(four_eyes !== undefined && { four_eyes: four_eyes ? 'on' : 'off' }) };
  for (const [name, value] of Object.entries(values))
    if (value !== undefined)
      await tx.write(
        `INSERT INTO setting (name, value) VALUES (:name, :value) ON DUPLICATE KEY UPDATE value = :value`,
        { name, value: String(value) },
      );
  const after = await readPurchasingSettings(tx);
  await recordChange(tx, { actor, subject: 'setting', subjectId: 'purchasing', before, after });
  return after;
}

const ruleKeeping = (id: string, actor: string): Keeping<AutoRestockRule> => ({
  table: 'auto_restock_rule',
  subject: 'auto_restock_rule',
  noun: 'rule',
  key: [id],
  actor,
  read: (tx) => findAutoRestockRule(tx, id),
});

type Rule = z.output<typeof AutoRestockRuleChange>;

const ruleColumns = ({ max_order_value, max_day_value, ...rule }: Rule) => ({
  ...rule,
  max_order_value: max_order_value === undefined ? undefined : moneyParam(max_order_value),
  max_day_value: max_day_value === undefined ? undefined : moneyParam(max_day_value),
});

/**
 * Makes a rule of auto-restock. It is the standing approval of whoever makes it, so nobody makes one above their limit.
 * Fault `conflict` when there is one of that id, `missing` without its supplier or location, `invalid` where its conditions
 * contradict each other.
 */
export async function createAutoRestockRule(
  tx: Statements,
  { id, ...rule }: z.output<typeof NewAutoRestockRule>,
  user: User,
): Promise<AutoRestockRule> {
  if ((await listAutoRestockRules(tx)).length >= MOST_RULES)
    throw new Fault('conflict', `There are ${MOST_RULES} rules already`);
  await mustMakeSense(tx, rule);
  const made = await createThing(tx, ruleKeeping(id, user.username), ruleColumns(rule));
  await mustAgree(tx, made);
  await mustBeApprovable(tx, made, user);
  return made;
}

/** Changes what is given of a rule; within the limit of whoever does. */
export async function changeAutoRestockRule(
  tx: Statements,
  id: string,
  change: Rule,
  user: User,
): Promise<AutoRestockRule> {
  await mustMakeSense(tx, change);
  const changed = await changeThing(tx, ruleKeeping(id, user.username), ruleColumns(change));
  // what makes no sense any more, or is more than one may approve, may still be switched off
  if (changed.is_active || change.is_active !== false) await mustAgree(tx, changed);
  if (changed.is_active) await mustBeApprovable(tx, changed, user);
  return changed;
}

/** Takes a rule away; what it has ordered stays. */
export const removeAutoRestockRule = (tx: Statements, id: string, actor: string): Promise<AutoRestockRule> =>
  removeThing(tx, ruleKeeping(id, actor));

async function mustMakeSense(tx: Statements, rule: Rule): Promise<void> {
  if (rule.supplier_id) found(await suppliers.find(tx, rule.supplier_id), 'supplier', rule.supplier_id);
  if (rule.location_id) await knownLocation(tx, rule.location_id);
}

/** Fault `invalid` for limits under which the rule could never order anything, or that mean something else than they say. */
async function mustAgree(tx: Statements, rule: AutoRestockRule): Promise<void> {
  const refuse = (field: keyof AutoRestockRule, other: keyof AutoRestockRule, reason: string) =>
    new Fault('invalid', 'The conditions of the rule contradict each other', {
      details: [
        { field, reason },
        { field: other, reason: `contradicts ${field}` },
      ],
    });
  const most = Number(rule.max_order_value);
  if (most > Number(rule.max_day_value))
    throw refuse('max_order_value', 'max_day_value', 'is more than all orders of a day may cost');
  const supplier = rule.supplier_id === null ? undefined : await suppliers.find(tx, rule.supplier_id);
  if (!supplier) return;
  if (supplier.currency !== rule.currency)
    throw refuse('currency', 'supplier_id', `is not ${supplier.currency}, in which the supplier is paid`);
  if (most < Number(supplier.minimum_order))
    throw refuse(
      'max_order_value',
      'supplier_id',
      `is below ${supplier.minimum_order}, the supplier's minimum`,
    );
}

async function mustBeApprovable(tx: Statements, rule: AutoRestockRule, { roles }: User): Promise<void> {
  const cents = Math.round(Number(rule.max_order_value) * 100);
  const approval = mayApprove(roles, await readLimits(tx), { cents, currency: rule.currency });
  if (!approval.isAllowed)
    throw new Fault(
      'forbidden',
      `You may not approve orders of ${rule.max_order_value} ${rule.currency} yourself`,
    );
}
