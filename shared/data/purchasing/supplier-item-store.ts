import * as z from 'zod';
import { DayRange } from '../../contracts/policy.ts';
import type { CalendarTerms } from '../../core/inventory/policies/supply-calendar.ts';
import { json, type Statements } from '../sql/database.ts';

/** `[[from units, price of a unit], ...]`, as it is stored. */
export const PriceBreaks = z.array(z.tuple([z.int().min(1), z.string()]));
/** `price_breaks` of the table; null is none. */
export const storedBreaks = z
  .string()
  .nullable()
  .transform((text) => (text === null ? [] : PriceBreaks.parse(JSON.parse(text))));

const storedList = <T>(one: z.ZodType<T>) =>
  z
    .string()
    .nullable()
    .transform((text): T[] => (text === null || text === '[]' ? [] : z.array(one).parse(JSON.parse(text))));

const Row = z
  .object({
    product_id: z.string(),
    supplier_id: z.string(),
    unit_cost: z.string(),
    price_breaks: storedBreaks,
    order_cost: z.string(),
    stated_days: z.coerce.number(),
    stated_deviation: z.coerce.number(),
    learnt_days: z.coerce.number().nullable(),
    learnt_deviation: z.coerce.number().nullable(),
    observations: z.int().nullable(),
    minimum_quantity: z.int(),
    order_multiple: z.int(),
    maximum_quantity: z.int().nullable(),
    priority: z.int(),
    minimum_order: z.string(),
    currency: z.string(),
    order_weekdays: storedList(z.int()),
    shutdowns: storedList(DayRange),
  })
  .transform((row) => ({
    productId: row.product_id,
    supplierId: row.supplier_id,
    unitCost: row.unit_cost,
    /** From so many units on a unit costs that, the smallest first. */
    priceBreaks: row.price_breaks as readonly (readonly [units: number, unitCost: string])[],
    /** Money that an order costs, however many units. */
    orderCost: row.order_cost,
    /** As deliveries have shown, else as stated. */
    leadTimeDays: row.learnt_days ?? row.stated_days,
    leadTimeDeviationDays: row.learnt_deviation ?? row.stated_deviation,
    statedLeadTimeDays: row.stated_days,
    /** Deliveries of the item or its supplier that the lead time was learnt from. */
    leadTimesSeen: row.observations ?? 0,
    minimumQuantity: row.minimum_quantity,
    orderMultiple: row.order_multiple,
    maximumQuantity: row.maximum_quantity,
    priority: row.priority,
    /** Of all money here. */
    currency: row.currency,
    /** Money that an order of this supplier must come to. */
    supplierMinimum: row.minimum_order,
    /** When it takes orders; empty: every day. */
    calendar: {
      ...(row.order_weekdays.length > 0 && { orderWeekdays: row.order_weekdays }),
      ...(row.shutdowns.length > 0 && { shutdowns: row.shutdowns }),
    } satisfies CalendarTerms,
  }));
export type SupplierItem = z.infer<typeof Row>;

/** Suppliers of one product that are looked at, and products of one answer: with all of those it stays below 1 MiB. */
const MOST_SUPPLIERS = 8;
const PRODUCTS_PER_READ = 250;

/** Who can supply each product: its active suppliers, by priority. Products that nobody supplies are left out. */
export async function readSupplierItems(
  db: Statements,
  productIds: readonly string[],
): Promise<Map<string, SupplierItem[]>> {
  const ids = [...new Set(productIds)];
  const rows: SupplierItem[] = [];
  for (let at = 0; at < ids.length; at += PRODUCTS_PER_READ) {
    const some = await db.select(
      Row,
      `SELECT c.product_id, c.supplier_id, c.unit_cost, c.price_breaks, c.order_cost, c.lead_time_days AS stated_days,
              c.lead_time_deviation AS stated_deviation, c.minimum_quantity, c.order_multiple, c.maximum_quantity,
              c.priority, c.minimum_order, c.currency, t.mean_days AS learnt_days, t.deviation_days AS learnt_deviation, t.observations,
              a.order_weekdays, a.shutdowns
         FROM (SELECT STRAIGHT_JOIN i.*, s.minimum_order, s.currency,
                      ROW_NUMBER() OVER (PARTITION BY i.product_id ORDER BY i.priority, i.supplier_id) AS choice
                 FROM JSON_TABLE(:ids, '$[*]' COLUMNS (product_id VARCHAR(64) PATH '$')) AS k
                 JOIN supplier_item i FORCE INDEX (supplier_item_product) ON i.product_id = k.product_id
                 JOIN supplier s ON s.supplier_id = i.supplier_id AND s.is_active = 1) AS c
         LEFT JOIN learnt_lead_time t ON t.supplier_id = c.supplier_id AND t.product_id = c.product_id
         LEFT JOIN supplier_calendar a ON a.supplier_id = c.supplier_id
        WHERE c.choice <= ${MOST_SUPPLIERS}
        ORDER BY c.product_id, c.choice`,
      { ids: json(ids.slice(at, at + PRODUCTS_PER_READ)) },
    );
    rows.push(...some);
  }
  const items = new Map<string, SupplierItem[]>();
  for (const item of rows) {
    const others = items.get(item.productId);
    if (others) others.push(item);
    else items.set(item.productId, [item]);
  }
  return items;
}

/** A rule of a supplier that a quantity breaks, and how. */
export interface BrokenTerm {
  readonly rule: 'minimum_quantity' | 'order_multiple' | 'maximum_quantity';
  readonly why: string;
}

/** All rules of a supplier that a quantity breaks. */
export function brokenTerms(
  {
    minimumQuantity,
    orderMultiple,
    maximumQuantity,
  }: Pick<SupplierItem, 'minimumQuantity' | 'orderMultiple' | 'maximumQuantity'>,
  quantity: number,
): BrokenTerm[] {
  const broken: BrokenTerm[] = [];
  if (quantity < minimumQuantity)
    broken.push({ rule: 'minimum_quantity', why: `the supplier takes no order below ${minimumQuantity}` });
  if (quantity % orderMultiple !== 0)
    broken.push({ rule: 'order_multiple', why: `it comes in packs of ${orderMultiple}` });
  if (maximumQuantity !== null && quantity > maximumQuantity)
    broken.push({ rule: 'maximum_quantity', why: `the supplier takes no order above ${maximumQuantity}` });
  return broken;
}

/** What a unit costs when so many are ordered. */
export function unitCostAt(
  { unitCost, priceBreaks }: Pick<SupplierItem, 'unitCost' | 'priceBreaks'>,
  quantity: number,
): string {
  let price = unitCost;
  for (const [units, lower] of priceBreaks) if (quantity >= units) price = lower;
  return price;
}
