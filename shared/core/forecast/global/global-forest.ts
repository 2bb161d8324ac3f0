import { seedOf } from '../../math/random.ts';
import { type GridForecast, LEVEL_GRID } from '../combine/level-grid.ts';
import type { Panel, PanelSeries } from '../panel.ts';
import type { ForestModel } from '../trees/forest-model.ts';
import { fitForest } from '../trees/random-forest.ts';
import { planOf } from './global-model.ts';
import { type FeaturePlan, featureNames, SeriesFeatures } from './series-features.ts';
import { trainingFrame } from './training-frame.ts';

/** Rows learnt from, about, and fewest. */
const MOST_ROWS = 40_000;
const FEWEST_ROWS = 500;
/** Enough for the outer levels, which are read from one draw a tree. */
const TREES = 200;
/** Rows of a leaf: rows of the same period share its surprises. */
const LEAF_SHARE = 1 / 2000;
const LEAST_LEAF = 10;

export interface GlobalForestOptions {
  readonly horizon: number;
  readonly seed: number;
  /** Default 200. */
  readonly trees?: number;
}

/**
 * One random forest of all series of a panel (Breiman 2001) on the features of the global model; quantiles are those of
 * the rows that share its leaves (Meinshausen 2006). Null when there is too little to learn from.
 */
export function fitGlobalForest(
  panel: Panel,
  { horizon, seed, trees = TREES }: GlobalForestOptions,
): GlobalForest | null {
  const plan = planOf(panel, 0);
  const series = panel.series.map((one) => new SeriesFeatures(one, plan));
  const quantities = panel.series.map((one) => one.quantities);
  const frame = trainingFrame(series, quantities, plan, { horizon, holdBack: 0, seed, rows: MOST_ROWS });
  const rows = frame.target.length;
  if (rows < FEWEST_ROWS) return null;
  const names = featureNames(plan);
  const categorical = plan.known.flatMap(({ type, name }) =>
    type === 'category' ? [names.indexOf(name)] : [],
  );
  const forest = fitForest({
    columns: frame.columns,
    categorical,
    target: frame.target,
    // Between the two usual ways to average: every series alike, and every unit alike.
    weight: frame.scale.map(Math.sqrt),
    trees,
    minRowsPerLeaf: Math.max(LEAST_LEAF, Math.round(LEAF_SHARE * rows)),
    seed: seedOf(seed, 'forest'),
  });
  return new GlobalForest(forest, plan, horizon);
}

/** A forest that has learnt from many series and forecasts each of them. */
export class GlobalForest {
  readonly plan: FeaturePlan;
  readonly horizon: number;
  private readonly forest: ForestModel;

  constructor(forest: ForestModel, plan: FeaturePlan, horizon: number) {
    this.forest = forest;
    this.plan = plan;
    this.horizon = horizon;
  }

  /** A series prepared for `forecast`, from any origin in it. */
  prepare(series: PanelSeries): SeriesFeatures {
    return new SeriesFeatures(series, this.plan);
  }

  /** Null when the series is too short at that origin. */
  forecast(series: SeriesFeatures, origin: number): GridForecast | null {
    if (!series.isUsable(origin)) return null;
    const scale = series.scale(origin);
    const row = new Float64Array(this.forest.features);
    const columns = Array.from(row, () => new Float32Array(this.horizon));
    const steps = Array.from({ length: this.horizon }, (_, h) => h + 1);
    series.write(origin, steps, row, (step) => {
      for (let f = 0; f < row.length; f++) columns[f]![step - 1] = row[f]!;
    });
    const times = (values: Float64Array): Float64Array => values.map((value) => scale * value);
    return {
      mean: times(this.forest.predict(columns)),
      quantiles: this.forest.quantiles(columns, LEVEL_GRID).map(times),
    };
  }
}
