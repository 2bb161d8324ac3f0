import * as z from 'zod';
import { Fault } from '../../contracts/fault.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { recordChange } from '../audit/change-log.ts';
import { mirrorDrafts } from '../purchasing/purchase-order-store.ts';
import { date, type Param, StaleRead, type Statements } from '../sql/database.ts';

const Row = z
  .object({
    product_id: z.string(),
    location_id: z.string(),
    kind: z.enum(['purchase', 'transfer']),
    from_location: z.string().nullable(),
    supplier_id: z.string().nullable(),
    purchase_order_id: z.int().nullable(),
    status: z.string(),
    quantity: z.int(),
    need_quantity: z.int(),
    unit_cost: z.string(),
    snoozed_until: z.string().nullable(),
    expected_date: z.string(),
    renewed_on: z.string(),
    version: z.string(),
  })
  .transform((row) => ({
    productId: row.product_id,
    locationId: row.location_id,
    kind: row.kind,
    fromLocation: row.from_location,
    supplierId: row.supplier_id,
    purchaseOrderId: row.purchase_order_id,
    status: row.status,
    quantity: row.quantity,
    needQuantity: row.need_quantity,
    unitCost: row.unit_cost,
    snoozedUntil: row.snoozed_until,
    expectedDate: row.expected_date,
    renewedOn: row.renewed_on,
    version: row.version,
  }));
/** A suggestion that is held until the transaction ends. */
export type HeldSuggestion = z.infer<typeof Row> & { readonly suggestionId: number };

const COLUMNS = `product_id, location_id, kind, from_location, supplier_id, purchase_order_id, status, quantity,
  COALESCE(need_quantity, quantity) AS need_quantity, CAST(unit_cost AS CHAR) AS unit_cost,
  CAST(snoozed_until AS CHAR) AS snoozed_until, JSON_VALUE(explanation, '$.expected_date') AS expected_date,
  JSON_VALUE(explanation, '$.renewed_on') AS renewed_on`;
/** Another one after each change. */
const VERSION = `CONCAT(updated_at, status, quantity) AS version`;
const Locked = z.object({ purchase_order_id: z.int() });

/** Who says what to a suggestion, and why. */
export interface Decision {
  readonly user: string;
  readonly reason: string | null;
  /** The quantity that the person saw; undefined where nobody tells. */
  readonly seen?: number | undefined;
}

/**
 * Holds a suggestion and the draft that has its line, before anything else is read. What has changed while it waited for them
 * makes the transaction begin anew: its later reads would tell of the time before. Fault `missing` without it.
 */
export async function holdSuggestion(tx: Statements, suggestionId: number): Promise<HeldSuggestion> {
  await waitForPlan(tx);
  const [place] = await tx.select(
    z.object({ supplier_id: z.string().nullable(), location_id: z.string(), version: z.string() }),
    `SELECT supplier_id, location_id, ${VERSION} FROM suggestion WHERE suggestion_id = :id`,
    { id: suggestionId },
  );
  if (!place) throw new Fault('missing', `There is no suggestion ${suggestionId}`);
  // The draft first, as a restock takes them: whoever comes second waits instead of deadlocking.
  await tx.select(
    Locked,
    `SELECT purchase_order_id FROM purchase_order WHERE draft_key = CONCAT(:supplier, '|', :location) FOR UPDATE`,
    { supplier: place.supplier_id ?? '', location: place.location_id },
  );
  const [row] = await tx.select(
    Row,
    `SELECT ${COLUMNS}, ${VERSION} FROM suggestion WHERE suggestion_id = :id FOR UPDATE`,
    { id: suggestionId },
  );
  if (row?.version !== place.version) throw new StaleRead(`suggestion ${suggestionId}`);
  return { ...row, suggestionId };
}

/** Runs of which one may be restocking. */
const NEWEST_RUNS = 3;

/**
 * Waits for the step of a plan that is being taken, as transfers have no draft to wait at: before anything is read, so that
 * what is read after it is what the plan left. A plan holds its run first, too.
 */
async function waitForPlan(tx: Statements): Promise<void> {
  await tx.select(
    z.object({ run_id: z.string() }),
    `SELECT run_id FROM forecast_run ORDER BY run_no DESC LIMIT ${NEWEST_RUNS} FOR UPDATE`,
  );
}

/** Says no to a suggestion: its line leaves the draft, and it is not made again until the need changes. Twice is once. */
export async function dismissSuggestion(
  tx: Statements,
  suggestionId: number,
  decision: Decision = { user: 'system', reason: null },
): Promise<void> {
  const held = await holdSuggestion(tx, suggestionId);
  if (held.status === 'dismissed') return;
  mustBe(held, ['open', 'snoozed'], decision);
  await decide(tx, held, decision, { status: 'dismissed', snoozed_until: null, purchase_order_id: null });
}

/** Farthest day that a suggestion may be put off to: what nobody wants for a year is said by a policy. */
const MOST_SNOOZE_DAYS = 365;

/**
 * Puts a suggestion off until a day: its line leaves the draft, and the plan of that day opens it again, or one before it
 * when the need grows by more than a quarter. `readToday` reads the first day on which people can act. Fault `invalid` for a
 * day that is not after it, or more than a year ahead.
 */
