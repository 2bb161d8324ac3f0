import { classifyAbc, classifyXyz } from '../../shared/core/inventory/policies/abc-xyz.ts';
import {
  type ClassOfSeries,
  forgetClasses,
  readSeriesWorth,
  saveSeriesClasses,
} from '../../shared/data/policies/series-class-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';

/**
 * Puts every series of a run into its class: A to C by the revenue of the year up to the plan's day, X to Z by the error
 * of its forecast as a share of the demand of the same weeks. A series without revenue in that year has none, and the settings are its policy.
 */
export async function classifyRun(tx: Statements, runId: string, asOf: string): Promise<void> {
  const all = await readSeriesWorth(tx, runId, asOf);
  const series = all.filter(({ yearlyValue }) => yearlyValue > 0);
  const ranks = classifyAbc(series.map(({ yearlyValue }) => yearlyValue));
  const classes = series.map(
    (one, i): ClassOfSeries => ({ ...one, className: `${ranks[i]!.abc}${classifyXyz(one.errorShare)}` }),
  );
  await saveSeriesClasses(tx, classes, asOf);
  await forgetClasses(
    tx,
    runId,
    all.filter(({ yearlyValue }) => !(yearlyValue > 0)),
  );
}
