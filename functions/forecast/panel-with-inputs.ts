import { Fault, type FaultKind } from '../../shared/contracts/fault.ts';
import { signalRegressor } from '../../shared/core/forecast/calendar/signal-regressor.ts';
import type { PanelModel } from '../../shared/core/forecast/combine/panel-model.ts';
import type { PanelSeries, Regressor } from '../../shared/core/forecast/panel.ts';
import type { History } from '../../shared/data/demand/history-store.ts';
import { readSignals, type SignalName } from '../../shared/data/demand/signal-inputs-store.ts';
import type { ForecastRun } from '../../shared/data/forecasts/forecast-run-store.ts';
import { PERIOD_DAYS, seriesName } from '../../shared/data/forecasts/series-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';
import { withHolidays } from './holiday-panel.ts';
import { columnOf, type KnownInputs, readKnownInputs } from './known-inputs.ts';
import { panelSeries } from './panel-series.ts';
import { HORIZON, YEAR } from './weekly-grid.ts';

/** Refusals that pass. */
const RETRIED: readonly FaultKind[] = ['unavailable', 'conflict'];

/** Histories as a model of many series sees them, with the known inputs over history and horizon. */
export async function panelWithInputs(
  db: Statements,
  histories: readonly History[],
  { asOf, inputs, logger }: { asOf: string; inputs: KnownInputs; logger: Pick<Delivery['logger'], 'warn'> },
): Promise<PanelSeries[]> {
  const bare = histories.map((history) => panelSeries(history, asOf));
  const series = await withSignals(db, bare, { histories, asOf, signals: inputs.signals });
  if (inputs.holidays === undefined) return series;
  try {
    const panel = { frequency: 'weekly', period: YEAR, series, known: [] } as const;
    return [...(await withHolidays(panel, inputs.holidays, HORIZON)).series];
  } catch (error) {
    // A plan without holidays is better than none.
    if (!(error instanceof Fault)) throw error;
    logger.warn('the setting holidays is of no use', { error });
    return series;
  }
}

/**
 * The known inputs that a run's model expects, by `seriesName`; nothing is read for a model that expects none. Inputs that
 * cannot be read cost the plan what they are worth, not the plan, unless a redelivery may find them.
 */
export async function readRegressors(
  db: Statements,
  histories: readonly History[],
  model: Pick<PanelModel, 'known'> | undefined,
  { asOf, settings }: Pick<ForecastRun, 'asOf' | 'settings'>,
  logger: Pick<Delivery['logger'], 'warn'>,
): Promise<ReadonlyMap<string, PanelSeries['regressors']>> {
  if (!model || model.known.length === 0) return new Map();
  try {
    const inputs = await readKnownInputs(db, settings);
    const series = await panelWithInputs(db, histories, { asOf, inputs, logger });
    return new Map(series.map(({ id, regressors }) => [id, regressors]));
  } catch (error) {
    if (error instanceof Fault && RETRIED.includes(error.kind)) throw error;
    logger.warn('the known inputs cannot be read', { error: error as Error });
    return new Map();
  }
}

async function withSignals(
  db: Statements,
  series: readonly PanelSeries[],
  {
    histories,
    asOf,
    signals,
  }: { histories: readonly History[]; asOf: string; signals: readonly SignalName[] },
): Promise<PanelSeries[]> {
  if (signals.length === 0) return [...series];
  const periods = Math.max(0, ...series.map(({ quantities }) => quantities.length));
  const said = await readSignals(db, histories, { asOf, periods, horizon: HORIZON });
  return series.map((one, i) => {
    const own = said.get(seriesName(histories[i]!));
    const regressors: Record<string, Regressor> = {};
    for (const { name, kind, future } of signals) {
      regressors[columnOf(name)] = signalRegressor(own?.get(name), {
        kind,
        future,
        length: one.quantities.length,
        horizon: HORIZON,
        periodDays: PERIOD_DAYS,
      });
    }
    return { ...one, regressors };
  });
}
