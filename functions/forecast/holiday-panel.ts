import { addDays } from '../../shared/core/calendar/add-days.ts';
import { dayNumber, dayText, firstDayOf } from '../../shared/core/calendar/period-grid.ts';
import {
  HOLIDAY_COLUMNS,
  type Holiday,
  holidayRegressors,
} from '../../shared/core/forecast/calendar/holiday-regressors.ts';
import type { Panel, PanelSeries, Regressor } from '../../shared/core/forecast/panel.ts';
import { countryHolidays } from './country-holidays.ts';

/** Days beyond both ends of a span within which holidays are felt. */
const REACH_DAYS = 15;

/** A panel with the holidays of a place as known inputs of every series. A regressor of the same name stays. */
export async function withHolidays(panel: Panel, place: string, horizon: number): Promise<Panel> {
  if (panel.series.length === 0) return panel;
  const { frequency } = panel;
  const endOf = ({ start, quantities }: PanelSeries): string =>
    dayText(firstDayOf(frequency, dayNumber(start), quantities.length + horizon));
  const starts = panel.series.map(({ start }) => start).sort();
  const ends = panel.series.map(endOf).sort();
  const holidays = await countryHolidays(
    place,
    addDays(starts[0]!, -REACH_DAYS),
    addDays(ends.at(-1)!, REACH_DAYS),
  );
  const ofSpan = spanCache(holidays, frequency);
  const own = new Set(panel.series.flatMap(({ regressors }) => Object.keys(regressors)));
  return {
    ...panel,
    known: [...panel.known, ...HOLIDAY_COLUMNS.filter((name) => !own.has(name))],
    series: panel.series.map((one) => {
      const found = ofSpan(one.start, one.quantities.length + horizon);
      return { ...one, regressors: { ...found, ...one.regressors } };
    }),
  };
}

/** Series that begin and end alike share their columns. */
function spanCache(
  holidays: readonly Holiday[],
  frequency: Panel['frequency'],
): (start: string, periods: number) => Record<string, Regressor> {
  const spans = new Map<string, Record<string, Regressor>>();
  return (start, periods) => {
    const key = `${start} ${periods}`;
    let found = spans.get(key);
    if (!found) {
      found = holidayRegressors({ frequency, start, periods }, holidays);
      spans.set(key, found);
    }
    return found;
  };
}
