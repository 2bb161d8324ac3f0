import * as z from 'zod';
import type { RiskLimits } from '../../core/inventory/stockout-risk.ts';
import type { Statements } from '../sql/database.ts';
import { readSettings } from './read-settings.ts';

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

/** The limits of each risk; a value that makes no sense is a Fault `invalid` that names it. */
export async function readRiskLimits(db: Statements): Promise<RiskLimits> {
  const limits = await readSettings(db, RiskSettings, 'the risk of stockouts');
  return {
    critical: limits.risk_critical_lead_times,
    high: limits.risk_high_lead_times,
    medium: limits.risk_medium_lead_times,
  };
}
