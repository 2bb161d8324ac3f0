import { type Random, seededRandom, seedOf } from '../../math/random.ts';
import { FRAME_SHAPE } from './frame-shape.ts';
import { type FeaturePlan, featureNames, type SeriesFeatures } from './series-features.ts';

/** Rows of features with what came of them. */
export interface TrainingFrame {
  readonly columns: readonly Float32Array[];
  /** Quantities divided by the scale of their row. */
  readonly target: Float64Array;
  readonly scale: Float64Array;
  /** How many periods before the newest one the quantity was sold. */
  readonly age: Int32Array;
}

export interface TrainingOptions {
  /** Nothing later than this many periods before the end of each series is looked at. */
  readonly holdBack: number;
  readonly horizon: number;
  /** About this many rows at most. */
  readonly rows: number;
  readonly seed: number;
}

/** Newest origins that are learnt from, in years. */
export const YEARS = { daily: 2, weekly: 5, monthly: 10 } as const;

/**
 * Draws (series, origin, step) at random from all that lie in the past, and writes their features: one row says what was
 * known at an origin and what was sold `step` periods later.
 */
export function trainingFrame(
  series: readonly SeriesFeatures[],
  quantities: readonly Float64Array[],
  plan: FeaturePlan,
  options: TrainingOptions,
): TrainingFrame {
  const { horizon, holdBack, rows: wanted, seed } = options;
  const shape = FRAME_SHAPE[plan.frequency];
  const newest = YEARS[plan.frequency] * shape.year;
  const pairs = series.reduce((sum, one) => sum + originsOf(one, holdBack, newest) * horizon, 0);
  const share = Math.min(1, wanted / Math.max(1, pairs));
  const width = featureNames(plan).length;
  const capacity = Math.ceil(pairs * share * 1.1) + 64 * horizon;
  const columns = Array.from({ length: width }, () => new Float32Array(capacity));
  const target = new Float64Array(capacity);
  const scales = new Float64Array(capacity);
  const ages = new Int32Array(capacity);
  const row = new Float64Array(width);
  const random = seededRandom(seedOf(seed, 'training rows'));
  let count = 0;
  for (let s = 0; s < series.length; s++) {
    const one = series[s]!;
    const y = quantities[s]!;
    const last = y.length - 1 - holdBack;
    const first = Math.max(0, last - originsOf(one, holdBack, newest));
    for (let origin = first; origin < last && count + horizon <= capacity; origin++) {
      const steps = drawSteps(horizon, share, random);
      if (steps.length === 0 || !one.isUsable(origin)) continue;
      const scale = one.scale(origin);
      one.write(origin, steps, row, (step) => {
        const value = origin + step <= last ? y[origin + step]! : Number.NaN;
        if (Number.isNaN(value)) return;
        for (let f = 0; f < width; f++) columns[f]![count] = row[f]!;
        target[count] = value / scale;
        scales[count] = scale;
        ages[count] = last - origin - step;
        count++;
      });
    }
  }
  return {
    columns: columns.map((column) => column.subarray(0, count)),
    target: target.subarray(0, count),
    scale: scales.subarray(0, count),
    age: ages.subarray(0, count),
  };
}

function originsOf({ length }: SeriesFeatures, holdBack: number, newest: number): number {
  return Math.max(0, Math.min(newest, length - holdBack - 1));
}

/** Each step with the same chance. */
function drawSteps(horizon: number, share: number, random: Random): number[] {
  const steps: number[] = [];
  for (let step = 1; step <= horizon; step++) if (share === 1 || random.uniform() < share) steps.push(step);
  return steps;
}
