import { type Binned, binFeatures, type Column } from './bin-features.ts';
import { BoostingFit, wholeNumber } from './boosting-fit.ts';
import { BoostingModel } from './boosting-model.ts';
import { type Loss, type LossOptions, lossOf } from './losses.ts';
import { type RowMask, trainingRows } from './row-sample.ts';

export interface EarlyStopping {
  /** Rows held out: from this row on, or the marked ones. They are never trained on. */
  readonly rows: number | RowMask;
  /** Trees without an improvement after which growing ends. */
  readonly patience: number;
}

export interface BoostingOptions extends LossOptions {
  /** Features, or a matrix of binFeatures that several fits share. */
  readonly columns: readonly Column[] | Binned;
  readonly target: Float64Array;
  readonly weight?: Float64Array;
  readonly trees: number;
  /** Default 0.1. */
  readonly learningRate?: number;
  /** Default 31. */
  readonly maxLeaves?: number;
  /** Default: no limit. */
  readonly maxDepth?: number;
  /** Default 20. */
  readonly minRowsPerLeaf?: number;
  /** Default 0. */
  readonly l2?: number;
  /** Share of the features each tree may use. Default 1. */
  readonly featureFraction?: number;
  /** Share of the rows each tree learns from. Default 1. */
  readonly rowFraction?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Features that are names; only when `columns` are not binned yet. */
  readonly categorical?: readonly number[];
  /** Value bins of a feature; only when `columns` are not binned yet. Default 255. */
  readonly maxBins?: number;
  readonly earlyStopping?: EarlyStopping;
  /** Log links only: scale the fitted model so that the training rows add up to their targets. Default false. */
  readonly balance?: boolean;
  /** First prediction, in units of the target. Default: the constant that fits best. */
  readonly startScore?: number;
}

/** Most trees of a fit. */
const MOST_TREES = 20_000;

/** Fits boosted regression trees, grown leaf-wise on histograms (Friedman 2001; Ke et al. 2017). */
export function fitBoosting(options: BoostingOptions): BoostingModel {
  const { target, weight } = options;
  const loss = lossOf(options);
  assertTarget(target, weight, loss);
  const { learningRate = 0.1, l2 = 0 } = options;
  if (!(learningRate > 0 && learningRate <= 1)) {
    throw new RangeError(`a learning rate of ${learningRate} is not inside 0..1`);
  }
  if (!(l2 >= 0 && l2 < Number.POSITIVE_INFINITY)) throw new RangeError(`l2 of ${l2} is not a weight`);
  const trees = wholeNumber(options.trees, 'trees', 0, MOST_TREES);
  const held = options.earlyStopping;
  const { train, holdOut } = trainingRows(target.length, held?.rows);
  if (weight !== undefined && !train.some((row) => weight[row]! > 0)) {
    throw new RangeError('no row to learn from has any weight');
  }
  const binned = 'cuts' in options.columns ? options.columns : bin(options, options.columns, train);
  if (binned.rows !== target.length) throw new RangeError(`${binned.rows} rows, ${target.length} targets`);
  const base = options.startScore ?? loss.start(target, weight, train);
  const fit = new BoostingFit(options, loss, binned, train, base);
  let best = Number.POSITIVE_INFINITY;
  let bestTrees = 0;
  for (let tree = 0; tree < trees; tree++) {
    fit.addTree();
    if (held === undefined) {
      bestTrees = tree + 1;
      continue;
    }
    const now = fit.lossOn(holdOut);
    if (now < best) {
      best = now;
      bestTrees = tree + 1;
    } else if (tree + 1 - bestTrees >= held.patience) break;
  }
  fit.table.trim(bestTrees);
  const scale = options.balance && loss.logLink ? fit.shortfall(bestTrees) : 1;
  return new BoostingModel({
    table: fit.table,
    base: base * scale,
    logLink: loss.logLink,
    gains: fit.importance(),
    codes: binned.cuts.map((cuts) => (cuts.categorical ? cuts.codes : undefined)),
  });
}

function bin(options: BoostingOptions, columns: readonly Column[], train: Int32Array): Binned {
  const learnFrom = new Uint8Array(options.target.length);
  for (const row of train) learnFrom[row] = 1;
  return binFeatures(columns, {
    learnFrom,
    ...(options.categorical === undefined ? {} : { categorical: options.categorical }),
    ...(options.maxBins === undefined ? {} : { maxBins: options.maxBins }),
  });
}

function assertTarget(target: Float64Array, weight: Float64Array | undefined, loss: Loss): void {
  if (weight !== undefined && weight.length !== target.length) {
    throw new RangeError(`${weight.length} weights for ${target.length} targets`);
  }
  for (let i = 0; i < target.length; i++) {
    if (!Number.isFinite(target[i]!)) throw new RangeError(`target ${i} is ${target[i]}`);
    if (loss.logLink && target[i]! < 0) throw new RangeError(`target ${i} is negative: ${target[i]}`);
    if (weight !== undefined && !(weight[i]! >= 0 && weight[i]! < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`weight ${i} is ${weight[i]}`);
    }
  }
}
