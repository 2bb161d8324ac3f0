import * as z from 'zod';
import type { SeriesKey } from '../forecasts/series-store.ts';
import { json, type Statements } from '../sql/database.ts';

/** One supplier's draft for one location. */
export interface DraftPlace {
  readonly supplierId: string;
  readonly locationId: string;
}

/** A draft that mirrors suggestions, of a supplier who wants more of an order, or lines that were raised for that. */
export interface DraftToRaise extends DraftPlace {
  /** Money that an order must come to, and what it comes to without raised lines, each rounded to the cent. */
  readonly minimum: number;
  readonly value: number;
}

const DraftRow = z
  .object({
    supplier_id: z.string(),
    location_id: z.string(),
    minimum: z.coerce.number(),
    value: z.coerce.number(),
  })
  .transform(
    (row): DraftToRaise => ({
      supplierId: row.supplier_id,
      locationId: row.location_id,
      minimum: row.minimum,
      value: row.value,
    }),
  );

/** Drafts below their supplier's minimum without what was added to reach it, and those to which something was added. */
const draftsToRaise = (which: string): string => `
     SELECT o.supplier_id, o.location_id, s.minimum_order AS minimum, o.value
       FROM (SELECT g.supplier_id, g.location_id, SUM(ROUND((g.quantity - g.top_up) * g.unit_cost, 2)) AS value,
                    SUM(g.top_up) AS added
               FROM suggestion g
              WHERE g.status = 'open' AND g.kind = 'purchase' AND ${which}
              GROUP BY g.supplier_id, g.location_id) AS o
       JOIN supplier s ON s.supplier_id = o.supplier_id
      WHERE o.added > 0 OR (s.minimum_order > 0 AND o.value < s.minimum_order)
      ORDER BY o.supplier_id, o.location_id`;

/** The places of drafts to be raised, those after a place, at most `limit`. */
export function readPlacesToRaise(
  db: Statements,
  after: DraftPlace | undefined,
  limit: number,
): Promise<DraftPlace[]> {
  return db.select(
    DraftRow,
    `${draftsToRaise('(g.supplier_id, g.location_id) > (:supplierId, :locationId)')} LIMIT :limit`,
    { supplierId: after?.supplierId ?? '', locationId: after?.locationId ?? '', limit },
  );
}

/** The draft at a place as it is now; undefined where it need not be raised any more. */
export async function readDraftToRaise(
  db: Statements,
  { supplierId, locationId }: DraftPlace,
): Promise<DraftToRaise | undefined> {
  const [draft] = await db.select(
    DraftRow,
    draftsToRaise('g.supplier_id = :supplierId AND g.location_id = :locationId'),
    { supplierId, locationId },
  );
  return draft;
}

const LineRow = z
  .object({
    suggestion_id: z.int(),
    product_id: z.string(),
    location_id: z.string(),
    quantity: z.int(),
    top_up: z.int(),
    unit_cost: z.coerce.number(),
    is_edited: z.int(),
  })
  .transform((row) => ({
    suggestionId: row.suggestion_id,
    productId: row.product_id,
    locationId: row.location_id,
    /** Without what was added. */
    quantity: row.quantity - row.top_up,
    topUp: row.top_up,
    /** As it is now, what was added included. */
    unitCost: row.unit_cost,
    isEdited: row.is_edited === 1,
  }));
/** A line of such a draft. */
export type LineToRaise = z.infer<typeof LineRow>;

/** The lines of a draft, those at the highest risk first. */
export function readLinesToRaise(
  db: Statements,
  { supplierId, locationId }: DraftPlace,
  limit: number,
): Promise<LineToRaise[]> {
  return db.select(
    LineRow,
    `SELECT suggestion_id, product_id, location_id, quantity, top_up, unit_cost, edited_need IS NOT NULL AS is_edited
       FROM suggestion FORCE INDEX (suggestion_supplier)
      WHERE status = 'open' AND supplier_id = :supplierId AND location_id = :locationId AND kind = 'purchase'
      ORDER BY money_at_risk DESC, suggestion_id
      LIMIT :limit`,
    { supplierId, locationId, limit },
  );
}

/** Writes how many units are added to suggestions, at the price of the whole. */
export async function saveTopUps(
  tx: Statements,
  lines: readonly (SeriesKey & {
    readonly suggestionId: number;
    readonly topUp: number;
    readonly unitCost: string;
  })[],
): Promise<void> {
  if (lines.length === 0) return;
  await tx.write(
    `UPDATE JSON_TABLE(:rows, '$[*]' COLUMNS (
              id BIGINT PATH '$[0]', top_up INT PATH '$[1]', unit_cost DECIMAL(12, 4) PATH '$[2]')) AS j
       STRAIGHT_JOIN suggestion g FORCE INDEX (PRIMARY) ON g.suggestion_id = j.id
        SET g.quantity = g.quantity - g.top_up + j.top_up, g.top_up = j.top_up, g.unit_cost = j.unit_cost
      WHERE g.status = 'open'`,
    { rows: json(lines.map(({ suggestionId, topUp, unitCost }) => [suggestionId, topUp, unitCost])) },
  );
}
