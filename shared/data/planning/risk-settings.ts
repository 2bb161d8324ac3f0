import * as z from 'zod';
import { Fault } from '../../contracts/fault.ts';
import type { RiskLimits } from '../../core/inventory/stockout-risk.ts';
import { json, type Statements } from '../sql/database.ts';

const leadTimes = (usual: number) => z.coerce.number().positive().max(100).default(usual);

/** For how many lead times stock lasts at most in each risk of a stockout. Each is a row of `setting`; its default holds without one. */
const RiskSettings = z
  .object({
    risk_critical_lead_times: leadTimes(1),
    risk_high_lead_times: leadTimes(2),
    risk_medium_lead_times: leadTimes(4),
  })
  .superRefine((limits, context) => {
    if (limits.risk_high_lead_times < limits.risk_critical_lead_times)
      context.addIssue({
        code: 'custom',
        path: ['risk_high_lead_times'],
        message: 'is below risk_critical_lead_times',
      });
    if (limits.risk_medium_lead_times < limits.risk_high_lead_times)
      context.addIssue({
        code: 'custom',
        path: ['risk_medium_lead_times'],
        message: 'is below risk_high_lead_times',
      });
  });

const NAMES = ['risk_critical_lead_times', 'risk_high_lead_times', 'risk_medium_lead_times'];
const Row = z.object({ name: z.string(), value: z.string() });

/** The limits of each risk; a value that makes no sense is a Fault `invalid` that names it. */
export async function readRiskLimits(db: Statements): Promise<RiskLimits> {
  const rows = await db.select(
    Row,
    `SELECT s.name, s.value
       FROM setting s
       JOIN JSON_TABLE(:names, '$[*]' COLUMNS (name VARCHAR(64) PATH '$')) AS j ON j.name = s.name`,
    { names: json(NAMES) },
  );
  const result = RiskSettings.safeParse(Object.fromEntries(rows.map(({ name, value }) => [name, value])));
  if (!result.success)
    throw new Fault('invalid', 'A setting of the risk of stockouts makes no sense', {
      details: result.error.issues.map(({ path, message }) => ({ field: path.join('.'), reason: message })),
    });
  return {
    critical: result.data.risk_critical_lead_times,
    high: result.data.risk_high_lead_times,
    medium: result.data.risk_medium_lead_times,
  };
}
