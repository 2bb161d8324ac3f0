import * as z from 'zod';
import { ChangeEntry } from '../../contracts/api/audit.ts';
import { type Page, type PageAsked, Total, timeColumn, where } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';

/** What master data says about one thing, by field. */
export type State = Readonly<Record<string, unknown>>;

/** A change of master data, as the transaction that makes it knows it. */
export interface Change {
  readonly actor: string;
  readonly subject:
    | 'product'
    | 'stock_rule'
    | 'supplier'
    | 'supplier_item'
    | 'seller'
    | 'customer'
    | 'location'
    | 'purchase_order'
    | 'approval_limit'
    | 'auto_restock_rule'
    | 'setting'
    | 'suggestion'
    | 'class_policy'
    | 'item_policy'
    | 'supplier_calendar'
    | 'receiving_calendar'
    | 'simulation';
  readonly subjectId: string;
  readonly action?: ChangeEntry['action'];
  readonly reason?: string | undefined;
  /** Nothing where the thing is new, or gone. */
  readonly before: State | undefined;
  readonly after: State | undefined;
}

/** Fields that name a person: who changed them and when is kept, what they said is not, so that it can be erased. */
const PERSONAL: Readonly<Record<string, ReadonlySet<string>>> = {
  customer: new Set(['name', 'city', 'state', 'country']),
};
/** Fields that follow from others, or from the clock. */
const DERIVED = new Set([
  'updated_at',
  'created_at',
  'current_stock',
  'item_count',
  'on_hand',
  'products',
  'path',
  'children',
  'customer_type',
  'order_count',
  'total_spent',
  'orders',
]);

/** Keeps who changed what, in the transaction of the change. What changes nothing leaves no entry. */
export async function recordChange(tx: Statements, change: Change): Promise<void> {
  const { actor, subject, subjectId, before, after } = change;
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter(
    (field) => !DERIVED.has(field) && JSON.stringify(before?.[field]) !== JSON.stringify(after?.[field]),
  );
  if (fields.length === 0) return;
  const personal = PERSONAL[subject];
  const textOf = (state: State | undefined): string | null =>
    state === undefined
      ? null
      : JSON.stringify(
          Object.fromEntries(
            fields.map((field) => [field, personal?.has(field) ? '(personal)' : (state[field] ?? null)]),
          ),
        );
  await tx.write(
    `INSERT INTO audit_log (actor, subject, subject_id, action, reason, before_state, after_state)
     VALUES (:actor, :subject, :subjectId, :action, :reason, :before, :after)`,
    {
      actor,
      subject,
      subjectId,
      action: change.action ?? (before === undefined ? 'create' : after === undefined ? 'remove' : 'change'),
      reason: change.reason ?? null,
      before: textOf(before),
      after: textOf(after),
    },
  );
}

const StateColumn = z
  .string()
  .nullable()
  .transform((text) => (text === null ? null : z.record(z.string(), z.unknown()).parse(JSON.parse(text))));
const Row = ChangeEntry.extend({ recorded_at: timeColumn, before: StateColumn, after: StateColumn });

export interface ChangeFilter {
  readonly subject?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly actor?: string | undefined;
  /** Instants, the first included and the last not. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Changes of master data, newest first. */
export async function listChanges(
  db: Statements,
  { subject, subjectId, actor, from, to }: ChangeFilter,
  { skip, limit }: PageAsked,
): Promise<Page<ChangeEntry>> {
  const conditions = where([
    subject !== undefined && 'subject = :subject',
    subjectId !== undefined && 'subject_id = :subjectId',
    actor !== undefined && 'actor = :actor',
    from !== undefined && 'recorded_at >= :from',
    to !== undefined && 'recorded_at < :to',
  ]);
  const params = {
    ...(subject !== undefined && { subject }),
    ...(subjectId !== undefined && { subjectId }),
    ...(actor !== undefined && { actor }),
    ...(from !== undefined && { from: new Date(from) }),
    ...(to !== undefined && { to: new Date(to) }),
  };
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM audit_log ${conditions}`, params);
  const data = await db.select(
    Row,
    `SELECT entry_id, recorded_at, actor, subject, subject_id, action, reason, before_state AS \`before\`,
            after_state AS \`after\`
       FROM audit_log
      ${conditions}
      ORDER BY entry_id DESC
      LIMIT :limit OFFSET :skip`,
    { ...params, skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}
