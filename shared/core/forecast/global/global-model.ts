import { seededRandom, seedOf } from '../../math/random.ts';
import { type GridForecast, LEVEL_GRID } from '../combine/level-grid.ts';
import type { Panel, PanelSeries } from '../panel.ts';
import { type Binned, binFeatures } from '../trees/bin-features.ts';
import { BoostingModel } from '../trees/boosting-model.ts';
import { fitBoosting } from '../trees/gradient-boosting.ts';
import type { LossOptions } from '../trees/losses.ts';
import { FRAME_SHAPE } from './frame-shape.ts';
import { knownKind } from './known-input.ts';
import { type FeaturePlan, featureNames, SeriesFeatures } from './series-features.ts';
import { type TrainingFrame, trainingFrame, YEARS } from './training-frame.ts';

export interface GlobalOptions {
  readonly horizon: number;
  /** Periods at the end of every series that are not learnt from. */
  readonly holdBack: number;
  readonly seed: number;
  /** Rows learnt from, about, if there are so many. Default 60,000. */
  readonly rows?: number;
  /** Default: those that early stopping on the newest periods settles. */
  readonly trees?: TreeCounts;
}

/** Numbers of trees. */
export interface TreeCounts {
  readonly mean: number;
  readonly quantiles: number;
}

const MOST_ROWS = 60_000;
/** Rows for each quantity at most: the steps that lead to the same period tell nearly the same. */
const ROWS_A_QUANTITY = 6;
const FEWEST_ROWS = 500;
const SHAPE = { learningRate: 0.06, maxLeaves: 15, l2: 1, featureFraction: 0.7, rowFraction: 0.7 } as const;
/** Rows of a leaf: a share of all, because rows of the same period share its surprises. */
const LEAF_SHARE = 1 / 300;
const LEAF_ROWS = [20, 200] as const;
/** Rows for each bin of a feature. */
const ROWS_A_BIN = 100;
const BINS = [32, 255] as const;
const MOST_TREES = 250;
const FEWEST_TREES = 10;
/** Trees without a better loss on the newest periods after which their number is settled. */
const PATIENCE = 20;
/** Newest share of what is learnt from that the number of trees is judged on. */
const JUDGED = 0.15;
/** More trees when the judged rows are learnt from as well. */
const MORE_TREES = 1 / (1 - JUDGED);
/** Levels whose numbers of trees stand for all. */
const PROBED = [0.1, 0.5, 0.9];
const TWEEDIE_POWER = 1.2;
/** The very largest ratios are single orders that no feature tells of. */
const CAP = 0.9995;

/**
 * One model of all series of a panel: boosted trees on levels, lags, season, calendar and known regressors, everything
 * divided by the series' own scale; one set of trees for the mean and one for each level of LEVEL_GRID.
 */
export class GlobalModel {
  readonly plan: FeaturePlan;
  readonly horizon: number;
  /** Numbers of trees of its parts. */
  readonly trees: TreeCounts;
  private readonly isSigned: boolean;
  private readonly mean: BoostingModel;
  private readonly quantiles: readonly BoostingModel[];
  private readonly steps: readonly number[];
  private readonly row: Float64Array;

  constructor(parts: GlobalParts) {
    this.plan = parts.plan;
    this.horizon = parts.horizon;
    this.trees = parts.trees;
    this.isSigned = parts.isSigned;
    this.mean = parts.mean;
    this.quantiles = parts.quantiles;
    this.steps = Array.from({ length: parts.horizon }, (_, h) => h + 1);
    this.row = new Float64Array(featureNames(parts.plan).length);
  }

  /** A series prepared for `forecast`, from any origin in it. */
  prepare(series: PanelSeries): SeriesFeatures {
    return new SeriesFeatures(series, this.plan);
  }

