import type { Panel } from '../../shared/core/forecast/panel.ts';
import type { SeriesOptions } from './options.ts';

/** The panel with the holidays that were asked for, if any. */
export async function addHolidays(
  panel: Panel,
  { holidays, horizon }: Pick<SeriesOptions, 'holidays' | 'horizon'>,
): Promise<Panel> {
  if (holidays === undefined) return panel;
  // The days of all countries take a tenth of a second to load.
  const { withHolidays } = await import('../../functions/forecast/holiday-panel.ts');
  return withHolidays(panel, holidays, horizon);
}
