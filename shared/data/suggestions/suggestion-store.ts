import * as z from 'zod';
import type { Explanation } from '../../contracts/explanation.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { IS_OPEN_SUPPLY } from '../ledger/position-store.ts';
import { contentHashOf } from '../sql/content-hash.ts';
import { json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';
import { storedExplanation } from './stored-explanation.ts';

/** How a need is met. */
export type NeedKind = 'purchase' | 'transfer';

/** What to order of one product for one location, or to bring there from another one, and why. */
export interface Need extends SeriesKey {
  readonly kind: NeedKind;
  /** Of a purchase. */
  readonly supplierId: string | null;
  /** Of a transfer. */
  readonly fromLocation: string | null;
  readonly quantity: number;
  readonly unitCost: string;
  /** The price of a unit when a person makes another quantity of it. */
  readonly unitCostOf: (quantity: number) => string;
  /** The first day on which people can act on it. */
  readonly actionDay: string;
  readonly orderBy: string;
  readonly className: string | null;
  /** Money, as a decimal string. */
  readonly moneyAtRisk: string;
  readonly stockoutProbability: number | null;
  readonly stockoutDate: string | null;
  /** Units that are there or come without it, and mean demand a day. */
  readonly coverFrom: number;
  readonly dailyDemand: number;
  readonly explanation: Explanation;
}

/** One name for each way of meeting a need, as the database's `open_key` writes it. */
export const needName = (need: SeriesKey & Pick<Need, 'kind' | 'fromLocation'>): string =>
  need.kind === 'transfer' ? `${seriesName(need)}<${need.fromLocation}` : seriesName(need);

/** Stands for everything that the planner says of a need, and the form in which that is stored. */
export const needHash = (need: Need): string =>
  contentHashOf([{ ...need, explanation: storedExplanation(need.explanation) }]);

/** What standing suggestions are, besides open: they answer a need until something changes. */
const STANDING = `'open', 'dismissed', 'snoozed'`;

/** Units that what was ordered of a suggestion `s` brings, or has brought: fewer once somebody gives it up. */
const BRINGS = `
  CASE WHEN s.kind = 'transfer'
       THEN (SELECT l.quantity - l.quantity_returned - l.quantity_lost
               FROM transfer_line l
              WHERE l.transfer_id = CONCAT('suggestion-', s.suggestion_id) AND l.product_id = s.product_id)
       ELSE (SELECT CASE WHEN l.line_status = 'open' AND ${IS_OPEN_SUPPLY} THEN l.quantity ELSE l.quantity_received END
               FROM purchase_order_line l
               JOIN purchase_order p ON p.purchase_order_id = l.purchase_order_id
              WHERE l.purchase_order_id = s.purchase_order_id AND l.product_id = s.product_id)
  END`;

const Row = z
  .object({
    suggestion_id: z.int(),
    product_id: z.string(),
    location_id: z.string(),
    kind: z.enum(['purchase', 'transfer']),
    from_location: z.string().nullable(),
    supplier_id: z.string().nullable(),
    status: z.enum(['open', 'dismissed', 'snoozed', 'ordered']),
    quantity: z.int(),
    need_quantity: z.int(),
    top_up: z.int(),
    edited_need: z.int().nullable(),
    edited_until: z.iso.date().nullable(),
    snoozed_until: z.iso.date().nullable(),
    renewed_on: z.iso.date(),
    need_hash: z.string().nullable(),
  })
  .transform((row) => ({
    suggestionId: row.suggestion_id,
    productId: row.product_id,
    locationId: row.location_id,
    kind: row.kind,
    fromLocation: row.from_location,
    supplierId: row.supplier_id,
    status: row.status,
    /** What counts: the planner's quantity, or what a person made of it. */
    quantity: row.quantity,
    needQuantity: row.need_quantity,
    /** Units that lift the order to its supplier's minimum, part of the quantity. */
    topUp: row.top_up,
    /** The need that a person's quantity answers, and the day from which on it does not bind; null without one. */
    editedNeed: row.edited_need,
    editedUntil: row.edited_until,
    snoozedUntil: row.snoozed_until,
    /** First day on which a dismissal does not bind any more. */
    renewedOn: row.renewed_on,
    needHash: row.need_hash,
  }));

/** A suggestion that still speaks: open, or with nothing suggested since dismissed, snoozed, or made less of and ordered. */
export type StandingSuggestion = z.infer<typeof Row>;

/** The standing suggestions of the series, by `needName`. */
export async function readStandingSuggestions(
  db: Statements,
  keys: readonly SeriesKey[],
): Promise<Map<string, StandingSuggestion>> {
  const rows = await db.select(
    Row,
    `SELECT s.suggestion_id, s.product_id, s.location_id, s.kind, s.from_location, s.supplier_id, s.status, s.quantity,
            COALESCE(s.need_quantity, s.quantity) AS need_quantity, s.top_up, s.edited_need,
            CAST(s.edited_until AS CHAR) AS edited_until, CAST(s.snoozed_until AS CHAR) AS snoozed_until,
            JSON_VALUE(s.explanation, '$.renewed_on') AS renewed_on, s.need_hash
       FROM (SELECT STRAIGHT_JOIN MAX(x.suggestion_id) AS suggestion_id
               FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
               JOIN suggestion x FORCE INDEX (suggestion_series) ON x.product_id = k.product_id
                                                                AND x.location_id = k.location_id
              GROUP BY x.product_id, x.location_id, x.kind, x.from_location) AS newest
       JOIN suggestion s ON s.suggestion_id = newest.suggestion_id
      WHERE s.status IN (${STANDING})
         OR (s.status = 'ordered' AND s.quantity < s.edited_need AND ${BRINGS} >= s.quantity)`,
    { keys: keysJson(keys) },
  );
  return new Map(rows.map((row) => [needName(row), row]));
}

/** A need to be written, with what a person has said to it. */
export interface NeedToSave {
  readonly need: Need;
  /** Its `needHash`. */
  readonly hash: string;
  /** The suggestion that it wakes, or brings up to date; undefined for a new one. */
  readonly suggestionId?: number;
  /** A person's quantity that still binds. */
  readonly edited?: number;
}

/** Opens a suggestion for each need, or brings that one up to date; what a person made of the quantity stays if it binds. */
export async function saveSuggestions(
  tx: Statements,
  runId: string,
  needs: readonly NeedToSave[],
): Promise<void> {
  const woken = needs.flatMap(({ suggestionId }) => (suggestionId === undefined ? [] : [suggestionId]));
  if (woken.length > 0)
    await tx.write(
      `UPDATE JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS k
         STRAIGHT_JOIN suggestion s FORCE INDEX (PRIMARY) ON s.suggestion_id = k.id
          SET s.status = 'open', s.snoozed_until = NULL
        WHERE s.status = 'snoozed'`,
      { ids: json(woken) },
    );
  const rows = needs.map(({ need, hash, edited }) => [
    need.productId,
    need.locationId,
    need.kind,
    need.supplierId,
    need.fromLocation,
    edited ?? need.quantity,
    edited === undefined ? need.unitCost : need.unitCostOf(edited),
    need.orderBy,
    need.quantity,
    need.className,
    need.moneyAtRisk,
    need.stockoutProbability,
    need.stockoutDate,
    hash,
    storedExplanation(need.explanation),
    edited === undefined ? 0 : 1,
    need.coverFrom,
    need.dailyDemand,
  ]);
  for (const text of jsonChunks(rows)) {
    await tx.write(
      `INSERT INTO suggestion (run_id, product_id, location_id, kind, supplier_id, from_location, status, quantity,
                               unit_cost, order_by, need_quantity, class, money_at_risk, stockout_probability,
                               stockout_date, need_hash, explanation, cover_from, daily_demand)
       SELECT :runId, j.product_id, j.location_id, j.kind, j.supplier_id, j.from_location, 'open', j.quantity,
              j.unit_cost, j.order_by, j.need_quantity, j.class, j.money_at_risk, j.stockout_probability,
              j.stockout_date, j.need_hash, j.explanation, j.cover_from, j.daily_demand
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                ${KEY_COLUMNS},
                kind VARCHAR(10) PATH '$[2]',
                supplier_id VARCHAR(64) PATH '$[3]',
                from_location VARCHAR(50) PATH '$[4]',
                quantity INT PATH '$[5]',
                unit_cost DECIMAL(12, 4) PATH '$[6]',
                order_by DATE PATH '$[7]',
                need_quantity INT PATH '$[8]',
                class VARCHAR(2) PATH '$[9]',
                money_at_risk DECIMAL(20, 4) PATH '$[10]',
                stockout_probability DOUBLE PATH '$[11]',
                stockout_date DATE PATH '$[12]',
                need_hash VARCHAR(12) PATH '$[13]',
                explanation LONGTEXT PATH '$[14]',
                is_edited INT PATH '$[15]',
                cover_from DOUBLE PATH '$[16]',
                daily_demand DOUBLE PATH '$[17]')) AS j
           ON DUPLICATE KEY UPDATE run_id = :runId, supplier_id = j.supplier_id, quantity = j.quantity, top_up = 0,
              unit_cost = j.unit_cost, order_by = j.order_by, need_quantity = j.need_quantity, class = j.class,
              money_at_risk = j.money_at_risk, stockout_probability = j.stockout_probability,
              stockout_date = j.stockout_date, need_hash = j.need_hash, explanation = j.explanation,
              cover_from = j.cover_from, daily_demand = j.daily_demand,
              edited_by = CASE WHEN j.is_edited = 1 THEN suggestion.edited_by END,
              edited_why = CASE WHEN j.is_edited = 1 THEN suggestion.edited_why END,
              edited_need = CASE WHEN j.is_edited = 1 THEN suggestion.edited_need END,
              edited_until = CASE WHEN j.is_edited = 1 THEN suggestion.edited_until END`,
      { runId, rows: text },
    );
  }
}

/** Takes suggestions back whose need went away; a dismissal ends with its need. */
export async function withdrawSuggestions(tx: Statements, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.write(
    `UPDATE JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS k
       STRAIGHT_JOIN suggestion s FORCE INDEX (PRIMARY) ON s.suggestion_id = k.id
        SET s.status = 'withdrawn', s.purchase_order_id = NULL
      WHERE s.status IN (${STANDING})`,
    { ids: json(ids) },
  );
}

const Stray = z.object({ suggestion_id: z.int(), product_id: z.string(), location_id: z.string() });

/** Open suggestions for series that the run does not cover any more, at most `limit`. */
export async function readStraySuggestions(
  db: Statements,
  runId: string,
  limit: number,
): Promise<(SeriesKey & { readonly suggestionId: number })[]> {
  const rows = await db.select(
    Stray,
    `SELECT s.suggestion_id, s.product_id, s.location_id
       FROM suggestion s
       LEFT JOIN forecast f ON f.run_id = :runId AND f.product_id = s.product_id AND f.location_id = s.location_id
      WHERE s.status IN ('open', 'snoozed') AND f.forecast_id IS NULL
      ORDER BY s.suggestion_id
      LIMIT :limit`,
    { runId, limit },
  );
  return rows.map((row) => ({
    suggestionId: row.suggestion_id,
    productId: row.product_id,
    locationId: row.location_id,
  }));
}

const Counts = z.object({ suggestions: z.int(), drafts: z.int(), without_supplier: z.int() });

/** What stands after a restock: open suggestions, drafts, and series of the run that nobody supplies. */
export async function countOutcome(
  db: Statements,
  runId: string,
): Promise<{ suggestions: number; drafts: number; withoutSupplier: number }> {
  const [row] = await db.select(
    Counts,
    `SELECT (SELECT COUNT(*) FROM suggestion WHERE status = 'open') AS suggestions,
            (SELECT COUNT(*) FROM purchase_order WHERE status = 'draft') AS drafts,
            (SELECT COUNT(*)
               FROM forecast f
              WHERE f.run_id = :runId
                AND NOT EXISTS (SELECT 1
                                  FROM supplier_item i
                                  JOIN supplier s ON s.supplier_id = i.supplier_id AND s.is_active = 1
                                 WHERE i.product_id = f.product_id)) AS without_supplier`,
    { runId },
  );
  return {
    suggestions: row!.suggestions,
    drafts: row!.drafts,
    withoutSupplier: row!.without_supplier,
  };
}
