import type { Queue } from '../../shared/aws/queue.ts';
import type { GroupsRequested } from '../../shared/contracts/messages.ts';
import { addDays } from '../../shared/core/calendar/add-days.ts';
import { forecastSeries, type SeriesInput } from '../../shared/core/forecast/auto.ts';
import { classifyDemand } from '../../shared/core/forecast/classify.ts';
import {
  forecastGroup,
  type GroupForecast,
  type GroupInput,
  type OwnForecast,
} from '../../shared/core/forecast/hierarchy/forecast-group.ts';
import { fitMovingAverage } from '../../shared/core/forecast/simple/moving-average.ts';
import { seedOf } from '../../shared/core/math/random.ts';
import { type ForecastRun, findNewestCompleteRun } from '../../shared/data/forecasts/forecast-run-store.ts';
import { STATE_LIMIT_BYTES } from '../../shared/data/forecasts/forecast-store.ts';
import {
  type GroupKey,
  hasGroupForecasts,
  readCategoryMeans,
  readStoredCategories,
  type StoredGroup,
  saveGroupForecasts,
} from '../../shared/data/forecasts/group-forecast-store.ts';
import {
  type Members,
  readCategories,
  readDemandOfAll,
  readMembers,
} from '../../shared/data/forecasts/group-members-store.ts';
import { PERIOD_DAYS } from '../../shared/data/forecasts/series-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';
import { HORIZON } from './weekly-grid.ts';

/** Weeks ahead that groups are forecast: a year and a day. */
export const GROUP_HORIZON = 53;
const LEVELS = [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975];

/** Categories of one transaction. */
const PER_TRANSACTION = 25;
/** With less time than this left, no more categories are begun, nor the total, which reads all demand again. */
const RESERVE_MS = 100_000;

export interface GroupNeeds {
  readonly database: Database;
  readonly forecastQueue: Queue;
  /** How a group's own history is forecast. Default: the core's automatic choice. */
  readonly forecaster?: (history: SeriesInput) => OwnForecast;
}

type GroupDelivery = Pick<Delivery, 'remainingMs'> & {
  readonly logger: Pick<Delivery['logger'], 'info' | 'warn'>;
};

/**
 * Forecasts each category of a run whose series are all forecast, stores them as they are made, and their total last,
 * which is what readers look for. Means add up: a category's are the sums of its series', the total's the sums of the
 * categories'. Only the newest complete run is forecast so; a redelivery goes on behind what is stored, and so does the
 * message that a delivery sends when its time runs short.
 */
export async function forecastGroups(
  needs: GroupNeeds,
  message: GroupsRequested,
  { logger, remainingMs }: GroupDelivery,
): Promise<void> {
  const { database, forecastQueue } = needs;
  const { runId } = message;
  const run = await findNewestCompleteRun(database);
  if (run?.runId !== runId) return logger.info('groups: the run is not the newest complete one', { runId });
  if (await hasGroupForecasts(database, runId)) return logger.info('groups: they are there', { runId });
  const group = groupForecaster(run, needs, logger);
  const categories = await readCategories(database, runId);
  const stored = await readStoredCategories(database, runId);
  const open = categories.filter(({ category }) => !stored.has(category));
  for (let i = 0; i < open.length; i += PER_TRANSACTION) {
    const made: StoredGroup[] = [];
    for (const { category, series } of open.slice(i, i + PER_TRANSACTION)) {
      const members = await readMembers(database, runId, category, run.asOf);
      made.push(group({ level: 'category', key: category }, members, series));
    }
    await database.transaction((tx) => saveGroupForecasts(tx, runId, made));
    // At least one transaction a message, so that it always moves on.
    if (remainingMs() < RESERVE_MS) {
      await forecastQueue.send([message]);
      return logger.info('groups: handed on', { runId, left: open.length - i - made.length });
    }
  }
  const means = await readCategoryMeans(database, runId);
  const series = categories.reduce((sum, one) => sum + one.series, 0);
  const all = await readDemandOfAll(database, runId, run.asOf);
  const total = group({ level: 'total', key: '' }, { ...all, means }, series);
  await database.transaction((tx) => saveGroupForecasts(tx, runId, [total]));
  logger.info('groups', { runId, categories: categories.length, series });
}

function groupForecaster(
  { asOf, settings }: ForecastRun,
  { forecaster = forecastSeries }: GroupNeeds,
  logger: GroupDelivery['logger'],
) {
  return ({ level, key }: GroupKey, { weeks, days, means }: Members, series: number): StoredGroup => {
    const name = `${level} ${key}`;
    const input: GroupInput = {
      weeks,
      days,
      members: means,
      horizon: GROUP_HORIZON,
      levels: [...new Set([...LEVELS, settings.service_level])].sort((a, b) => a - b),
      seed: seedOf(settings.seed, name),
    };
    const forecast = withFallback(name, input, forecaster, logger);
    return {
      level,
      key,
      series,
      firstDay: addDays(asOf, 1),
      periodDays: PERIOD_DAYS,
      summedPeriods: HORIZON,
      total: {
        mean: forecast.mean.slice(0, HORIZON).reduce((sum, value) => sum + value, 0),
        low95: forecast.sums['0.025']![HORIZON - 1]!,
        high95: forecast.sums['0.975']![HORIZON - 1]!,
      },
      history: [...weeks],
      forecast,
    };
  };
}

/** A model that fails costs its group the good spread, not the others theirs. */
function withFallback(
  name: string,
  input: GroupInput,
  forecaster: (history: SeriesInput) => OwnForecast,
  logger: GroupDelivery['logger'],
): GroupForecast {
  try {
    const forecast = forecastGroup(input, forecaster);
    const bytes = Buffer.byteLength(JSON.stringify(forecast.state));
    if (bytes > STATE_LIMIT_BYTES) throw new RangeError(`the state of ${forecast.model} has ${bytes} bytes`);
    return forecast;
  } catch (error) {
    logger.warn('the forecast of a group fell back to a mean', { group: name, error: error as Error });
    return forecastGroup(input, byMean);
  }
}

function byMean({ quantities }: SeriesInput): OwnForecast {
  return {
    model: 'mean',
    demandClass: classifyDemand(quantities).demandClass,
    state: fitMovingAverage(quantities).toState(),
    mae: null,
    rmse: null,
  };
}
