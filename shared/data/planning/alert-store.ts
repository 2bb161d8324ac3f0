import * as z from 'zod';
import type { EventData } from '../../contracts/events.ts';
import { Fault } from '../../contracts/fault.ts';
import { type AnnounceOptions, announce } from '../messages/outbox-store.ts';
import type { Statements } from '../sql/database.ts';

/**
 * Keeps an alert and announces it, in the transaction of its reason. There is one for each key: the same reason again
 * brings level and words up to date, and opens it again when it was closed.
 */
export async function raiseAlert(
  tx: Statements,
  alert: EventData<'alert.raised'>,
  about: AnnounceOptions = {},
): Promise<void> {
  // created_at comes before closed_at: the assignments take effect from left to right
  await tx.write(
    `INSERT INTO alert (alert_key, alert_type, level, title, message)
     VALUES (:key, :type, :level, :title, :message)
         ON DUPLICATE KEY UPDATE alert_type = VALUES(alert_type), level = VALUES(level),
            title = VALUES(title), message = VALUES(message),
            created_at = CASE WHEN closed_at IS NULL THEN created_at ELSE UTC_TIMESTAMP(3) END,
            closed_at = NULL, closed_by = NULL`,
    alert,
  );
  await announce(tx, 'alert.raised', alert, about);
}

/**
 * As `raiseAlert`, but announced only where this has opened it, whoever does the same at the same time: one that is open
 * takes the new words in silence. `reason` is kept for `listAlertsOfType`.
 */
export async function openAlert(
  tx: Statements,
  alert: EventData<'alert.raised'>,
  reason: string | null = null,
): Promise<void> {
  const { updated: made } = await tx.write(
    `INSERT IGNORE INTO alert (alert_key, alert_type, level, title, message, reason)
     VALUES (:key, :type, :level, :title, :message, :reason)`,
    { ...alert, reason },
  );
  if (made === 0) {
    const { updated: opened } = await tx.write(
      `UPDATE alert
          SET created_at = UTC_TIMESTAMP(3), closed_at = NULL, closed_by = NULL
        WHERE alert_key = :key AND closed_at IS NOT NULL`,
      { key: alert.key },
    );
    await tx.write(
      `UPDATE alert
          SET alert_type = :type, level = :level, title = :title, message = :message, reason = :reason
        WHERE alert_key = :key`,
      { ...alert, reason },
    );
    if (opened === 0) return;
  }
  await announce(tx, 'alert.raised', alert);
}

/** Closes the alert of a reason that has gone away; without one that is open nothing happens. */
export async function settleAlert(tx: Statements, key: string): Promise<void> {
  await tx.write(
    `UPDATE alert SET closed_at = UTC_TIMESTAMP(3) WHERE alert_key = :key AND closed_at IS NULL`,
    { key },
  );
}

/** Closes an alert that a person has dealt with. Closing twice changes nothing. Fault `missing` without it. */
export async function closeAlert(tx: Statements, alertId: number, user: string): Promise<void> {
  const { updated } = await tx.write(
    `UPDATE alert
        SET closed_by = CASE WHEN closed_at IS NULL THEN :user ELSE closed_by END,
            closed_at = COALESCE(closed_at, UTC_TIMESTAMP(3))
      WHERE alert_id = :alertId`,
    { alertId, user },
  );
  if (updated === 0) throw new Fault('missing', `There is no alert ${alertId}`);
}

/** Most alerts of one type that are looked at. */
const MOST_OF_A_TYPE = 1000;

const Standing = z
  .object({
    alert_key: z.string(),
    reason: z.string().nullable(),
    is_open: z.int(),
    closed_by: z.string().nullable(),
  })
  .transform((row) => ({
    key: row.alert_key,
    reason: row.reason,
    isOpen: row.is_open === 1,
    /** The person who closed it; null while it is open, and when its reason went away. */
    closedBy: row.closed_by,
  }));
export type StandingAlert = z.infer<typeof Standing>;

/** The newest alerts of a type, open and closed. */
export function listAlertsOfType(db: Statements, type: string): Promise<StandingAlert[]> {
  return db.select(
    Standing,
    `SELECT alert_key, reason, closed_at IS NULL AS is_open, closed_by
       FROM alert
      WHERE alert_type = :type
      ORDER BY alert_id DESC
      LIMIT ${MOST_OF_A_TYPE}`,
    { type },
  );
}

/** Type, and beginning of the key, of alerts that stock is low between two plans. */
export const LOW_STOCK = 'low_stock';

const Found = z.object({ found: z.int() });

/** Whether an alert of low stock is open, or a person has closed it since the run was made. */
export async function isLowStockSilenced(tx: Statements, key: string, runId: string): Promise<boolean> {
  const rows = await tx.select(
    Found,
    `SELECT 1 AS found
       FROM alert a
       JOIN forecast_run r ON r.run_id = :runId
      WHERE a.alert_key = :key
        AND (a.closed_at IS NULL OR a.closed_by IS NOT NULL AND a.closed_at >= r.created_at)`,
    { key, runId },
  );
  return rows.length > 0;
}

/** Settles what was raised between two plans: the plan that is complete now has said what to order. */
export async function settleLowStock(tx: Statements): Promise<void> {
  await tx.write(
    `UPDATE alert SET closed_at = UTC_TIMESTAMP(3) WHERE alert_type = :type AND closed_at IS NULL`,
    { type: LOW_STOCK },
  );
}
