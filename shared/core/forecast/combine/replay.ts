import { type Random, seededRandom } from '../../math/random.ts';

/** Weight of the newest value in the level that each stretch of the past is compared with. */
const LEVEL_WEIGHT = 0.2;
/** How far that level is drawn towards the overall mean: keeps ratios sane where demand had nearly stopped. */
const SHRINKAGE = 0.5;
/** Noise on each ratio as a share of the variation of the series: futures are not confined to what has been seen. */
const JITTER = 0.5;
const MOST_JITTER = 0.4;
/** Steps over which the ratios are made to average 1. */
const NORMAL_STEPS = 13;

/**
 * Simulated futures around a mean from the newest quantities (season taken out): every future replays stretches of the
 * past, as ratios of what was sold to the level known when the stretch began, so that drift, streaks, zeros and bursts
 * keep their size and their togetherness. A stretch that reaches today goes on with another one.
 * Null when there was nothing above zero to replay.
 */
export function replayPaths(
  values: readonly number[],
  mean: readonly number[],
  count: number,
  seed: number,
): Float64Array[] | null {
  const average = values.reduce((sum, value) => sum + value / values.length, 0);
  if (!(average > 0)) return null;
  const levels = levelsOf(values, average);
  const scale = 1 / averageRatio(values, levels);
  const variance = values.reduce((sum, value) => sum + (value - average) ** 2 / values.length, 0);
  const jitter = Math.min(MOST_JITTER, (JITTER * Math.sqrt(variance)) / average);
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const path = new Float64Array(mean.length);
    let from = random.integer(values.length);
    let t = from;
    for (let h = 0; h < mean.length; h++) {
      if (t >= values.length) t = from = random.integer(values.length);
      const ratio = (values[t]! / levels[from]!) * scale;
      path[h] = Math.max(0, mean[h]!) * noisy(ratio, jitter, random);
      t++;
    }
    return path;
  });
}

function noisy(ratio: number, jitter: number, random: Random): number {
  return ratio === 0 ? 0 : ratio * Math.exp(jitter * random.normal() - (jitter * jitter) / 2);
}

/** The level known before each value. */
function levelsOf(values: readonly number[], average: number): Float64Array {
  let level = average;
  return Float64Array.from(values, (value) => {
    const before = (1 - SHRINKAGE) * level + SHRINKAGE * average;
    level += LEVEL_WEIGHT * (value - level);
    return before;
  });
}

function averageRatio(values: readonly number[], levels: Float64Array): number {
  let sum = 0;
  let pairs = 0;
  for (let from = 0; from < values.length; from++) {
    const end = Math.min(values.length, from + NORMAL_STEPS);
    for (let t = from; t < end; t++) {
      sum += values[t]! / levels[from]!;
      pairs++;
    }
  }
  return sum / pairs;
}
