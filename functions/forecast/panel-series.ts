import { addDays } from '../../shared/core/calendar/add-days.ts';
import type { PanelSeries } from '../../shared/core/forecast/panel.ts';
import type { History } from '../../shared/data/demand/history-store.ts';
import { PERIOD_DAYS, seriesName } from '../../shared/data/forecasts/series-store.ts';

/** A stored history as a model of many series sees it: weeks that end on `as_of`. */
export function panelSeries(
  history: History,
  asOf: string,
  regressors: PanelSeries['regressors'] = {},
): PanelSeries {
  return {
    id: seriesName(history),
    start: addDays(asOf, 1 - PERIOD_DAYS * history.quantities.length),
    quantities: Float64Array.from(history.quantities),
    regressors,
  };
}
