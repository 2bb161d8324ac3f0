import { normalQuantile } from '../../math/normal.ts';
import { seededRandom, seedOf } from '../../math/random.ts';
import { assertAsked, type Fitted, type ModelState } from '../model.ts';
import { pathQuantiles } from '../path-quantiles.ts';
import type { ThetaState } from '../theta/theta.ts';
import { LEVEL_ERROR } from './level-error.ts';
import { replayPaths } from './replay.ts';

export type BlendState = ModelState & {
  readonly model: 'blend';
  /** The models whose means are averaged; the weights sum to 1. */
  readonly members: readonly { readonly weight: number; readonly state: ModelState }[];
  /** The newest quantities, oldest first: the spread is replayed from them. */
  readonly values: readonly number[];
  /** Season factors of the periods ahead, in turn; empty without a season, or when a theta member has them. */
  readonly factors: readonly number[];
  /** Variance one period ahead, and its growth: variance (1 + h growth) for h periods more. */
  readonly variance: number;
  readonly growth: number;
  /** Quantities are whole numbers, and so are futures. */
  readonly isWhole: boolean;
  /** Quantities may be negative: normal errors only, and nothing is cut at zero. */
  readonly isSigned: boolean;
};

const QUANTILE_PATHS = 800;
/** Share of the normal quantiles in the mixture with the replayed ones. */
const NORMAL_SHARE = 0.5;
/** Widening of the normal part for what the fit does not know of itself, measured likewise. */
const WIDTH = 1.1;

/**
 * An average of models with a spread of its own. Each quantile is halfway between a normal one, calibrated on rolling
 * origins, and one replayed from the past: the first knows the size of errors, the second the shape of demand.
 * Futures have exactly these quantiles in each period. Their ranks come from the replay and from a level drawn once for
 * the whole future, so that sums over a lead time spread as widely as they do in truth.
 */
export function blendOf(state: BlendState, revive: (state: ModelState) => Fitted): Fitted<BlendState> {
  const season = seasonOf(state);
  const members = state.members.map(({ weight, state: member }) => ({ weight, fitted: revive(member) }));
  const meanOf = (horizon: number): number[] => {
    const mean = new Array<number>(horizon).fill(0);
    for (const { weight, fitted } of members) {
      const part = fitted.forecast(horizon, []).mean;
      for (let h = 0; h < horizon; h++)
        mean[h]! += weight * (state.isSigned ? part[h]! : Math.max(0, part[h]!));
    }
    return mean;
  };
  const paths = (horizon: number, count: number, seed: number): Float64Array[] => {
    assertAsked(horizon, [], count);
    const mean = meanOf(horizon);
    const values = withoutSeason(state.values, season);
    const replayed = state.isSigned ? null : replayPaths(values, mean, count, seed);
    const futures = replayed ?? randomWalks(horizon, count, seed, state.growth);
    mixInNormal(futures, mean, state, season, replayed === null ? 1 : NORMAL_SHARE, seed);
    return futures;
  };
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const quantiles = levels.length > 0 ? pathQuantiles(paths(horizon, QUANTILE_PATHS, 1), levels) : {};
      return { mean: meanOf(horizon), quantiles };
    },
    paths,
    toState: () => state,
  };
}

/** The state with its numbers at nine significant digits: short to store, and the same after a round trip. */
export function compactBlend(state: BlendState): BlendState {
  return JSON.parse(
    JSON.stringify(state, (_, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(9)) : value,
    ),
  ) as BlendState;
}

function seasonOf({ factors, members }: BlendState): readonly number[] {
  if (factors.length > 0) return factors;
  const theta = members.find(({ state }) => state.model === 'theta')?.state as ThetaState | undefined;
  return theta?.factors ?? [];
}

/** The value after the last one has the first factor ahead. */
function withoutSeason(values: readonly number[], season: readonly number[]): readonly number[] {
  const m = season.length;
  if (m === 0) return values;
  return values.map((value, i) => value / season[(((i - values.length) % m) + m) % m]!);
}

/** Normal scores, which lie within 20 of zero, as whole numbers that leave room for the number of a path. */
const KEY_SHIFT = 20;
const KEY_STEPS = 2 ** 30;

/**
 * Moves the values of each period halfway to the normal quantiles of their ranks, and deals them out again by ranks in
 * which paths that drew a high level are high in all periods.
 */
function mixInNormal(
  paths: Float64Array[],
  mean: readonly number[],
  state: BlendState,
  season: readonly number[],
  share: number,
  seed: number,
): void {
  const count = paths.length;
  const z = Float64Array.from(paths, (_, rank) => normalQuantile((rank + 0.5) / count));
  const random = seededRandom(seedOf(seed, 'level'));
  const shocks = Float64Array.from(paths, () => random.normal() * Math.sqrt(LEVEL_ERROR));
  const sorted = new Float64Array(count);
  const taken = new Uint32Array(count);
  const keys = new Float64Array(count);
  const rankOf = (value: number): number => {
    // Equal values get the ranks of their run one after the other.
    const first = lowerBound(sorted, value);
    return first + taken[first]!++;
  };
  for (let h = 0; h < mean.length; h++) {
    const size = season.length === 0 ? 1 : season[h % season.length]!;
    const deviation = Math.sqrt(state.variance * (1 + h * state.growth)) * size * WIDTH;
    for (let i = 0; i < count; i++) sorted[i] = paths[i]![h]!;
    sorted.sort();
    taken.fill(0);
    const values = z.map((quantile, rank) => {
      let value = mean[h]! + quantile * deviation;
      if (!state.isSigned) value = Math.max(0, value);
      value = share * value + (1 - share) * sorted[rank]!;
      return state.isWhole ? Math.round(value) : value;
    });
    for (let i = 0; i < count; i++) {
      const key = shocks[i]! + Math.sqrt(1 - LEVEL_ERROR) * z[rankOf(paths[i]![h]!)]!;
      keys[i] = Math.round((key + KEY_SHIFT) * KEY_STEPS) * count + i;
    }
    keys.sort();
    for (let rank = 0; rank < count; rank++) paths[keys[rank]! % count]![h] = values[rank]!;
  }
}

/** Index of the first element of an ascending array that is not below `value`. */
function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Only the order of these matters: neighbours in time are alike as far as the level drifts. */
function randomWalks(horizon: number, count: number, seed: number, growth: number): Float64Array[] {
  const random = seededRandom(seed);
  const pull = Math.sqrt(Math.max(0, growth));
  return Array.from({ length: count }, () => {
    let shift = 0;
    return Float64Array.from({ length: horizon }, () => {
      const error = random.normal();
      const value = shift + error;
      shift += pull * error;
      return value;
    });
  });
}
