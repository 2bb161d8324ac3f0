import * as z from 'zod';
import {
  PolicyKindName,
  type PolicyTarget,
  SERIES_CLASSES,
  type SeriesClass,
} from '../../contracts/policy.ts';
import { CLASS_POLICIES, type ClassPolicy } from '../../core/inventory/class-policies.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { date, type Statements } from '../sql/database.ts';

/** What is set for a class, or what the code says. */
export interface PolicyOfClass extends Pick<ClassPolicy, 'kind' | 'reviewDays' | 'why'> {
  readonly target: PolicyTarget;
  readonly isSet: boolean;
}
export type ClassPolicies = ReadonlyMap<string, PolicyOfClass>;

const targetKind = z.enum(['cycle-service', 'fill-rate', 'cost']);
const ClassRow = z.object({
  class: z.enum(SERIES_CLASSES),
  kind: PolicyKindName,
  target_kind: targetKind,
  target_value: z.coerce.number(),
  review_days: z.int(),
  why: z.string().nullable(),
});

/** The policy of every class: what people have set, else what the code says. */
export async function readClassPolicies(db: Statements): Promise<ClassPolicies> {
  const rows = await db.select(
    ClassRow,
    `SELECT class, kind, target_kind, target_value, review_days, why FROM class_policy ORDER BY class`,
  );
  const set = new Map(rows.map((row) => [row.class, row]));
  const policies = new Map<string, PolicyOfClass>();
  for (const name of SERIES_CLASSES) {
    const row = set.get(name);
    const { kind, target, reviewDays, why } = CLASS_POLICIES[name];
    policies.set(
      name,
      row
        ? {
            kind: row.kind,
            target: { kind: row.target_kind, value: row.target_value },
            reviewDays: row.review_days,
            why: row.why ?? 'set by people',
            isSet: true,
          }
        : { kind, target: { kind: target.kind, value: target.value ?? 1 }, reviewDays, why, isSet: false },
    );
  }
  return policies;
}

/** Sets the policy of a class; `why` is for those that no person set by hand. */
export async function saveClassPolicy(
  tx: Statements,
  name: SeriesClass,
  { kind, target, reviewDays }: Pick<PolicyOfClass, 'kind' | 'target' | 'reviewDays'>,
  why: string | null = null,
): Promise<void> {
  await tx.write(
    `INSERT INTO class_policy (class, kind, target_kind, target_value, review_days, why)
     VALUES (:name, :kind, :targetKind, :targetValue, :reviewDays, :why)
         ON DUPLICATE KEY UPDATE kind = VALUES(kind), target_kind = VALUES(target_kind),
            target_value = VALUES(target_value), review_days = VALUES(review_days), why = VALUES(why)`,
    { name, kind, targetKind: target.kind, targetValue: String(target.value), reviewDays, why },
  );
}

/** Leaves a class to the code again. */
export async function removeClassPolicy(tx: Statements, name: SeriesClass): Promise<void> {
  await tx.write(`DELETE FROM class_policy WHERE class = :name`, { name });
}

/** What is set for one product at one location; null leaves it to the class. */
export interface ItemPolicy {
  readonly kind: z.infer<typeof PolicyKindName> | null;
  readonly target: PolicyTarget | null;
  readonly reviewDays: number | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly safetyLeadDays: number | null;
  /** Who set it; null where nobody knows. */
  readonly setBy: string | null;
}

const ItemRow = z
  .object({
    product_id: z.string(),
    location_id: z.string(),
    kind: PolicyKindName.nullable(),
    target_kind: targetKind.nullable(),
    target_value: z.coerce.number().nullable(),
    review_days: z.int().nullable(),
    minimum: z.int().nullable(),
    maximum: z.int().nullable(),
    safety_lead_days: z.coerce.number().nullable(),
    set_by: z.string().nullable(),
  })
  .transform((row) => ({
    name: seriesName({ productId: row.product_id, locationId: row.location_id }),
    policy: {
      kind: row.kind,
      target: row.target_kind === null ? null : { kind: row.target_kind, value: row.target_value! },
      reviewDays: row.review_days,
      minimum: row.minimum,
      maximum: row.maximum,
      safetyLeadDays: row.safety_lead_days,
      setBy: row.set_by,
    } satisfies ItemPolicy,
  }));

/** What is set for each of the series on that day: of several, what began last. By `seriesName`. */
export async function readItemPolicies(
  db: Statements,
  keys: readonly SeriesKey[],
  day: string,
): Promise<Map<string, ItemPolicy>> {
  const rows = await db.select(
    ItemRow,
    `SELECT STRAIGHT_JOIN i.product_id, i.location_id, i.kind, i.target_kind, i.target_value, i.review_days, i.minimum,
            i.maximum, i.safety_lead_days, i.set_by
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
       JOIN item_policy i FORCE INDEX (PRIMARY) ON i.product_id = k.product_id AND i.location_id = k.location_id
      WHERE i.starts_on <= :day
        AND (i.ends_on IS NULL OR i.ends_on >= :day)
      ORDER BY i.starts_on`,
    { keys: keysJson(keys), day: date(day) },
  );
  return new Map(rows.map(({ name, policy }) => [name, policy]));
}
