import * as z from 'zod';
import { type ClassPolicyRow, ItemPolicyRow } from '../../contracts/api/replenishment.ts';
import { SeriesClass } from '../../contracts/policy.ts';
import { moneyColumn } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';
import { readClassPolicies } from './policy-store.ts';

const Count = z.object({ class: SeriesClass, series: z.int(), value: moneyColumn });

/** The policy of every class, with what is in it by the newest plan. */
export async function listClassPolicies(db: Statements): Promise<ClassPolicyRow[]> {
  const policies = await readClassPolicies(db);
  const counts = await db.select(
    Count,
    `SELECT class, COUNT(*) AS series, ROUND(SUM(yearly_value), 2) AS value FROM series_class GROUP BY class`,
  );
  const byClass = new Map(counts.map((row) => [row.class, row]));
  return [...policies].map(([name, policy]) => ({
    class: SeriesClass.parse(name),
    kind: policy.kind,
    target: { kind: policy.target.kind, value: policy.target.value ?? 1 },
    review_days: policy.reviewDays,
    is_set: policy.isSet,
    why: policy.why,
    series: byClass.get(SeriesClass.parse(name))?.series ?? 0,
    yearly_value: byClass.get(SeriesClass.parse(name))?.value ?? '0.00',
  }));
}

const Row = ItemPolicyRow.omit({ target: true })
  .extend({
    target_kind: z.enum(['cycle-service', 'fill-rate', 'cost']).nullable(),
    target_value: z.coerce.number().nullable(),
    safety_lead_days: z.coerce.number().nullable(),
  })
  .transform(
    ({ target_kind, target_value, ...row }): ItemPolicyRow => ({
      ...row,
      target: target_kind === null ? null : { kind: target_kind, value: target_value! },
    }),
  );

const COLUMNS = `product_id, location_id, kind, target_kind, target_value, review_days, minimum, maximum, safety_lead_days,
  CAST(starts_on AS CHAR) AS starts_on, CAST(ends_on AS CHAR) AS ends_on, reason`;

/** Overrides of one item that are shown: ten years of monthly ones. */
const MOST_OVERRIDES = 120;

/** Everything that is set for a product at a location, by the day from which on it holds. */
export function listItemPolicies(
  db: Statements,
  productId: string,
  locationId: string,
): Promise<ItemPolicyRow[]> {
  return db.select(
    Row,
    `SELECT ${COLUMNS}
       FROM item_policy
      WHERE product_id = :productId AND location_id = :locationId
      ORDER BY starts_on
      LIMIT ${MOST_OVERRIDES}`,
    { productId, locationId },
  );
}

/** Sets what holds from a day on, in place of what was set for that day. */
export async function saveItemPolicy(tx: Statements, policy: ItemPolicyRow, setBy: string): Promise<void> {
  await tx.write(
    `INSERT INTO item_policy (product_id, location_id, starts_on, ends_on, kind, target_kind, target_value, review_days,
                              minimum, maximum, safety_lead_days, reason, set_by)
     VALUES (:productId, :locationId, :startsOn, :endsOn, :kind, :targetKind, :targetValue, :reviewDays, :minimum,
             :maximum, :safetyLeadDays, :reason, :setBy)
         ON DUPLICATE KEY UPDATE ends_on = VALUES(ends_on), kind = VALUES(kind), target_kind = VALUES(target_kind),
            target_value = VALUES(target_value), review_days = VALUES(review_days), minimum = VALUES(minimum),
            maximum = VALUES(maximum), safety_lead_days = VALUES(safety_lead_days), reason = VALUES(reason),
            set_by = VALUES(set_by)`,
    {
      productId: policy.product_id,
      locationId: policy.location_id,
      startsOn: date(policy.starts_on),
      endsOn: policy.ends_on === null ? null : date(policy.ends_on),
      kind: policy.kind,
      targetKind: policy.target?.kind ?? null,
      targetValue: policy.target === null ? null : String(policy.target.value),
      reviewDays: policy.review_days,
      minimum: policy.minimum,
      maximum: policy.maximum,
      safetyLeadDays: policy.safety_lead_days === null ? null : String(policy.safety_lead_days),
      reason: policy.reason,
      setBy,
    },
  );
}

/** Takes back what was set from a day on. */
export async function removeItemPolicy(
  tx: Statements,
  productId: string,
  locationId: string,
  startsOn: string,
): Promise<void> {
  await tx.write(
    `DELETE FROM item_policy WHERE product_id = :productId AND location_id = :locationId AND starts_on = :startsOn`,
    { productId, locationId, startsOn: date(startsOn) },
  );
}

const ClassRow = z.object({ class: SeriesClass, since: z.iso.date(), previous: SeriesClass.nullable() });

/** The class of a series by the newest plan; undefined for one without. */
export async function findSeriesClass(
  db: Statements,
  productId: string,
  locationId: string,
): Promise<z.infer<typeof ClassRow> | undefined> {
  const [row] = await db.select(
    ClassRow,
    `SELECT class, CAST(since AS CHAR) AS since, previous
       FROM series_class
      WHERE product_id = :productId AND location_id = :locationId`,
    { productId, locationId },
  );
  return row;
}
