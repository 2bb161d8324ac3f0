import type { EventData } from '../contracts/events.ts';
import type { Statements } from './database.ts';

/** Keeps an alert, one for each cause: the same cause again brings level and words up to date. */
export async function saveAlert(db: Statements, alert: EventData<'alert.raised'>): Promise<void> {
  await db.write(
    `INSERT INTO alert (alert_key, alert_type, level, title, message)
     VALUES (:key, :type, :level, :title, :message)
         ON DUPLICATE KEY UPDATE alert_type = VALUES(alert_type), level = VALUES(level),
            title = VALUES(title), message = VALUES(message)`,
    alert,
  );
}
