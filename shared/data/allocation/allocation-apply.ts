import * as z from 'zod';
import type { AllocationLine } from '../../contracts/api/allocation.ts';
import { Fault } from '../../contracts/fault.ts';
import { lockDrafts, mirrorDrafts } from '../purchasing/purchase-order-store.ts';
import { readSupplierItems, unitCostAt } from '../purchasing/supplier-item-store.ts';
import { flagColumn } from '../sql/columns.ts';
import { json, type Statements } from '../sql/database.ts';
import { editOf } from '../suggestions/suggestion-decisions.ts';
import { WANTED } from './allocation-inputs-store.ts';

/** Lines of one step. */
const PAGE = 500;

const Header = z.object({ of_what: z.string(), status: z.string(), line_count: z.int() });

const Row = z.object({
  line_no: z.int(),
  quantity: z.int(),
  wanted: z.int(),
  suggestion_id: z.int().nullable(),
  product_id: z.string(),
  location_id: z.string(),
  supplier_id: z.string().nullable(),
  status: z.string().nullable(),
  standing: z.int().nullable(),
  standing_cost: z.string().nullable(),
  wanted_now: z.int().nullable(),
  need: z.int().nullable(),
  renewed_on: z.string().nullable(),
  top_up: z.int().nullable(),
  is_ours: flagColumn,
  is_replaced: flagColumn,
});
type Row = z.infer<typeof Row>;
type Outcome = NonNullable<AllocationLine['applied']>;

/**
 * Makes suggestions what an allocation says: another quantity, or put off until its window ends where it got nothing.
 * Each with `allocation <id>` as its reason, in the log of changes, and in the drafts. Suggestions that have changed
 * since are left as they are. Applied again it changes nothing.
 * Fault `missing` without it, `invalid` where it is no allocation of suggestions.
 */
export async function applyAllocation(tx: Statements, allocationId: string, user: string): Promise<void> {
  const [header] = await tx.select(
    Header,
    'SELECT of_what, status, line_count FROM allocation WHERE allocation_id = :allocationId FOR UPDATE',
    { allocationId },
  );
  if (!header) throw new Fault('missing', `There is no allocation ${allocationId}`);
  if (header.of_what !== 'suggestions')
    throw new Fault('invalid', 'Only an allocation of suggestions can be applied');
  if (header.status === 'applied') return;
  // The drafts before the suggestions, as a restock takes them: whoever comes second waits instead of deadlocking.
  await lockDrafts(tx);
  for (let after = 0; after < header.line_count; after += PAGE) {
    const rows = await readLines(tx, allocationId, after);
    const decided = rows.map((row) => ({ row, applied: outcomeOf(row) }));
    await change(tx, allocationId, user, decided);
    await tx.write(
      `UPDATE JSON_TABLE(:rows, '$[*]' COLUMNS (line_no INT PATH '$[0]', applied VARCHAR(10) PATH '$[1]')) AS j
         STRAIGHT_JOIN allocation_line l FORCE INDEX (PRIMARY)
           ON l.allocation_id = :allocationId AND l.line_no = j.line_no
          SET l.applied = j.applied`,
      { allocationId, rows: json(decided.map(({ row, applied }) => [row.line_no, applied])) },
    );
  }
  await tx.write(
    `UPDATE allocation
        SET status = 'applied', applied_by = :user, applied_at = UTC_TIMESTAMP(3)
      WHERE allocation_id = :allocationId`,
    { allocationId, user },
  );
}

function readLines(tx: Statements, allocationId: string, after: number): Promise<Row[]> {
  return tx.select(
    Row,
    `SELECT STRAIGHT_JOIN l.line_no, l.quantity, l.wanted, g.suggestion_id, l.product_id, l.location_id, l.supplier_id,
            g.status, g.quantity AS standing, g.unit_cost AS standing_cost, ${WANTED} AS wanted_now,
            COALESCE(g.need_quantity, g.quantity) AS need,
            JSON_VALUE(g.explanation, '$.renewed_on') AS renewed_on,
            g.top_up, g.decided_by_allocation IS NOT NULL AS is_ours,
            EXISTS (SELECT 1
                      FROM suggestion o
                     WHERE o.open_key = CONCAT(l.product_id, '|', l.location_id)
                       AND o.suggestion_id <> l.suggestion_id) AS is_replaced
       FROM allocation_line l
       LEFT JOIN suggestion g FORCE INDEX (PRIMARY) ON g.suggestion_id = l.suggestion_id
                                                   AND g.supplier_id = l.supplier_id
      WHERE l.allocation_id = :allocationId AND l.line_no > :after
      ORDER BY l.line_no
      LIMIT ${PAGE}
        FOR UPDATE`,
    { allocationId, after },
  );
}

