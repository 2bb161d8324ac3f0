import * as z from 'zod';
import type { LotShown } from '../../contracts/api/waste.ts';
import { type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { moneyColumn, type Page, type PageAsked, Total, where } from '../sql/columns.ts';
import { date, type Param, type Statements } from '../sql/database.ts';
import { readSeriesLots } from './series-lots-store.ts';

export interface LotFilter {
  readonly lotId?: number | undefined;
  readonly productId?: string | undefined;
  readonly locationId?: string | undefined;
  readonly lotCode?: string | undefined;
  /** Inclusive. */
  readonly expiresUntil?: string | undefined;
}

const Row = z.object({
  lot_id: z.int(),
  lot_code: z.string(),
  product_id: z.string(),
  product_name: z.string(),
  location_id: z.string(),
  expiry_date: z.iso.date().nullable(),
  received_date: z.iso.date(),
  quantity_received: z.coerce.number(),
  unit_cost: moneyColumn.nullable(),
});

/** Lots, the first to expire first, with what came of each and what is left of it by first expired, first out. */
export async function listLots(
  db: Statements,
  filter: LotFilter,
  asOf: string,
  { skip, limit }: PageAsked,
): Promise<Page<LotShown>> {
  const { sql, params } = conditionsOf(filter);
  const [total] = await db.select(Total, `SELECT COUNT(*) AS total FROM stock_lot s ${where(sql)}`, params);
  const rows = await db.select(
    Row,
    `SELECT s.lot_id, s.lot_code, s.product_id, p.product_name, s.location_id, s.expiry_date, s.received_date,
            CAST(s.unit_cost AS CHAR) AS unit_cost,
            COALESCE((SELECT SUM(l.quantity_change)
                        FROM lot_movement m
                        JOIN inventory_log l ON l.log_id = m.log_id AND l.quantity_change > 0
                        LEFT JOIN inventory_log r ON r.reverses_log_id = l.log_id
                       WHERE m.lot_id = s.lot_id AND r.log_id IS NULL), 0) AS quantity_received
       FROM stock_lot s
       JOIN products p ON p.product_id = s.product_id
       ${where(sql)}
      ORDER BY s.expiry_date IS NULL, s.expiry_date, s.lot_id
      LIMIT :limit OFFSET :skip`,
    { ...params, skip, limit },
  );
  const keys = new Map<string, SeriesKey>();
  for (const row of rows) {
    const key = { productId: row.product_id, locationId: row.location_id };
    keys.set(seriesName(key), key);
  }
  const series = await readSeriesLots(db, [...keys.values()]);
  const data = rows.map((row): LotShown => {
    const own = series.get(seriesName({ productId: row.product_id, locationId: row.location_id }));
    const left = own?.lots.find(({ lotId }) => lotId === row.lot_id)?.left ?? 0;
    const isPast = row.expiry_date !== null && row.expiry_date < asOf;
    return { ...row, quantity_left: left, status: left === 0 ? 'gone' : isPast ? 'expired' : 'good' };
  });
  return { data, pagination: { skip, limit, total: total!.total } };
}

function conditionsOf(filter: LotFilter): { sql: string[]; params: Record<string, Param> } {
  const sql: string[] = [];
  const params: Record<string, Param> = {};
  const ask = (condition: string, name: string, value: Param | undefined) => {
    if (value === undefined) return;
    sql.push(condition);
    params[name] = value;
  };
  ask('s.lot_id = :lotId', 'lotId', filter.lotId);
  ask('s.product_id = :productId', 'productId', filter.productId);
  ask('s.location_id = :locationId', 'locationId', filter.locationId);
  ask('s.lot_code = :lotCode', 'lotCode', filter.lotCode);
  ask('s.expiry_date <= :until', 'until', filter.expiresUntil && date(filter.expiresUntil));
  return { sql, params };
}
