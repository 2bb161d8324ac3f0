import * as z from 'zod';
import { date, type Statements } from '../sql/database.ts';
import { actionDay } from './business-day.ts';

/** From when people can act on a plan, and what they have acted on before. */
export interface PlanTiming {
  /** The first day on which people can act on the plan. */
  readonly actionDay: string;
  /** The `asOf` of the last plan of an earlier day that was done. */
  readonly reviewedTo: string | undefined;
}

const Row = z.object({ created: z.string(), reviewed_to: z.string().nullable() });

/** The timing of a run, or of looking at its forecasts as of a later day; the same whenever it is asked. */
export async function readPlanTiming(
  db: Statements,
  { runId, asOf }: { readonly runId: string; readonly asOf: string },
): Promise<PlanTiming> {
  const [row] = await db.select(
    Row,
    `SELECT CAST(r.created_at AS CHAR) AS created,
            (SELECT CAST(MAX(d.as_of) AS CHAR)
               FROM forecast_run d
              WHERE d.status = 'done' AND d.as_of < :asOf) AS reviewed_to
       FROM forecast_run r
      WHERE r.run_id = :runId`,
    { runId, asOf: date(asOf) },
  );
  if (!row) throw new Error(`there is no run ${runId}`);
  return {
    actionDay: actionDay(asOf, new Date(`${row.created.replace(' ', 'T')}Z`)),
    reviewedTo: row.reviewed_to ?? undefined,
  };
}
