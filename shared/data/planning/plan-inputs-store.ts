import * as z from 'zod';
import { digestSignals } from '../demand/signal-inputs-store.ts';
import { IS_OPEN_SUPPLY } from '../ledger/position-store.ts';
import { date, type Statements } from '../sql/database.ts';

const Digest = z.object({ digest: z.string() });

/** One digest a table: a sum of row checksums, so that it needs no order and one pass. */
const DIGESTS: Readonly<Record<string, string>> = {
  demand: `SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(CONCAT_WS('|', product_id, location_id, date, quantity,
                  revenue)))) AS digest
             FROM demand WHERE date <= :asOf`,
  ledger: `SELECT CONCAT_WS(' ', COALESCE(MAX(log_id), 0)) AS digest FROM inventory_log`,
  stock: `SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(CONCAT_WS('|', product_id, location_id, stock_level, committed)))) AS digest
            FROM stock`,
  products: `SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(CONCAT_WS('|', product_id, is_active, is_service, backorders_allowed, category,
                  unit_price)))) AS digest
               FROM products`,
  suppliers: `SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(CONCAT_WS('|', supplier_id, is_active, minimum_order, currency)))) AS digest FROM supplier`,
  items: `SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(CONCAT_WS('|', supplier_id, product_id, unit_cost, lead_time_days,
                 lead_time_deviation, minimum_quantity, order_multiple, priority, maximum_quantity, price_breaks, order_cost)))) AS digest
            FROM supplier_item`,
  onOrder: `SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(CONCAT_WS('|', l.purchase_order_id, l.product_id, p.location_id,
                   l.quantity, l.quantity_received, COALESCE(l.revised_date, l.expected_date, p.expected_date))))) AS digest
              FROM purchase_order p
              JOIN purchase_order_line l ON l.purchase_order_id = p.purchase_order_id
             WHERE ${IS_OPEN_SUPPLY} AND l.line_status = 'open'`,
  inTransit: `SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(CONCAT_WS('|', l.transfer_id, l.product_id, t.to_location,
                     l.quantity - l.quantity_received - l.quantity_returned - l.quantity_lost)))) AS digest
                FROM transfer t
                JOIN transfer_line l ON l.transfer_id = t.transfer_id
               WHERE t.status = 'in_transit'`,
  locations: `SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(CONCAT_WS('|', location_id, parent_id, is_active)))) AS digest
                FROM location`,
  policies: `SELECT CONCAT_WS(' ',
                    (SELECT SUM(CRC32(CONCAT_WS('|', class, kind, target_kind, target_value, review_days)))
                       FROM class_policy),
                    'items', COUNT(*), SUM(CRC32(CONCAT_WS('|', product_id, location_id, starts_on,
                      COALESCE(ends_on, ''), COALESCE(kind, ''), COALESCE(target_kind, ''), COALESCE(target_value, ''),
                      COALESCE(review_days, ''), COALESCE(minimum, ''), COALESCE(maximum, ''),
                      COALESCE(safety_lead_days, ''))))) AS digest
               FROM item_policy`,
  calendars: `SELECT CONCAT_WS(' ',
                     (SELECT SUM(CRC32(CONCAT_WS('|', supplier_id, order_weekdays, shutdowns))) FROM supplier_calendar),
                     'receiving',
                     (SELECT SUM(CRC32(CONCAT_WS('|', location_id, weekdays, closed))) FROM receiving_calendar)) AS digest`,
  leadTimes: `SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(CONCAT_WS('|', supplier_id, product_id, mean_days,
                     deviation_days)))) AS digest
                FROM learnt_lead_time`,
  lots: `SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(CONCAT_WS('|', product_id, location_id, lot_code,
                COALESCE(expiry_date, ''))))) AS digest
           FROM stock_lot`,
};

/** Everything in the database that a plan as of that day depends on, besides the settings, in short. */
export async function digestPlanInputs(
  db: Statements,
  asOf: string,
  horizonDays: number,
): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const [name, sql] of Object.entries(DIGESTS)) {
    const [row] = await db.select(Digest, sql, sql.includes(':asOf') ? { asOf: date(asOf) } : {});
    digests[name] = row?.digest ?? '';
  }
  const signals = await digestSignals(db, asOf, horizonDays);
  // Without signals a plan is what it was before there were any.
  if (signals !== undefined) digests.signals = signals;
  return digests;
}
