import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import { CATALOGUE_CURRENCY } from '../catalogue/catalogue-currency.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { where } from '../sql/columns.ts';
import { date, type Statements } from '../sql/database.ts';
import { storedNumber } from '../suggestions/stored-explanation.ts';

/** Rows of one read. */
const PAGE = 1000;

/** What the planner wants of a suggestion `g`: a person's quantity counts, an allocation's does not. */
export const WANTED = `CASE WHEN g.decided_by_allocation IS NOT NULL
                 THEN COALESCE(g.need_quantity + g.top_up, g.quantity) ELSE g.quantity END`;

const Candidate = z
  .object({
    suggestion_id: z.int().nullable(),
    product_id: z.string(),
    location_id: z.string(),
    supplier_id: z.string().nullable(),
    currency: z.string().nullable(),
    supplier_minimum: z.string().nullable(),
    wanted: z.int().nullable(),
    minimum_quantity: z.int(),
    order_multiple: z.int(),
    unit_cost: z.string().nullable(),
    order_cost: z.string(),
    price: z.string().nullable(),
    unit_volume: z.string().nullable(),
    unit_weight: z.string().nullable(),
    lead_time_days: z.coerce.number(),
    lead_time_deviation: z.coerce.number(),
    protection_from: z.iso.date().nullable(),
    protection_to: z.iso.date().nullable(),
    position: z.coerce.number().nullable(),
    from_elsewhere: z.coerce.number().nullable(),
    rating: z.coerce.number().nullable(),
    reviews: z.int().nullable(),
  })
  .transform((row) => ({
    suggestionId: row.suggestion_id,
    productId: row.product_id,
    locationId: row.location_id,
    supplierId: row.supplier_id,
    currency: row.currency,
    supplierMinimum: row.supplier_minimum,
    /** Units that are suggested; null for a product as such. */
    wanted: row.wanted,
    minimumQuantity: row.minimum_quantity,
    orderMultiple: row.order_multiple,
    unitCost: row.unit_cost,
    orderCost: row.order_cost,
    price: row.price,
    unitVolume: row.unit_volume,
    unitWeight: row.unit_weight,
    leadTimeDays: row.lead_time_days,
    leadTimeDeviationDays: row.lead_time_deviation,
    /** The days that stock must last, as the suggestion has it. */
    protection: row.protection_from === null ? null : { from: row.protection_from, to: row.protection_to! },
    /** Units that the planner counted upon when it suggested: all supply and suggested transfers, less what is promised or expires. */
    position: row.position === null ? null : row.position + (row.from_elsewhere ?? 0),
    rating: row.rating,
    reviews: row.reviews,
  }));
/** What may get a part of what is limited. */
export type AllocationCandidate = z.infer<typeof Candidate>;

export interface CandidateFilter {
  readonly supplierId?: string | undefined;
  readonly currency?: string | undefined;
  readonly locationId?: string | undefined;
  readonly category?: string | undefined;
}

const RATING = `LEFT JOIN sourced_product r ON r.product_id = p.product_id`;

/**
 * Suggested purchases that are open, or that an allocation has cut or postponed: then as the planner wanted them. The
 * cost is that without price breaks, which a smaller quantity may not reach; a price in another currency is none.
 * Undefined when there are more than `most`.
 */
export function readSuggestedCandidates(
  db: Statements,
  { supplierId, currency, locationId, category }: CandidateFilter,
  most: number,
): Promise<AllocationCandidate[] | undefined> {
  const conditions = where([
    'g.suggestion_id > :after',
    `g.kind = 'purchase'`,
    `(g.status = 'open' OR g.status = 'snoozed' AND g.decided_by_allocation IS NOT NULL)`,
    supplierId !== undefined && 'g.supplier_id = :supplierId',
    currency !== undefined && 's.currency = :currency',
    locationId !== undefined && 'g.location_id = :locationId',
    category !== undefined && 'p.category = :category',
  ]);
  return readPages(
    db,
    `SELECT g.suggestion_id, g.product_id, g.location_id, g.supplier_id, s.currency, s.minimum_order AS supplier_minimum,
            ${WANTED} AS wanted,
            COALESCE(i.minimum_quantity, 0) AS minimum_quantity, COALESCE(i.order_multiple, 1) AS order_multiple,
            GREATEST(g.unit_cost, COALESCE(i.unit_cost, 0)) AS unit_cost,
            COALESCE(i.order_cost, 0) AS order_cost,
            CASE WHEN s.currency = ${CATALOGUE_CURRENCY} THEN p.unit_price END AS price, p.unit_volume, p.unit_weight,
            COALESCE(t.mean_days, i.lead_time_days, 0) AS lead_time_days,
            COALESCE(t.deviation_days, i.lead_time_deviation, 0) AS lead_time_deviation,
            JSON_VALUE(g.explanation, '$.as_of') AS protection_from,
            JSON_VALUE(g.explanation, '$.renewed_on') AS protection_to,
            ${storedNumber('position')} AS position, ${storedNumber('fromElsewhere')} AS from_elsewhere,
            r.rating, r.reviews
       FROM suggestion g
       JOIN products p ON p.product_id = g.product_id
       JOIN supplier s ON s.supplier_id = g.supplier_id
       LEFT JOIN supplier_item i ON i.supplier_id = g.supplier_id AND i.product_id = g.product_id
       LEFT JOIN learnt_lead_time t ON t.supplier_id = g.supplier_id AND t.product_id = g.product_id
       ${RATING}
      ${conditions}
      ORDER BY g.suggestion_id
      LIMIT ${PAGE}`,
    { supplierId, currency, locationId, category },
    (last) => last?.suggestionId ?? 0,
    most,
  );
}

