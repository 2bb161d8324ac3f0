import * as z from 'zod';
import type { ReceivingCalendar, SupplierCalendar } from '../../contracts/api/replenishment.ts';
import { DayRange } from '../../contracts/policy.ts';
import { jsonColumn } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';

const days = jsonColumn(z.array(z.int()));
const ranges = jsonColumn(z.array(DayRange));

/** When a supplier takes orders; empty lists, which are every day, for one that nobody has said anything of. */
export async function readSupplierCalendar(db: Statements, supplierId: string): Promise<SupplierCalendar> {
  const [row] = await db.select(
    z.object({ order_weekdays: days, shutdowns: ranges }),
    `SELECT order_weekdays, shutdowns FROM supplier_calendar WHERE supplier_id = :supplierId`,
    { supplierId },
  );
  return row ?? { order_weekdays: [], shutdowns: [] };
}

/** Says when a supplier takes orders. */
export async function saveSupplierCalendar(
  tx: Statements,
  supplierId: string,
  { order_weekdays, shutdowns }: SupplierCalendar,
): Promise<void> {
  await tx.write(
    `INSERT INTO supplier_calendar (supplier_id, order_weekdays, shutdowns)
     VALUES (:supplierId, :weekdays, :shutdowns)
         ON DUPLICATE KEY UPDATE order_weekdays = VALUES(order_weekdays), shutdowns = VALUES(shutdowns)`,
    { supplierId, weekdays: JSON.stringify(order_weekdays), shutdowns: JSON.stringify(shutdowns) },
  );
}

/** When a location takes goods in; empty lists, which are every day, for one that nobody has said anything of. */
export async function readReceivingCalendar(db: Statements, locationId: string): Promise<ReceivingCalendar> {
  const [row] = await db.select(
    z.object({ weekdays: days, closed: ranges }),
    `SELECT weekdays, closed FROM receiving_calendar WHERE location_id = :locationId`,
    { locationId },
  );
  return row ?? { weekdays: [], closed: [] };
}

/** Says when a location takes goods in. */
export async function saveReceivingCalendar(
  tx: Statements,
  locationId: string,
  { weekdays, closed }: ReceivingCalendar,
): Promise<void> {
  await tx.write(
    `INSERT INTO receiving_calendar (location_id, weekdays, closed)
     VALUES (:locationId, :weekdays, :closed)
         ON DUPLICATE KEY UPDATE weekdays = VALUES(weekdays), closed = VALUES(closed)`,
    { locationId, weekdays: JSON.stringify(weekdays), closed: JSON.stringify(closed) },
  );
}
