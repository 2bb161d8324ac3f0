import { createHash } from 'node:crypto';
import { type LaunchPool, launchPool } from '../../shared/core/forecast/launch/launch-pool.ts';
import type { PanelSeries } from '../../shared/core/forecast/panel.ts';
import { seedOf } from '../../shared/core/math/random.ts';
import { readHistories } from '../../shared/data/demand/history-store.ts';
import { readTraits } from '../../shared/data/demand/trait-store.ts';
import {
  HISTORY_PERIODS,
  readSeriesKeys,
  SERIES_PER_READ,
  type SeriesKey,
  seriesName,
} from '../../shared/data/forecasts/series-store.ts';
import { readBusinessDay } from '../../shared/data/planning/business-day.ts';
import { readPlanSettings } from '../../shared/data/planning/setting-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';
import { type KnownInputs, readKnownInputs } from '../forecast/known-inputs.ts';
import { panelWithInputs } from '../forecast/panel-with-inputs.ts';
import { HORIZON } from '../forecast/weekly-grid.ts';
import { MEMBERS, MOST_ROWS, TRAIN_VERSION } from './training-task.ts';

/** Series that are learnt from at most, and the weeks of each: five years. */
const MOST_SERIES = 600;
const MOST_WEEKS = 261;
const SERIES_A_READ = Math.floor((SERIES_PER_READ * HISTORY_PERIODS) / MOST_WEEKS);

/** What a model is trained on. */
export interface Sample {
  /** Hash of everything that the model is a function of. */
  readonly version: string;
  readonly asOf: string;
  readonly seed: number;
  /** By name. */
  readonly series: readonly PanelSeries[];
  /** What series that have just begun are like. */
  readonly launches: LaunchPool;
  /** Regressors of the series whose future is known. */
  readonly inputs: KnownInputs;
  /** Of all series together. */
  readonly weeks: number;
}

type SampleLogger = Pick<Delivery['logger'], 'warn'>;

/** A bounded sample of the planned series, one state of the database; undefined while there is no demand. */
export async function readSample(tx: Statements, logger: SampleLogger): Promise<Sample | undefined> {
  const asOf = await readBusinessDay(tx);
  if (asOf === undefined) return undefined;
  const settings = await readPlanSettings(tx);
  const { seed } = settings;
  const inputs = await readKnownInputs(tx, settings);
  const chosen = choose(await readSeriesKeys(tx, asOf), seed);
  const series: PanelSeries[] = [];
  for (let i = 0; i < chosen.length; i += SERIES_A_READ) {
    const keys = chosen.slice(i, i + SERIES_A_READ);
    const histories = await readHistories(tx, keys, asOf, MOST_WEEKS);
    series.push(...(await panelWithInputs(tx, histories, { asOf, inputs, logger })));
  }
  series.sort((a, b) => (a.id < b.id ? -1 : 1));
  const weeks = series.reduce((sum, { quantities }) => sum + quantities.length, 0);
  const launches = await readLaunches(tx, chosen, series);
  const version = versionOf(asOf, seed, series, launches, inputs);
  return { version, asOf, seed, series, launches, inputs, weeks };
}

async function readLaunches(
  tx: Statements,
  keys: readonly SeriesKey[],
  series: readonly PanelSeries[],
): Promise<LaunchPool> {
  const products = new Map(keys.map((key) => [seriesName(key), key.productId]));
  const traits = await readTraits(tx, [...products.values()]);
  return launchPool(series, ({ id }) => traits.get(products.get(id)!) ?? { category: null, price: null });
}

/** By a hash of their names: the same series whatever order they come in, and mostly the same next week. */
function choose(keys: readonly SeriesKey[], seed: number): SeriesKey[] {
  return keys
    .map((key) => ({ key, name: seriesName(key), draw: seedOf(seed, `train ${seriesName(key)}`) }))
    .sort((a, b) => a.draw - b.draw || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_SERIES)
    .map(({ key }) => key);
}

function versionOf(
  asOf: string,
  seed: number,
  series: readonly PanelSeries[],
  launches: LaunchPool,
  { sources, columns }: KnownInputs,
): string {
  const hash = createHash('sha256').update(
    JSON.stringify([TRAIN_VERSION, HORIZON, MEMBERS, MOST_ROWS, asOf, seed]),
  );
  for (const { id, quantities } of series) hash.update(JSON.stringify([id, ...quantities]));
  for (const { id, category, price } of launches) hash.update(JSON.stringify([id, category, price]));
  if (sources.length > 0) hash.update(JSON.stringify(sources));
  for (const name of columns) {
    for (const { regressors } of series) hash.update(JSON.stringify([name, ...(regressors[name] ?? [])]));
  }
  return hash.digest('base64url').slice(0, 22);
}
