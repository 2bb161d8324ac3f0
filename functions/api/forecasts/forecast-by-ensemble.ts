import type {
  EnsembleCompared,
  EnsembleForecast,
  EnsembleForecasts,
  EnsembleStatus,
} from '../../../shared/contracts/api/ensemble.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { addDays } from '../../../shared/core/calendar/add-days.ts';
import { compareEnsemble } from '../../../shared/core/forecast/combine/compare-ensemble.ts';
import { forecastEnsemble } from '../../../shared/core/forecast/combine/ensemble.ts';
import { rounded } from '../../../shared/core/forecast/model.ts';
import { seedOf } from '../../../shared/core/math/random.ts';
import {
  countEnsembles,
  findEnsemble,
  listEnsembles,
  readCategoryHistories,
} from '../../../shared/data/forecasts/ensemble-store.ts';
import { findGroupRun, type GroupRun } from '../../../shared/data/forecasts/group-forecast-reads.ts';
import type { PageAsked } from '../../../shared/data/sql/columns.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { found } from '../http/found.ts';
import { tooLittle } from './forecast-product.ts';
import { shownErrors } from './train-ensembles.ts';

const WEEK = 7;
const LEVELS = [0.025, 0.975];
/** Weeks that weights are learnt from where nothing else was said. */
export const USUAL_VALIDATION = 8;

/** The coming weeks of a category by the ensemble that was trained for it, fitted to all that is known now. */
export async function forecastByEnsemble(
  db: Statements,
  category: string,
  weeks: number,
): Promise<EnsembleForecast> {
  const { run, history, name } = await categoryOf(db, category);
  const ensemble = await findEnsemble(db, run.runId, name);
  if (!ensemble)
    throw new Fault(
      'missing',
      `No ensemble of ${name} is trained yet: POST /forecast/ensemble/train trains it`,
    );
  const made = forecastOf(history, ensemble.weights, weeks, name);
  return {
    category: name,
    model_type: 'weighted ensemble',
    horizon_weeks: weeks,
    run_id: run.runId,
    as_of: run.asOf,
    weights_as_of: ensemble.as_of,
    forecast_dates: Array.from({ length: weeks }, (_, week) => addDays(run.asOf, 1 + week * WEEK)),
    forecast: made.mean.map(rounded),
    lower_bound: made.quantiles['0.025']!.map(rounded),
    upper_bound: made.quantiles['0.975']!.map(rounded),
    forecast_total: totalOf(made.mean),
    total_interval: { lower: rounded(made.sum['0.025']!), upper: rounded(made.sum['0.975']!) },
    weights: Object.fromEntries(made.members.map((member) => [member.name, member.weight])),
    members: Object.fromEntries(made.members.map((member) => [member.name, member.mean.map(rounded)])),
  };
}

/** The same for a page of all categories that have an ensemble. */
export async function forecastAllByEnsemble(
  db: Statements,
  now: Date,
  { weeks, ...page }: PageAsked & { readonly weeks: number },
): Promise<EnsembleForecasts> {
  const run = await findGroupRun(db);
  const about = {
    generated_at: now.toISOString(),
    horizon_weeks: weeks,
    run_id: run?.runId ?? null,
    as_of: run?.asOf ?? null,
  };
  if (!run) return { ...about, categories: [], pagination: { ...page, total: 0 } };
  const { data, pagination } = await listEnsembles(db, run.runId, page);
  const histories = await readCategoryHistories(
    db,
    run.runId,
    data.map(({ category }) => category),
  );
  const categories = data.map(({ category, weights }) => {
    const { history } = histories.find((one) => one.category === category)!;
    const made = forecastOf(history, weights, weeks, category);
    return {
      category,
      forecast_total: totalOf(made.mean),
      weekly_forecast: made.mean.map(rounded),
      lower_bound: made.quantiles['0.025']!.map(rounded),
      upper_bound: made.quantiles['0.975']!.map(rounded),
      weights: Object.fromEntries(made.members.map((member) => [member.name, member.weight])),
    };
  });
  return { ...about, categories, pagination };
}

/** SARIMA and the ensemble over the same weeks from the same history, with what both would have erred by. */
export async function compareByEnsemble(
  db: Statements,
  category: string,
  weeks: number,
): Promise<EnsembleCompared> {
  const { run, history, name } = await categoryOf(db, category);
  const ensemble = await findEnsemble(db, run.runId, name);
  const validation = ensemble?.validation_weeks ?? USUAL_VALIDATION;
  const about = { category: name, horizon_weeks: weeks, run_id: run.runId, as_of: run.asOf };
  const compared = compareEnsemble(history, { member: 'sarima', horizon: weeks, validation });
  if (compared.kind === 'insufficient-data') {
    const nothing = { data_cut: null, sarima: null, ensemble: null, seasonal_naive: null };
    return { ...about, ...nothing, ...tooLittle(compared, 'weeks of history') };
  }
  const judged = (model: string, { total, backtest }: NonNullable<typeof compared.single>) => ({
    model,
    total_forecast: rounded(total),
    backtest: { total_forecast: rounded(backtest.total), errors: shownErrors(backtest.errors) },
  });
  return {
    ...about,
    data_cut: {
      weeks: compared.known,
      as_of: addDays(run.asOf, -weeks * WEEK),
      judged_weeks: weeks,
      actual_total: compared.actual,
    },
    sarima: compared.single && judged('SARIMA(1,1,1)(1,0,1)[52] on log(1 + y)', compared.single),
    ensemble: {
      ...judged(Object.keys(compared.ensemble.weights).join('+'), compared.ensemble),
      weights: compared.ensemble.weights,
      backtest_weights: compared.ensemble.backtestWeights,
    },
    seasonal_naive: shownErrors(compared.naive),
  };
}

const MEMBERS = [
  {
    name: 'sarima',
    description: 'SARIMA(1,1,1)(1,0,1)[52] on log(1 + y), without the season below two years',
  },
  { name: 'ets', description: 'exponential smoothing, level and trend chosen by AICc' },
  { name: 'theta', description: 'theta method with a season of a year where it is significant' },
  {
    name: 'stl',
    description: 'season of a year by STL, the rest by exponential smoothing; from two years on',
  },
];

/** Which models an ensemble has, and how many categories have one. */
export async function readEnsembleStatus(db: Statements): Promise<EnsembleStatus> {
  const run = await findGroupRun(db);
  const counts = run && (await countEnsembles(db, run.runId, { asOf: run.asOf, needed: 0 }));
  const { total = 0, trained = 0, current = 0 } = counts ?? {};
  return {
    ensemble_available: trained > 0,
    models: MEMBERS,
    message:
      trained > 0
        ? `Ensembles of ${trained} of ${total} categories, ${current} of them as of the newest plan`
        : 'No ensemble is trained yet: POST /forecast/ensemble/train trains them',
    as_of: run?.asOf ?? null,
    categories_trained: trained,
    categories_outdated: trained - current,
    categories_total: total,
  };
}

async function categoryOf(
  db: Statements,
  category: string,
): Promise<{ run: GroupRun; history: readonly number[]; name: string }> {
  const run = await findGroupRun(db);
  const [one] = run ? await readCategoryHistories(db, run.runId, [category]) : [];
  const { history, category: name } = found(one, 'category', category);
  return { run: run!, history, name };
}

const forecastOf = (
  history: readonly number[],
  weights: Record<string, number>,
  weeks: number,
  name: string,
) => forecastEnsemble(history, { weights, horizon: weeks, levels: LEVELS, seed: seedOf(1, name) });

const totalOf = (values: readonly number[]): number => rounded(values.reduce((sum, value) => sum + value, 0));
