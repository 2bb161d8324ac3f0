import { Fault } from '../../shared/contracts/fault.ts';
import {
  dayText,
  type Frequency,
  firstDayOf,
  periodOf,
  SEASON,
} from '../../shared/core/calendar/period-grid.ts';
import type { Panel, PanelSeries } from '../../shared/core/forecast/panel.ts';
import { type ColumnKind, categoriesOf, columnKinds, numbersOf } from './regressor-columns.ts';
import type { SeriesRows, SeriesTable } from './series-table.ts';

export interface PanelPlan {
  readonly frequency: Frequency;
  /** Last day of training. */
  readonly origin: number;
  readonly horizon: number;
  /** What a date without a row inside a series is. */
  readonly missing: 'zero' | 'nan';
  /** Rows after the origin whose regressors are known. */
  readonly future?: SeriesTable | undefined;
  readonly warn: (line: string) => void;
}

/** A series this long has a wrong date in it. */
const MOST_PERIODS = 50_000;

/** The panel as it was known at an origin: nothing after it is looked at but the columns of `future`. */
export function buildPanel(table: SeriesTable, plan: PanelPlan): Panel {
  const { frequency, origin, future, warn } = plan;
  const series = table.series.filter((one) => one.days[0]! <= origin);
  if (series.length === 0) throw new Fault('invalid', `no series has a row up to ${dayText(origin)}`);
  const kinds = columnKinds(table.columns, series, origin, warn);
  for (const name of future?.columns ?? []) {
    if (!table.columns.includes(name)) warn(`column ${name} is ignored: the history does not have it`);
  }
  const known = (future?.columns ?? []).filter((name) => kinds.has(name));
  const futures = new Map(future?.series.map((one) => [one.id, one]));
  return {
    frequency,
    period: SEASON[frequency],
    known,
    series: series.map((rows) => panelSeries(table, rows, futures.get(rows.id), { ...plan, kinds, known })),
  };
}

interface SeriesPlan extends PanelPlan {
  readonly kinds: ReadonlyMap<string, ColumnKind>;
  readonly known: readonly string[];
}

function panelSeries(
  { columns }: SeriesTable,
  rows: SeriesRows,
  ahead: SeriesRows | undefined,
  plan: SeriesPlan,
): PanelSeries {
  const { frequency, origin, horizon, missing, future, kinds, known } = plan;
  const anchor = rows.days[0]!;
  const at = (day: number): number => periodOf(frequency, anchor, day);
  const length = at(origin) + 1;
  if (length > MOST_PERIODS) {
    const reason = `${length} periods from ${dayText(anchor)} to ${dayText(origin)}`;
    throw new Fault('invalid', `series ${rows.id} has ${reason}: no more than ${MOST_PERIODS} are read`);
  }
  const count = rows.days.findLastIndex((day) => day <= origin) + 1;
  const periods = rows.days.slice(0, count).map(at);
  const quantities = new Float64Array(length).fill(missing === 'nan' ? Number.NaN : 0);
  periods.forEach((period, i) => {
    quantities[period] = rows.quantities[i]!;
  });
  // Rows of the future lie on the grid of the history or are extra.
  const coming = new Map<number, number>();
  ahead?.days.forEach((day, row) => {
    const period = at(day);
    const isOnGrid = firstDayOf(frequency, anchor, period) === day;
    if (isOnGrid && period >= length && period < length + horizon) coming.set(period, row);
  });
  const regressors = Object.fromEntries(
    [...kinds].map(([name, kind]) => {
      const past = { periods, cells: rows.cells[columns.indexOf(name)]! };
      const column = future?.columns.indexOf(name) ?? -1;
      const next = known.includes(name)
        ? { horizon, rows: coming, cells: ahead?.cells[column] }
        : { horizon: 0, rows: coming, cells: undefined };
      return [
        name,
        kind.type === 'numeric'
          ? numbersOf(length, past, next)
          : categoriesOf(length, past, next, kind.isOftenEmpty),
      ];
    }),
  );
  return { id: rows.id, start: dayText(anchor), quantities, regressors };
}
