import * as z from 'zod';
import { Fault } from '../../contracts/fault.ts';
import {
  PURCHASE_ORDER_STATES,
  type PurchaseOrderCommand,
  type PurchaseOrderState,
  transitionOf,
} from '../../core/inventory/purchase-order-states.ts';
import { recordChange, type State } from '../audit/change-log.ts';
import { announce } from '../messages/outbox-store.ts';
import { flagColumn } from '../sql/columns.ts';
import type { Param, Statements } from '../sql/database.ts';

const Row = z
  .object({
    purchase_order_id: z.int(),
    reference: z.string().nullable(),
    supplier_id: z.string(),
    location_id: z.string(),
    status: z.enum(PURCHASE_ORDER_STATES),
    is_own: flagColumn,
    is_acknowledged: flagColumn,
    submitted_by: z.string().nullable(),
    approved_by: z.string().nullable(),
    note: z.string().nullable(),
    supplier_reference: z.string().nullable(),
    expected_date: z.string().nullable(),
    ordered_on: z.string().nullable(),
  })
  .transform((row) => ({
    id: row.purchase_order_id,
    reference: row.reference,
    supplierId: row.supplier_id,
    locationId: row.location_id,
    status: row.status,
    /** Whether a person made or changed it. */
    isOwn: row.is_own,
    isAcknowledged: row.is_acknowledged,
    submittedBy: row.submitted_by,
    approvedBy: row.approved_by,
    note: row.note,
    supplierReference: row.supplier_reference,
    expectedDate: row.expected_date,
    /** The day on which it was ordered, as approved here or as a file says; null where nobody said. */
    orderedOn: row.ordered_on,
  }));
/** A purchase order that is held until the transaction ends. */
export type HeldOrder = z.infer<typeof Row>;

/**
 * Holds an order until the transaction ends: whatever is decided about it next is decided by one at a time. Before anything
 * else is read: the first plain read fixes what all later ones see, and would tell of the order as it was before the wait.
 */
export async function findHeldOrder(tx: Statements, id: number): Promise<HeldOrder | undefined> {
  const [order] = await tx.select(
    Row,
    `SELECT purchase_order_id, reference, supplier_id, location_id, status, is_own, acknowledged_at IS NOT NULL AS is_acknowledged,
            submitted_by, approved_by, note, supplier_reference, CAST(expected_date AS CHAR) AS expected_date,
            CAST(COALESCE(ordered_on, CASE WHEN approved_at < created_at THEN DATE(approved_at) END) AS CHAR) AS ordered_on
       FROM purchase_order
      WHERE purchase_order_id = :id
        FOR UPDATE`,
    { id },
  );
  return order;
}

/** The same. Fault `missing` without it. */
export async function holdOrder(tx: Statements, id: number): Promise<HeldOrder> {
  const order = await findHeldOrder(tx, id);
  if (!order) throw new Fault('missing', `There is no purchase order ${id}`);
  return order;
}

const Value = z.object({ cents: z.coerce.number(), approved: z.coerce.number(), line_count: z.int() });
const Currency = z.object({ currency: z.string() });

/**
 * What the lines `l` of an order come to, without charges and without what was declined or taken back: each rounded to the
 * cent, so that everybody who names the value of an order names the same, and the sum of what is printed.
 */
export const ORDER_VALUE = `COALESCE(SUM(CASE WHEN l.line_status IN ('open', 'closed')
                                   THEN ROUND(l.quantity * l.unit_cost, 2) END), 0.00)`;

/** What the lines of an order come to. */
export interface OrderValue {
  /** In hundredths of the currency. */
  readonly cents: number;
  /** The same as it was approved, before the supplier said anything. */
  readonly approvedCents: number;
  readonly currency: string;
  /** How many lines these are. */
  readonly lines: number;
}

/** What the lines of a held order cost without charges, in its supplier's currency. */
export async function valueOfOrder(tx: Statements, { id, supplierId }: HeldOrder): Promise<OrderValue> {
  // a locking read sees what was committed meanwhile, whatever this transaction has read before
  const [value] = await tx.select(
    Value,
    `SELECT CAST(${ORDER_VALUE} * 100 AS SIGNED) AS cents,
            CAST(COALESCE(SUM(CASE WHEN l.line_status <> 'undone'
                                   THEN ROUND(COALESCE(l.ordered_quantity * l.ordered_unit_cost,
                                                       l.quantity * l.unit_cost), 2)
                               END), 0) * 100 AS SIGNED) AS approved,
            COUNT(*) AS line_count
       FROM purchase_order_line l
      WHERE l.purchase_order_id = :id
        FOR UPDATE`,
    { id },
  );
  const [supplier] = await tx.select(
    Currency,
    `SELECT currency FROM supplier WHERE supplier_id = :supplierId`,
    { supplierId },
  );
  return {
    cents: value!.cents,
    approvedCents: value!.approved,
    currency: supplier!.currency,
    lines: value!.line_count,
  };
}

