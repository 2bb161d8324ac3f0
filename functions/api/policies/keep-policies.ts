import type * as z from 'zod';
import type {
  ClassPolicyRow,
  ItemPolicyDetail,
  ItemPolicyInput,
  PolicyInput,
  ReceivingCalendar,
  SupplierCalendar,
} from '../../../shared/contracts/api/replenishment.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import type { SeriesClass } from '../../../shared/contracts/policy.ts';
import { recordChange } from '../../../shared/data/audit/change-log.ts';
import { findLocation } from '../../../shared/data/catalogue/location-reads.ts';
import { suppliers } from '../../../shared/data/catalogue/party-reads.ts';
import { findProduct } from '../../../shared/data/catalogue/product-reads.ts';
import { seriesName } from '../../../shared/data/forecasts/series-store.ts';
import { readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import { readPlanSettings } from '../../../shared/data/planning/setting-store.ts';
import {
  findSeriesClass,
  listClassPolicies,
  listItemPolicies,
  removeItemPolicy,
  saveItemPolicy,
} from '../../../shared/data/policies/policy-reads.ts';
import {
  readClassPolicies,
  readItemPolicies,
  removeClassPolicy,
  saveClassPolicy,
} from '../../../shared/data/policies/policy-store.ts';
import {
  readReceivingCalendar,
  readSupplierCalendar,
  saveReceivingCalendar,
  saveSupplierCalendar,
} from '../../../shared/data/purchasing/calendar-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { policyOf } from '../../restock/policy-of.ts';
import { found } from '../http/found.ts';

const policyState = ({ kind, target, review_days }: z.output<typeof PolicyInput>) => ({
  kind,
  target: `${target.kind} ${target.value}`,
  review_days,
});

async function classPolicy(db: Statements, name: SeriesClass): Promise<ClassPolicyRow> {
  return (await listClassPolicies(db)).find((row) => row.class === name)!;
}

/** Sets the policy of a class, or leaves it to the product again; from the next plan on it holds. */
export async function setClassPolicy(
  tx: Statements,
  name: SeriesClass,
  policy: z.output<typeof PolicyInput> | null,
  actor: string,
  why?: string,
): Promise<ClassPolicyRow> {
  const before = await classPolicy(tx, name);
  if (policy) await saveClassPolicy(tx, name, { ...policy, reviewDays: policy.review_days }, why);
  else await removeClassPolicy(tx, name);
  const after = await classPolicy(tx, name);
  await recordChange(tx, {
    actor,
    subject: 'class_policy',
    subjectId: name,
    reason: why,
    before: policyState(before),
    after: policyState(after),
  });
  return after;
}

/** What holds for a product at a location on the business day, and everything that is set for it. */
export async function itemPolicyDetail(
  db: Statements,
  productId: string,
  locationId: string,
): Promise<ItemPolicyDetail> {
  found(await findProduct(db, productId), 'product', productId);
  found(await findLocation(db, locationId), 'location', locationId);
  const key = { productId, locationId };
  const known = await findSeriesClass(db, productId, locationId);
  const asOf = (await readBusinessDay(db)) ?? '1970-01-01';
  const policy = policyOf({
    className: known?.class,
    classes: await readClassPolicies(db),
    item: (await readItemPolicies(db, [key], asOf)).get(seriesName(key)),
    settings: await readPlanSettings(db),
  });
  return {
    product_id: productId,
    location_id: locationId,
    class: known?.class ?? null,
    class_since: known?.since ?? null,
    class_before: known?.previous ?? null,
    effective: {
      kind: policy.kind,
      target: policy.target,
      review_days: policy.reviewDays,
      minimum: policy.minimum,
      maximum: policy.maximum,
      safety_lead_days: policy.safetyLeadDays,
      source: policy.source,
    },
    overrides: await listItemPolicies(db, productId, locationId),
  };
}

/** Sets what differs from the class for a product at a location, from a day on. */
export async function setItemPolicy(
  tx: Statements,
  productId: string,
  locationId: string,
  policy: z.output<typeof ItemPolicyInput>,
  actor: string,
): Promise<ItemPolicyDetail> {
  const before = (await itemPolicyDetail(tx, productId, locationId)).overrides.find(
    (row) => row.starts_on === policy.starts_on,
  );
  const after = { product_id: productId, location_id: locationId, ...policy };
  await saveItemPolicy(tx, after, actor);
  await recordChange(tx, {
    actor,
    subject: 'item_policy',
    subjectId: `${productId}|${locationId}`,
    reason: policy.reason ?? undefined,
    before,
    after,
  });
  return itemPolicyDetail(tx, productId, locationId);
}

/** Takes back what was set for a product at a location from a day on. Fault `missing` when nothing was. */
export async function endItemPolicy(
  tx: Statements,
  productId: string,
  locationId: string,
  startsOn: string,
  actor: string,
): Promise<ItemPolicyDetail> {
  const { overrides } = await itemPolicyDetail(tx, productId, locationId);
  const before = overrides.find((row) => row.starts_on === startsOn);
  if (!before)
    throw new Fault('missing', `Nothing is set for ${productId} at ${locationId} from ${startsOn}`);
  await removeItemPolicy(tx, productId, locationId, startsOn);
  await recordChange(tx, {
    actor,
    subject: 'item_policy',
    subjectId: `${productId}|${locationId}`,
    before,
    after: undefined,
  });
  return itemPolicyDetail(tx, productId, locationId);
}

/** Says when a supplier takes orders. */
export async function setSupplierCalendar(
  tx: Statements,
  supplierId: string,
  calendar: SupplierCalendar,
  actor: string,
): Promise<SupplierCalendar> {
  found(await suppliers.find(tx, supplierId), 'supplier', supplierId);
  const before = await readSupplierCalendar(tx, supplierId);
  await saveSupplierCalendar(tx, supplierId, calendar);
  const change = { actor, subject: 'supplier_calendar', subjectId: supplierId } as const;
  await recordChange(tx, { ...change, before, after: calendar });
  return calendar;
}

/** Says when a location takes goods in. */
export async function setReceivingCalendar(
  tx: Statements,
  locationId: string,
  calendar: ReceivingCalendar,
  actor: string,
): Promise<ReceivingCalendar> {
  found(await findLocation(tx, locationId), 'location', locationId);
  const before = await readReceivingCalendar(tx, locationId);
  await saveReceivingCalendar(tx, locationId, calendar);
  const change = { actor, subject: 'receiving_calendar', subjectId: locationId } as const;
  await recordChange(tx, { ...change, before, after: calendar });
  return calendar;
}