/** Active goods at one location, whatever they need; each with the cheapest terms of its first supplier. Undefined as above. */
export function readProductCandidates(
  db: Statements,
  locationId: string,
  { supplierId, currency, category }: CandidateFilter,
  most: number,
): Promise<AllocationCandidate[] | undefined> {
  const offer = (column: string) =>
    `(SELECT ${column}
        FROM supplier_item i
        JOIN supplier s ON s.supplier_id = i.supplier_id AND s.is_active = 1
       WHERE i.product_id = p.product_id ${supplierId === undefined ? '' : 'AND i.supplier_id = :supplierId'}
             ${currency === undefined ? '' : 'AND s.currency = :currency'}
       ORDER BY i.priority, i.supplier_id
       LIMIT 1)`;
  const CURRENCY = `COALESCE(${offer('s.currency')}, ${CATALOGUE_CURRENCY})`;
  const conditions = where([
    'p.product_id > :after',
    'p.is_active = 1',
    'p.is_service = 0',
    category !== undefined && 'p.category = :category',
    supplierId !== undefined &&
      'EXISTS (SELECT 1 FROM supplier_item x WHERE x.product_id = p.product_id AND x.supplier_id = :supplierId)',
    currency !== undefined && `${CURRENCY} = :currency`,
  ]);
  return readPages(
    db,
    `SELECT NULL AS suggestion_id, p.product_id, :locationId AS location_id, ${offer('i.supplier_id')} AS supplier_id,
            ${CURRENCY} AS currency, NULL AS supplier_minimum, NULL AS wanted, 0 AS minimum_quantity,
            1 AS order_multiple, COALESCE(${offer('i.unit_cost')}, p.cost) AS unit_cost, '0' AS order_cost,
            p.unit_price AS price, p.unit_volume, p.unit_weight, 0 AS lead_time_days, 0 AS lead_time_deviation,
            NULL AS protection_from, NULL AS protection_to, NULL AS position, NULL AS from_elsewhere,
            r.rating, r.reviews
       FROM products p
       ${RATING}
      ${conditions}
      ORDER BY p.product_id
      LIMIT ${PAGE}`,
    { locationId, supplierId, currency, category },
    (last) => last?.productId ?? '',
    most,
  );
}

async function readPages(
  db: Statements,
  sql: string,
  filter: Readonly<Record<string, string | undefined>>,
  after: (last: AllocationCandidate | undefined) => string | number,
  most: number,
): Promise<AllocationCandidate[] | undefined> {
  const given = Object.fromEntries(
    Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const candidates: AllocationCandidate[] = [];
  while (candidates.length <= most) {
    const rows = await db.select(Candidate, sql, { ...given, after: after(candidates.at(-1)) });
    candidates.push(...rows);
    if (rows.length < PAGE) break;
  }
  return candidates.length > most ? undefined : candidates;
}

/** What counts as sold lately. */
export type Trend = { readonly rows: number } | { readonly days: number; readonly asOf: string };

const Sold = z.object({ product_id: z.string(), location_id: z.string(), sold: z.int() });
/** Series of one read. */
const SERIES = 2000;

/** Units that left by sale in the trend, by `seriesName`; series without any are left out. */
export async function readSold(
  db: Statements,
  keys: readonly SeriesKey[],
  trend: Trend,
): Promise<Map<string, number>> {
  const KEYS = `JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k`;
  const GROUP = 'GROUP BY k.product_id, k.location_id';
  const SOLD = 'CAST(-SUM(m.quantity_change) AS SIGNED) AS sold';
  const sold = new Map<string, number>();
  for (let at = 0; at < keys.length; at += SERIES) {
    const params = { keys: keysJson(keys.slice(at, at + SERIES)) };
    const rows =
      'rows' in trend
        ? await db.select(
            Sold,
            `SELECT k.product_id, k.location_id, ${SOLD}
               FROM (SELECT product_id, warehouse, change_type, quantity_change
                       FROM inventory_log
                      ORDER BY log_id DESC
                      LIMIT :rows) AS m
               JOIN ${KEYS} ON k.product_id = m.product_id AND k.location_id = m.warehouse
              WHERE m.change_type = 'sale' AND m.quantity_change < 0
              ${GROUP}`,
            { ...params, rows: trend.rows },
          )
        : await db.select(
            Sold,
            `SELECT STRAIGHT_JOIN k.product_id, k.location_id, ${SOLD}
               FROM ${KEYS}
               JOIN inventory_log m FORCE INDEX (inventory_log_position)
                 ON m.product_id = k.product_id AND m.warehouse = k.location_id AND m.date >= :from AND m.date < :to
              WHERE m.change_type = 'sale' AND m.quantity_change < 0
              ${GROUP}`,
            {
              ...params,
              from: date(addDays(trend.asOf, 1 - trend.days)),
              to: date(addDays(trend.asOf, 1)),
            },
          );
    for (const row of rows)
      sold.set(seriesName({ productId: row.product_id, locationId: row.location_id }), row.sold);
  }
  return sold;
}
