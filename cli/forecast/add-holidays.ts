import { withHolidays } from '../../functions/forecast/holiday-panel.ts';
import type { Panel } from '../../shared/core/forecast/panel.ts';
import type { SeriesOptions } from './options.ts';

/** The panel with the holidays that were asked for, if any. */
export async function addHolidays(
  panel: Panel,
  { holidays, horizon }: Pick<SeriesOptions, 'holidays' | 'horizon'>,
): Promise<Panel> {
  if (holidays === undefined) return panel;
  return withHolidays(panel, holidays, horizon);
}