function outcomeOf({ status, is_ours, is_replaced, wanted, wanted_now, quantity, standing }: Row): Outcome {
  const isStanding = status === 'open' || (status === 'snoozed' && is_ours && !is_replaced);
  if (!isStanding || wanted_now !== wanted) return 'skipped';
  if (quantity === 0) return status === 'snoozed' ? 'unchanged' : 'postponed';
  return status === 'open' && standing === quantity ? 'unchanged' : 'edited';
}

async function change(
  tx: Statements,
  allocationId: string,
  user: string,
  decided: readonly { readonly row: Row; readonly applied: Outcome }[],
): Promise<void> {
  const changed = decided.filter(({ applied }) => applied === 'edited' || applied === 'postponed');
  if (changed.length === 0) return;
  const items = await readSupplierItems(
    tx,
    changed.map(({ row }) => row.product_id),
  );
  const costOf = ({ product_id, supplier_id, quantity, standing_cost }: Row): string => {
    const item = items.get(product_id)?.find((one) => one.supplierId === supplier_id);
    return item ? unitCostAt(item, quantity) : standing_cost!;
  };
  const rows = changed.map(({ row, applied }) => {
    const isEdit = applied === 'edited';
    const edit = isEdit
      ? editOf({ needQuantity: row.need!, renewedOn: row.renewed_on! }, row.quantity, user)
      : undefined;
    // What is put off keeps its quantity for the day on which it is open again.
    const status = isEdit ? 'open' : 'snoozed';
    const quantity = isEdit ? row.quantity : row.standing;
    return [
      row.suggestion_id,
      status,
      quantity,
      isEdit ? costOf(row) : row.standing_cost,
      edit?.editedBy ?? null,
      edit?.editedNeed ?? null,
      edit?.editedUntil ?? null,
      row.need,
      isEdit ? null : row.renewed_on,
      isEdit ? 0 : row.top_up,
      JSON.stringify({ status: row.status, quantity: row.standing }),
      JSON.stringify({ status, quantity }),
    ];
  });
  const CHANGES = `JSON_TABLE(:rows, '$[*]' COLUMNS (
             suggestion_id BIGINT         PATH '$[0]',
             status        VARCHAR(12)    PATH '$[1]',
             quantity      INT            PATH '$[2]',
             unit_cost     DECIMAL(12, 4) PATH '$[3]',
             edited_by     VARCHAR(128)   PATH '$[4]',
             edited_need   INT            PATH '$[5]',
             edited_until  DATE           PATH '$[6]',
             need_quantity INT            PATH '$[7]',
             snoozed_until DATE           PATH '$[8]',
             top_up        INT            PATH '$[9]',
             before_state  LONGTEXT       PATH '$[10]',
             after_state   LONGTEXT       PATH '$[11]')) AS j`;
  const params = { rows: json(rows), user, reason: `allocation ${allocationId}` };
  await tx.write(
    `UPDATE ${CHANGES}
       STRAIGHT_JOIN suggestion g FORCE INDEX (PRIMARY) ON g.suggestion_id = j.suggestion_id
        SET g.status = j.status, g.quantity = j.quantity, g.top_up = j.top_up, g.unit_cost = j.unit_cost, g.need_quantity = j.need_quantity,
            g.edited_by = j.edited_by, g.edited_why = CASE WHEN j.edited_by IS NOT NULL THEN :reason END, g.edited_need = j.edited_need, g.edited_until = j.edited_until,
            g.snoozed_until = j.snoozed_until,
            g.purchase_order_id = CASE WHEN j.status = 'snoozed' THEN NULL ELSE g.purchase_order_id END,
            g.decided_by = :user, g.decided_by_allocation = :allocationId, g.decided_why = :reason,
            g.decided_at = UTC_TIMESTAMP(3)`,
    { ...params, allocationId },
  );
  await tx.write(
    `INSERT INTO audit_log (actor, subject, subject_id, action, reason, before_state, after_state)
     SELECT :user, 'suggestion', CAST(j.suggestion_id AS CHAR), 'change', :reason, j.before_state, j.after_state
       FROM ${CHANGES}`,
    params,
  );
  await mirrorDrafts(
    tx,
    changed.map(({ row }) => ({ productId: row.product_id, locationId: row.location_id })),
  );
}