  /** Null when the series is too short at that origin. */
  forecast(series: SeriesFeatures, origin: number): GridForecast | null {
    if (!series.isUsable(origin)) return null;
    const { row, horizon } = this;
    const scale = series.scale(origin);
    const floor = this.isSigned ? Number.NEGATIVE_INFINITY : 0;
    const mean = new Float64Array(horizon);
    const quantiles = this.quantiles.map(() => new Float64Array(horizon));
    const sorted = new Float64Array(quantiles.length);
    series.write(origin, this.steps, row, (step) => {
      // Trees have seen features in single precision.
      for (let f = 0; f < row.length; f++) row[f] = Math.fround(row[f]!);
      mean[step - 1] = Math.max(floor, scale * this.mean.predictRow(row));
      this.quantiles.forEach((model, i) => {
        sorted[i] = Math.max(floor, scale * model.predictRow(row));
      });
      sorted.sort();
      for (let i = 0; i < sorted.length; i++) quantiles[i]![step - 1] = sorted[i]!;
    });
    return { mean, quantiles };
  }

  /** Share of the gain of the mean's trees that each feature brought, the largest first. */
  importance(): ReadonlyMap<string, number> {
    const names = featureNames(this.plan);
    const shares = this.mean.importance().map((share, f) => [names[f]!, share] as const);
    return new Map(shares.sort((a, b) => b[1] - a[1]));
  }

  /** The model as text; `fromFile` gives back one that forecasts the same to the last bit. */
  toFile(): string {
    const { plan, horizon, isSigned, trees } = this;
    const known = plan.known.map((kind) =>
      kind.type === 'category' ? { ...kind, codes: [...kind.codes] } : kind,
    );
    const quantiles = this.quantiles.map((model) => model.toFile());
    return JSON.stringify({
      plan: { ...plan, known },
      horizon,
      isSigned,
      trees,
      mean: this.mean.toFile(),
      quantiles,
    });
  }

  static fromFile(text: string): GlobalModel {
    const { plan, horizon, isSigned, trees, mean, quantiles } = JSON.parse(text) as GlobalFile;
    const known = plan.known.map((kind) =>
      kind.type === 'category' ? { ...kind, codes: new Map(kind.codes) } : kind,
    );
    return new GlobalModel({
      plan: { ...plan, known },
      horizon,
      isSigned,
      trees,
      mean: BoostingModel.fromFile(mean),
      quantiles: quantiles.map((file) => BoostingModel.fromFile(file)),
    });
  }
}

interface GlobalParts {
  readonly trees: TreeCounts;
  readonly plan: FeaturePlan;
  readonly horizon: number;
  readonly isSigned: boolean;
  readonly mean: BoostingModel;
  readonly quantiles: readonly BoostingModel[];
}

interface GlobalFile {
  readonly trees: TreeCounts;
  readonly plan: Omit<FeaturePlan, 'known'> & {
    readonly known: readonly (
      | { readonly name: string; readonly type: 'amount' | 'flag' }
      | { readonly name: string; readonly type: 'category'; readonly codes: [string, number][] }
    )[];
  };
  readonly horizon: number;
  readonly isSigned: boolean;
  readonly mean: string;
  readonly quantiles: readonly string[];
}

/**
 * Learns a global model: the mean by Tweedie loss (squared where quantities may be negative), each quantile by its own
 * loss. Null when there is too little to learn from.
 */
