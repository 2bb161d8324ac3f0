import { Fault } from '../../../shared/contracts/fault.ts';
import { momentOf, readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { toSqlTime } from '../../../shared/data/sql/sql-time.ts';

/** How far ahead of ours a client's clock may be. */
const TOLERANCE_MS = 5 * 60_000;

/** When something happened: as said, however long ago, or on the business day. Fault `invalid` for the future. */
export async function effectiveTime(tx: Statements, said: string | undefined, now: Date): Promise<string> {
  if (said === undefined) return toSqlTime(momentOf(await readBusinessDay(tx), now));
  if (Date.parse(said) > now.getTime() + TOLERANCE_MS) {
    const details = [{ field: 'effective_at', reason: 'is in the future' }];
    throw new Fault('invalid', 'What has not happened yet cannot be booked', { details });
  }
  return toSqlTime(said);
}