export async function snoozeSuggestion(
  tx: Statements,
  suggestionId: number,
  until: string,
  readToday: (tx: Statements) => Promise<string>,
  decision: Decision,
): Promise<void> {
  const held = await holdSuggestion(tx, suggestionId);
  if (held.status === 'snoozed' && held.snoozedUntil === until) return;
  mustBe(held, ['open', 'snoozed'], decision);
  const today = await readToday(tx);
  const last = addDays(today, MOST_SNOOZE_DAYS);
  if (until <= today || until > last)
    throw new Fault('invalid', 'A suggestion is put off until a day of the coming year', {
      details: [
        {
          field: 'until',
          reason:
            until <= today
              ? `is not after ${today}, the day on which it can be ordered`
              : `is after ${last}: ${MOST_SNOOZE_DAYS} days at most`,
        },
      ],
    });
  await decide(tx, held, decision, {
    status: 'snoozed',
    snoozed_until: date(until),
    purchase_order_id: null,
  });
}

/** Takes back a dismissal or a snooze: the suggestion is open, as it was. Fault `conflict` when another one has taken its place. */
export async function reopenSuggestion(
  tx: Statements,
  suggestionId: number,
  decision: Decision,
): Promise<void> {
  const held = await holdSuggestion(tx, suggestionId);
  if (held.status === 'open') return;
  mustBe(held, ['dismissed', 'snoozed'], decision);
  const [newer] = await tx.select(
    z.object({ suggestion_id: z.int() }),
    `SELECT suggestion_id
       FROM suggestion FORCE INDEX (suggestion_series)
      WHERE product_id = :productId AND location_id = :locationId AND suggestion_id > :suggestionId
        AND kind = :kind AND COALESCE(from_location, '') = :from
      LIMIT 1`,
    {
      productId: held.productId,
      locationId: held.locationId,
      suggestionId,
      kind: held.kind,
      from: held.fromLocation ?? '',
    },
  );
  if (newer) throw new Fault('conflict', `Suggestion ${newer.suggestion_id} has taken its place`);
  await decide(tx, held, decision, { status: 'open', snoozed_until: null });
}

/** Gives an open suggestion another quantity, at the price of that. Whether the supplier sells it is asked before. */
export async function editSuggestion(
  tx: Statements,
  held: HeldSuggestion,
  { quantity, unitCost }: { readonly quantity: number; readonly unitCost: string },
  decision: Decision,
): Promise<void> {
  mustBe(held, ['open'], decision);
  const { editedBy, editedNeed, editedUntil } = editOf(held, quantity, decision.user);
  await decide(tx, held, decision, {
    quantity,
    top_up: 0,
    unit_cost: unitCost,
    edited_by: editedBy,
    edited_why: editedBy === null ? null : decision.reason,
    edited_need: editedNeed,
    edited_until: editedUntil === null ? null : date(editedUntil),
  });
}

/** What is noted of another quantity: it counts as a whole (nothing of it is a top-up), and the planner's own again is no edit. */
export function editOf(
  { needQuantity, renewedOn }: { readonly needQuantity: number; readonly renewedOn: string },
  quantity: number,
  user: string,
) {
  const isOwn = quantity === needQuantity;
  return {
    editedBy: isOwn ? null : user,
    editedNeed: isOwn ? null : needQuantity,
    editedUntil: isOwn ? null : renewedOn,
  };
}

/** Notes that a person has ordered what an open suggestion asks for; its line leaves the draft that mirrors it. */
export async function orderSuggestion(
  tx: Statements,
  held: HeldSuggestion,
  purchaseOrderId: number | null,
  decision: Decision,
): Promise<void> {
  mustBe(held, ['open', 'snoozed'], decision);
  await decide(tx, held, decision, {
    status: 'ordered',
    snoozed_until: null,
    purchase_order_id: purchaseOrderId,
  });
}

/** Fault `conflict` for a suggestion in another state, or with another quantity than the person saw. */
export function mustBe(
  { suggestionId, status, quantity }: HeldSuggestion,
  allowed: readonly string[],
  { seen }: Pick<Decision, 'seen'>,
): void {
  if (!allowed.includes(status)) throw new Fault('conflict', `Suggestion ${suggestionId} is ${status}`);
  if (seen !== undefined && seen !== quantity)
    throw new Fault('conflict', `Suggestion ${suggestionId} is of ${quantity} units by now, not of ${seen}`);
}

/** Columns that answers and the log of changes show of a decision. */
const LOGGED = ['status', 'quantity', 'snoozed_until', 'purchase_order_id'] as const;

async function decide(
  tx: Statements,
  held: HeldSuggestion,
  { user, reason }: Decision,
  columns: Readonly<Record<string, Param>>,
): Promise<void> {
  const sets = Object.keys(columns).map((column) => `${column} = :${column}`);
  await tx.write(
    `UPDATE suggestion
        SET ${sets.join(', ')}, decided_by = :user, decided_by_allocation = NULL, decided_why = :reason,
            decided_at = UTC_TIMESTAMP(3)
      WHERE suggestion_id = :id`,
    { ...columns, user, reason, id: held.suggestionId },
  );
  const before = {
    status: held.status,
    quantity: held.quantity,
    snoozed_until: held.snoozedUntil,
    purchase_order_id: held.purchaseOrderId,
  };
  const after = Object.fromEntries(
    LOGGED.map((name) => [name, name in columns ? textOf(columns[name]!) : before[name]]),
  );
  await recordChange(tx, {
    actor: user,
    subject: 'suggestion',
    subjectId: String(held.suggestionId),
    action: 'change',
    reason: reason ?? undefined,
    before,
    after,
  });
  await mirrorDrafts(tx, [{ productId: held.productId, locationId: held.locationId }]);
}

const textOf = (value: Param): unknown =>
  value !== null && typeof value === 'object' && 'text' in value ? value.text : value;
