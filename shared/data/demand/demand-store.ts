import { toDecimal } from '../../contracts/csv/cells.ts';
import type { SaleRow } from '../orders/order-store.ts';
import type { Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** A change of one product's demand on one day. Money in ten-thousandths; negative where demand is taken back. */
export interface DemandChange {
  readonly productId: string;
  readonly locationId: string;
  /** YYYY-MM-DD */
  readonly date: string;
  readonly quantity: number;
  readonly saleLines: number;
  readonly revenue: number;
}

/** What a sale line is as demand. Its revenue is what the goods brought: without tax and shipping. */
export const demandOf = (sale: SaleRow): DemandChange => ({
  productId: sale.productId,
  locationId: sale.locationId,
  date: sale.date.slice(0, 10),
  quantity: sale.quantity,
  saleLines: 1,
  revenue: sale.quantity * sale.price - sale.discount,
});

/**
 * Adds the changes to the daily demand. Changes of the same day are summed first, so each row is touched once; a day of
 * which nothing is left goes, as if it had not been: a row, even of zeros, says that demand was looked at since then.
 */
export async function addDemand(tx: Statements, changes: readonly DemandChange[]): Promise<void> {
  const days = new Map<string, { quantity: number; saleLines: number; revenue: number } & DemandChange>();
  for (const change of changes) {
    const key = JSON.stringify([change.productId, change.locationId, change.date]);
    const day = days.get(key);
    if (day === undefined) {
      days.set(key, { ...change });
      continue;
    }
    days.set(key, {
      ...day,
      quantity: day.quantity + change.quantity,
      saleLines: day.saleLines + change.saleLines,
      revenue: day.revenue + change.revenue,
    });
  }
  // One order of locking for everyone: two imports at once wait for each other instead of deadlocking.
  const sorted = [...days.keys()]
    .sort()
    .map((key) => days.get(key)!)
    .filter((day) => day.quantity !== 0 || day.saleLines !== 0 || day.revenue !== 0);
  const rows = sorted.map((day) => [
    day.productId,
    day.locationId,
    day.date,
    day.quantity,
    day.saleLines,
    toDecimal(day.revenue),
  ]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT INTO demand (product_id, location_id, date, quantity, sale_lines, revenue)
       SELECT j.product_id, j.location_id, j.date, j.quantity, j.sale_lines, j.revenue
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                product_id  VARCHAR(64)    PATH '$[0]',
                location_id VARCHAR(50)    PATH '$[1]',
                date        DATE           PATH '$[2]',
                quantity    BIGINT         PATH '$[3]',
                sale_lines  INT            PATH '$[4]',
                revenue     DECIMAL(20, 4) PATH '$[5]')) AS j
           ON DUPLICATE KEY UPDATE
              quantity   = demand.quantity + j.quantity,
              sale_lines = demand.sale_lines + j.sale_lines,
              revenue    = demand.revenue + j.revenue`,
      { rows: chunk },
    );
  }
  const lessened = sorted.filter((day) => day.saleLines < 0);
  const keys = lessened.map((day) => [day.productId, day.locationId, day.date]);
  for (const chunk of jsonChunks(keys)) {
    await tx.write(
      `DELETE d
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                product_id  VARCHAR(64) PATH '$[0]',
                location_id VARCHAR(50) PATH '$[1]',
                date        DATE        PATH '$[2]')) AS j
              STRAIGHT_JOIN demand d FORCE INDEX (PRIMARY)
           ON d.product_id = j.product_id AND d.location_id = j.location_id AND d.date = j.date
        WHERE d.sale_lines = 0 AND d.quantity = 0 AND d.revenue = 0`,
      { rows: chunk },
    );
  }
}
