import { type Fitted, type History, knownValues } from '../model.ts';
import { smoothFromFirst } from '../smoothing/smooth-from-first.ts';
import { type LevelDemandState, levelDemand } from './level-demand.ts';

export interface AggregationOptions {
  /** Weight of the newest block; the one with the least squared one-step errors in 0.1..0.3 when left out. */
  readonly weight?: number;
}

const LEAST_WEIGHT = 100;
const MOST_WEIGHT = 300;

/**
 * ADIDA (Nikolopoulos et al. 2011): sums blocks as long as the usual interval between demands, smooths the sums, and
 * spreads the next one evenly. Needs one known value; a history without demand is forecast as zero.
 */
export function fitAdida(history: History, { weight }: AggregationOptions = {}): Fitted<LevelDemandState> {
  const y = knownValues(history, 1);
  return levelDemand('adida', adidaMean(y, aggregationLevel(y), weight), y);
}

/** IMAPA (Petropoulos & Kourentzes 2015): the mean of ADIDA over all block lengths from 1 to the usual interval. */
export function fitImapa(history: History, { weight }: AggregationOptions = {}): Fitted<LevelDemandState> {
  const y = knownValues(history, 1);
  const longest = aggregationLevel(y);
  let sum = 0;
  for (let length = 1; length <= longest; length++) sum += adidaMean(y, length, weight);
  return levelDemand('imapa', sum / longest, y);
}

/** Mean interval between demands, rounded, at least 1: the block length of ADIDA. */
export function aggregationLevel(y: ArrayLike<number>): number {
  let demands = 0;
  let last = -1;
  for (let t = 0; t < y.length; t++) {
    if (!(y[t]! > 0)) continue;
    demands++;
    last = t;
  }
  return demands === 0 ? 1 : Math.max(1, Math.floor((last + 1) / demands + 0.5));
}

/** Mean a period of blocks of this length; the oldest values that fill no block are left out. */
export function adidaMean(y: ArrayLike<number>, length: number, weight?: number): number {
  const blocks = new Float64Array(Math.floor(y.length / length));
  const skip = y.length - blocks.length * length;
  for (let b = 0; b < blocks.length; b++) {
    for (let i = 0; i < length; i++) blocks[b]! += y[skip + b * length + i]!;
  }
  return smoothFromFirst(blocks, weight ?? bestWeight(blocks)) / length;
}

function bestWeight(values: Float64Array): number {
  let best = LEAST_WEIGHT;
  let least = Number.POSITIVE_INFINITY;
  for (let thousandths = LEAST_WEIGHT; thousandths <= MOST_WEIGHT; thousandths++) {
    let level = values[0]!;
    let squares = 0;
    for (let i = 1; i < values.length; i++) {
      const error = values[i]! - level;
      squares += error * error;
      level += (thousandths / 1000) * error;
    }
    if (squares >= least) continue;
    least = squares;
    best = thousandths;
  }
  return best / 1000;
}
