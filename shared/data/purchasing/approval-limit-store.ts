import * as z from 'zod';
import { ApprovalLimit, type PurchasingSettings } from '../../contracts/api/purchasing.ts';
import type { ApprovalLimit as Limit } from '../../core/inventory/approval.ts';
import { moneyColumn } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';

const Row = ApprovalLimit.extend({ max_amount: moneyColumn.nullable() });
/** Limits that are read at once: there are not that many roles and currencies. */
const MOST_LIMITS = 2_000;

/** All limits of approval. */
export const listApprovalLimits = (db: Statements): Promise<ApprovalLimit[]> =>
  db.select(
    Row,
    `SELECT role, currency, max_amount FROM approval_limit ORDER BY role, currency LIMIT ${MOST_LIMITS}`,
  );

/** The limit of one role in one currency. */
export async function findApprovalLimit(
  db: Statements,
  role: string,
  currency: string,
): Promise<ApprovalLimit | undefined> {
  const [limit] = await db.select(
    Row,
    `SELECT role, currency, max_amount FROM approval_limit WHERE role = :role AND currency = :currency`,
    { role, currency },
  );
  return limit;
}

/** All limits as the rule of approval takes them. */
export const readLimits = async (db: Statements): Promise<Limit[]> =>
  (await listApprovalLimits(db)).map(({ role, currency, max_amount }) => ({
    role,
    currency,
    maxCents: max_amount === null ? null : Math.round(Number(max_amount) * 100),
  }));

const Setting = z.object({ name: z.string(), value: z.string() });

/** Rounding and a little more: what nobody would be asked about. */
const USUAL_APPROVAL_TOLERANCE = 2;

/** Settings of purchasing. A value that makes no sense counts as none. */
export async function readPurchasingSettings(db: Statements): Promise<PurchasingSettings> {
  const rows = await db.select(
    Setting,
    `SELECT name, value
       FROM setting
      WHERE name IN ('four_eyes', 'receipt_tolerance_percent', 'approval_tolerance_percent')`,
  );
  const values = new Map(rows.map((row) => [row.name, row.value]));
  const percent = (name: string, usual: number): number => {
    const value = Number(values.get(name) ?? usual);
    return value >= 0 && value <= 100 ? value : usual;
  };
  return {
    four_eyes: values.get('four_eyes') === 'on',
    receipt_tolerance_percent: percent('receipt_tolerance_percent', 0),
    approval_tolerance_percent: percent('approval_tolerance_percent', USUAL_APPROVAL_TOLERANCE),
  };
}
