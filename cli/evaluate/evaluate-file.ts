import { Fault } from '../../shared/contracts/fault.ts';
import type { Frequency } from '../../shared/core/calendar/period-grid.ts';
import { SEASON } from '../../shared/core/calendar/period-grid.ts';
import { type Comparison, comparePolicies } from '../../shared/core/replay/compare-policies.ts';
import { comparisonRows } from '../../shared/core/replay/comparison-rows.ts';
import type { CaseInput } from '../../shared/core/replay/replay-case.ts';
import type { ReplayTask } from '../../shared/core/replay/replay-series.ts';
import { DAYS_A_YEAR } from '../../shared/core/replay/replay-terms.ts';
import { buildPanel } from '../forecast/build-panel.ts';
import { badInput } from '../forecast/csv-rows.ts';
import { progressOn, warn } from '../forecast/progress.ts';
import { readHistory } from '../forecast/read-history.ts';
import { csvLine, writeWhole } from '../forecast/write-whole.ts';
import { replayAll } from './replay-workers.ts';

export interface EvaluateOptions {
  readonly input: string;
  readonly frequency: Frequency;
  readonly leadTime: number;
  readonly review: number;
  readonly serviceLevel: number;
  readonly holdingRate: number;
  readonly margin: number;
  readonly orderCost: number;
  readonly unmet: 'lost' | 'waits';
  /** Only where unmet demand waits. Default 0.1. */
  readonly waitingCost?: number;
  readonly shelfLife?: number;
  readonly policy: readonly string[];
  readonly forecaster: readonly string[];
  /** Columns that are known ahead at every decision, as far as its horizon. Default none. */
  readonly known?: readonly string[];
  /** Periods at the end that are replayed. Default: the last third of the longest series. */
  readonly test?: number;
  readonly missing: 'zero' | 'nan';
  readonly jobs: number;
  readonly seed: number;
  readonly output: string;
  /** JSON with the policies chosen by class, and what each row is dearer than `auto`. */
  readonly details?: string;
}

const HEADER = [
  ...[
    'policy',
    'forecaster',
    'fill_rate',
    'cycle_service',
    'stockout_days',
    'average_stock',
    'turns',
    'orders',
  ],
  ...['holding_cost', 'ordering_cost', 'lost_margin', 'total_cost', 'total_cost_low', 'total_cost_high'],
];
const DAYS: Readonly<Record<Frequency, number>> = { daily: 1, weekly: 7, monthly: DAYS_A_YEAR / 12 };

const WAITING_COST = 0.1;

/** `smart-inventory evaluate`: replays the end of every history through policies and writes what each costs. */
export async function evaluateFile(options: EvaluateOptions): Promise<void> {
  const { frequency, leadTime, review, serviceLevel, holdingRate, margin, orderCost } = options;
  if (options.waitingCost !== undefined && options.unmet !== 'waits')
    throw new Fault(
      'invalid',
      `--waiting-cost ${options.waitingCost} means nothing beside --unmet ${options.unmet}`,
    );
  const series = await readSeries(options);
  const longest = series.reduce((most, { quantities }) => Math.max(most, quantities.length), 0);
  const test = options.test ?? Math.floor(longest / 3);
  if (test < 1 || test >= longest)
    throw badInput(
      options.input,
      1,
      null,
      `the longest series has ${longest} periods: too few to replay ${test || 'a third'}`,
    );
  const task: ReplayTask = {
    terms: {
      ...{ leadTime, review, serviceLevel, holdingRate, margin, orderCost },
      ...(options.unmet === 'waits' && { waitingCost: options.waitingCost ?? WAITING_COST }),
      ...(options.shelfLife !== undefined && { shelfLife: options.shelfLife }),
      daysAPeriod: DAYS[frequency],
      season: SEASON[frequency],
    },
    rows: comparisonRows(options.policy, options.forecaster, serviceLevel),
    forecasters: options.forecaster,
    test,
    seed: options.seed,
  };
  const { jobs } = options;
  const found = await replayAll(task, series, { jobs, onDone: progressOn('series') });
  const replays = found.filter((replay) => replay !== null);
  if (replays.length < series.length)
    warn(
      `${series.length - replays.length} series are left out: they begin within the ${test} periods that are replayed`,
    );
  const comparison = comparePolicies(task, replays);
  if (comparison.choices.every((choice) => choice.series === 0))
    warn(
      `auto is not chosen by cost: no series has enough periods before the ${test} that are replayed to try policies on; it aims at the service level as the others do`,
    );
  if (options.details !== undefined) await writeWhole(options.details, detailLines(comparison));
  await writeWhole(options.output, [HEADER.join(','), ...comparison.rows.map(rowLine)]);
  for (const { policy, forecaster, dearer } of comparison.rows.slice(1)) {
    const figures = [dearer.mean, dearer.low, dearer.high].map(signed);
    warn(
      `${policy} (${forecaster}) costs ${figures[0]} against auto, 95 % interval ${figures[1]} to ${figures[2]}`,
    );
  }
}

async function readSeries({ input, frequency, missing, known = [] }: EvaluateOptions): Promise<CaseInput[]> {
  const table = await readHistory(input, { frequency, warn });
  if (table.series.length === 0) throw badInput(input, 1, null, 'no row');
  const absent = known.find((name) => !table.columns.includes(name));
  if (absent !== undefined) throw badInput(input, 1, absent, 'the file has no such column');
  // The other columns are of no use and need no conversion.
  const columns = table.columns.filter((name) => name === 'price' || known.includes(name));
  const places = columns.map((name) => table.columns.indexOf(name));
  const bare = {
    ...table,
    columns,
    series: table.series.map((one) => ({ ...one, cells: places.map((at) => one.cells[at]!) })),
  };
  const panel = buildPanel(bare, { frequency, origin: table.lastDay, horizon: 1, missing, warn });
  const found = panel.series.map(({ id, quantities, regressors }) => ({
    ...{ id, quantities, prices: regressors.price instanceof Float64Array ? regressors.price : null },
    regressors: Object.fromEntries(Object.entries(regressors).filter(([name]) => known.includes(name))),
  }));
  if (columns.includes('price') && found.some(({ prices }) => prices === null))
    warn('column price is not a number everywhere: every price is taken as 1');
  return found;
}

function rowLine({ policy, forecaster, measures, low, high }: Comparison['rows'][number]): string {
  const m = measures;
  return csvLine([
    ...[policy, forecaster, m.fillRate, m.cycleService, m.stockoutDays, m.averageStock, m.turns, m.orders],
    ...[m.holdingCost, m.orderingCost, m.lostMargin, m.totalCost, low, high],
  ]);
}

function detailLines({ rows, choices }: Comparison): string[] {
  const differences = rows.map(({ policy, forecaster, dearer }) => ({ policy, forecaster, ...dearer }));
  const classes = choices.map(({ group, series, cost, fillRate, cycleService, chosen }) => ({
    ...{ class: group, series, policy: chosen.kind, target: chosen.target, stretch: chosen.stretch ?? 1 },
    ...{ forecaster: chosen.forecaster, cost, fillRate, cycleService },
  }));
  return [JSON.stringify({ classes, differences }, null, 1)];
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${Number(value.toPrecision(4))}`;
}
