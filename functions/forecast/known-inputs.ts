import { HOLIDAY_COLUMNS } from '../../shared/core/forecast/calendar/holiday-regressors.ts';
import { readSignalNames, type SignalName, sourceOf } from '../../shared/data/demand/signal-inputs-store.ts';
import type { PlanSettings } from '../../shared/data/planning/setting-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';

/** What the model of many series may know beside the quantities. */
export interface KnownInputs {
  /** A line for each source, sorted: the same lines, the same columns. Empty without any. */
  readonly sources: readonly string[];
  /** Names of the columns. */
  readonly columns: readonly string[];
  readonly signals: readonly SignalName[];
  /** Country whose holidays are among them. */
  readonly holidays: string | undefined;
}

/** Name of a signal's column, apart from those of holidays. */
export const columnOf = (name: string): string => `signal ${name}`;

/** What plans with these settings may know now. */
export async function readKnownInputs(
  db: Statements,
  { holidays }: Pick<PlanSettings, 'holidays'>,
): Promise<KnownInputs> {
  const signals = await readSignalNames(db);
  return {
    sources: [...(holidays === undefined ? [] : [`holidays ${holidays}`]), ...signals.map(sourceOf)].sort(),
    columns: [
      ...(holidays === undefined ? [] : HOLIDAY_COLUMNS),
      ...signals.map(({ name }) => columnOf(name)),
    ],
    signals,
    holidays,
  };
}