export function fitGlobal(panel: Panel, options: GlobalOptions): GlobalModel | null {
  const { horizon, holdBack, seed } = options;
  const known = panel.series.reduce((sum, one) => sum + one.quantities.length, 0);
  const wanted = Math.min(options.rows ?? MOST_ROWS, ROWS_A_QUANTITY * known);
  const plan = planOf(panel, holdBack);
  const series = panel.series.map((one) => new SeriesFeatures(one, plan));
  const quantities = panel.series.map((one) => one.quantities);
  const frame = trainingFrame(series, quantities, plan, { horizon, holdBack, seed, rows: wanted });
  const rows = frame.target.length;
  if (rows < FEWEST_ROWS) return null;
  const names = featureNames(plan);
  const named = plan.known.flatMap(({ type, name }) => (type === 'category' ? [names.indexOf(name)] : []));
  const isSigned = frame.target.some((value) => value < 0);
  const cap = frame.target.slice().sort()[Math.floor(CAP * (rows - 1))]!;
  const target = frame.target.map((value) => Math.min(value, cap));
  const spread = spreadOut(target, frame.scale, quantities, seed);
  const forMean: LossOptions = isSigned
    ? { loss: 'squared' }
    : { loss: 'tweedie', tweediePower: TWEEDIE_POWER };
  const forLevel = (quantile: number): LossOptions => ({ loss: 'quantile', quantile });
  const boost = fitter(
    binFeatures(frame.columns, { categorical: named, maxBins: clamp(rows / ROWS_A_BIN, BINS) }),
    frame,
    seed,
  );
  const judged = judgedRows(frame, panel, options);
  const settle = (losses: readonly LossOptions[], values: Float64Array): number => {
    const counts = losses.map(
      (loss) => boost('judged', { ...loss, target: values, trees: MOST_TREES, judged }).trees,
    );
    return Math.round(MORE_TREES * Math.max(FEWEST_TREES, counts.sort((a, b) => a - b)[counts.length >> 1]!));
  };
  const trees = options.trees ?? {
    mean: settle([forMean], target),
    quantiles: settle(PROBED.map(forLevel), spread),
  };
  return new GlobalModel({
    plan,
    horizon,
    isSigned,
    trees,
    mean: boost('mean', { ...forMean, target, trees: trees.mean, balance: true }),
    quantiles: LEVEL_GRID.map((level) =>
      boost(`quantile ${level}`, { ...forLevel(level), target: spread, trees: trees.quantiles }),
    ),
  });
}

/** Marks the rows of the newest periods. */
function judgedRows(
  { age }: TrainingFrame,
  { series, frequency }: Panel,
  options: GlobalOptions,
): Uint8Array {
  const longest = series.reduce((most, { quantities }) => Math.max(most, quantities.length), 0);
  const span = Math.min(longest - options.holdBack, YEARS[frequency] * FRAME_SHAPE[frequency].year);
  const newest = Math.max(options.horizon, Math.round(JUDGED * span));
  return Uint8Array.from(age, (periods) => (periods < newest ? 1 : 0));
}

interface FitOptions extends LossOptions {
  readonly target: Float64Array;
  readonly trees: number;
  readonly balance?: boolean;
  /** Rows not learnt from, on which the number of trees is judged. */
  readonly judged?: Uint8Array;
}

/** Fits several targets and losses to the same rows. */
function fitter(
  columns: Binned,
  { scale }: TrainingFrame,
  seed: number,
): (name: string, options: FitOptions) => BoostingModel {
  const shared = {
    ...SHAPE,
    columns,
    // Between the two usual ways to average: every series alike, and every unit alike.
    weight: scale.map(Math.sqrt),
    minRowsPerLeaf: clamp(LEAF_SHARE * scale.length, LEAF_ROWS),
  };
  return (name, { judged, ...options }) =>
    fitBoosting({
      ...shared,
      ...options,
      seed: seedOf(seed, name),
      ...(judged ? { earlyStopping: { rows: judged, patience: PATIENCE } } : {}),
    });
}

function clamp(value: number, [least, most]: readonly [number, number]): number {
  return Math.round(Math.min(most, Math.max(least, value)));
}

/** Counts are spread over the unit around them: quantiles of whole numbers have no slope to learn from. */
function spreadOut(
  target: Float64Array,
  scale: Float64Array,
  quantities: readonly Float64Array[],
  seed: number,
): Float64Array {
  const isWhole = quantities.every((y) => y.every((value) => Number.isNaN(value) || Number.isInteger(value)));
  if (!isWhole) return target;
  const random = seededRandom(seedOf(seed, 'spread'));
  return target.map((value, i) => value + (random.uniform() - 0.5) / scale[i]!);
}

/** The features that a panel is long enough for, without its newest periods. */
export function planOf({ frequency, series, known }: Panel, holdBack: number): FeaturePlan {
  const { year } = FRAME_SHAPE[frequency];
  const longest = series.reduce((most, { quantities }) => Math.max(most, quantities.length), 0) - holdBack;
  return {
    frequency,
    hasYear: longest >= 1.5 * year,
    hasCalendar: longest >= 2.5 * year,
    known: known.map((name) =>
      knownKind(
        name,
        series.flatMap(({ regressors }) => (regressors[name] === undefined ? [] : [regressors[name]])),
      ),
    ),
  };
}