/** Whether the command has been done already, so that repeating it changes nothing. */
export const isDone = (order: HeldOrder, command: PurchaseOrderCommand): boolean =>
  transitionOf(order.status, command).kind === 'done';

/** What is done in words, for refusals. */
const PARTICIPLE: Readonly<Record<PurchaseOrderCommand, string>> = {
  edit: 'edited',
  submit: 'submitted',
  reopen: 'reopened',
  approve: 'approved',
  reject: 'rejected',
  send: 'sent',
  acknowledge: 'acknowledged',
  receive: 'received',
  reverse_receipt: 'given back what came of it',
  close: 'closed',
  cancel: 'cancelled',
};

/** Fault `conflict` where the order's state does not allow the command. Not for commands that were done already. */
export function mustAllow(order: HeldOrder, command: PurchaseOrderCommand): void {
  if (transitionOf(order.status, command).kind !== 'refused') return;
  throw new Fault(
    'conflict',
    `Purchase order ${order.id} is ${order.status}: it cannot be ${PARTICIPLE[command]}`,
  );
}

/** Times and names that an order keeps: `<stamp>_by` and `<stamp>_at`. */
type Stamp = 'submitted' | 'approved' | 'sent' | 'acknowledged' | 'closed';

export interface Move {
  readonly actor: string;
  readonly reason?: string | undefined;
  readonly stamps?: readonly Stamp[];
  /** Columns that change with it. */
  readonly sets?: Readonly<Record<string, Param>>;
  /** For the history: what else differs from before, and what there is to say about it. */
  readonly before?: State;
  readonly after?: State;
}

/**
 * Does a command to a held order by the table of its life: status, names and times, its history, and an event, in the
 * transaction of the caller. False when it was done before, which changes nothing. Fault `conflict` when it is refused.
 */
export async function moveOrder(
  tx: Statements,
  order: HeldOrder,
  command: Exclude<PurchaseOrderCommand, 'receive' | 'reverse_receipt'>,
  move: Move,
): Promise<boolean> {
  if (isDone(order, command)) return false;
  mustAllow(order, command);
  const transition = transitionOf(order.status, command);
  if (transition.kind !== 'moves' || transition.to === 'follows')
    throw new RangeError(`${command} does not say where it leads`);
  const { actor, reason, stamps = [], sets = {} } = move;
  const changes = [
    'status = :status',
    ...stamps.map((stamp) => `${stamp}_by = :actor, ${stamp}_at = UTC_TIMESTAMP(3)`),
    ...Object.keys(sets).map((column) => `${column} = :${column}`),
  ];
  await tx.write(`UPDATE purchase_order SET ${changes.join(', ')} WHERE purchase_order_id = :id`, {
    id: order.id,
    status: transition.to,
    ...(stamps.length > 0 && { actor }),
    ...sets,
  });
  await keepStep(tx, order, command, transition.to, { ...move, actor, reason });
  return true;
}

/** Writes the history of a step, and announces it where the status is another now. */
export async function keepStep(
  tx: Statements,
  order: HeldOrder,
  command: PurchaseOrderCommand | 'create' | 'charge',
  to: PurchaseOrderState,
  { actor, reason, before = {}, after = {} }: Pick<Move, 'actor' | 'reason' | 'before' | 'after'>,
): Promise<void> {
  const said = reason?.slice(0, 255);
  await recordChange(tx, {
    actor,
    subject: 'purchase_order',
    subjectId: String(order.id),
    action: command === 'create' ? 'create' : 'change',
    reason: said,
    before: command === 'create' ? undefined : { status: order.status, ...before },
    after: { status: to, ...after, command },
  });
  if (to === order.status && command !== 'create') return;
  await announce(
    tx,
    'purchase_order.status_changed',
    {
      purchaseOrderId: order.id,
      supplierId: order.supplierId,
      command,
      from: command === 'create' ? 'new' : order.status,
      to,
      reason: said ?? null,
    },
    { userId: actor },
  );
}
