import { seededRandom } from '../../math/random.ts';
import { assertAsked, type Fitted, type History, knownValues, type ModelState, rounded } from '../model.ts';
import { normalQuantiles } from '../normal-quantiles.ts';
import { bridgeGaps } from '../smoothing/bridge-gaps.ts';
import { optimiseTheta } from './optimise-theta.ts';
import { significantFactors } from './season-factors.ts';
import { type ThetaPosition, type ThetaWeights, thetaStep } from './theta-line.ts';

export type OptimisedThetaState = ModelState &
  ThetaWeights &
  Readonly<ThetaPosition> & {
    readonly model: 'otm';
    readonly variance: number;
    /** Multiplied on each period ahead in turn; empty without a season. */
    readonly factors: readonly number[];
  };

export interface OptimisedThetaOptions {
  readonly period?: number;
  /** DOTM: the line follows the history up to each period, instead of being the same for all of it. */
  readonly isDynamic?: boolean;
}

/**
 * The optimised theta model, or its dynamic form (Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler 2016): theta, the
 * smoothing weight and the first level by least squares. Season factors as in the standard method. Unknown values are
 * bridged by a straight line. Needs 2 known values; below 5 theta stays 2.
 */
export function fitOptimisedTheta(
  history: History,
  { period = 1, isDynamic = false }: OptimisedThetaOptions = {},
): Fitted<OptimisedThetaState> {
  knownValues(history, 2);
  const y = bridgeGaps(history);
  const n = y.length;
  const factors = significantFactors(y, period);
  const adjusted = factors ? y.map((value, t) => value / factors[t % period]!) : y;
  const { weights, position, squares, counted } = optimiseTheta(adjusted, isDynamic);
  return optimisedThetaOf({
    model: 'otm',
    ...weights,
    ...position,
    variance: rounded(squares / Math.max(1, counted - 3)),
    factors: factors
      ? Array.from({ length: period }, (_, j) => Number(factors[(n + j) % period]!.toPrecision(6)))
      : [],
  });
}

/** The model as it was stored. */
export function optimisedThetaOf(state: OptimisedThetaState): Fitted<OptimisedThetaState> {
  const { variance, factors } = state;
  const factor = (h: number): number => (factors.length > 0 ? factors[h % factors.length]! : 1);
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const end = positionOf(state);
      const mean = Array.from(
        { length: horizon },
        (_, h) => thetaStep(state, end, Number.NaN, 0) * factor(h),
      );
      if (levels.length === 0) return { mean, quantiles: {} };
      const spread = growthOf(state, horizon).map((growth, h) => variance * growth * factor(h) ** 2);
      return { mean, quantiles: normalQuantiles(mean, spread, levels) };
    },
    paths(horizon, count, seed) {
      assertAsked(horizon, [], count);
      const random = seededRandom(seed);
      const deviation = Math.sqrt(variance);
      return Array.from({ length: count }, () => {
        const path = new Float64Array(horizon);
        const at = positionOf(state);
        for (let h = 0; h < horizon; h++) {
          const error = deviation * random.normal();
          path[h] = (thetaStep(state, at, Number.NaN, error) + error) * factor(h);
        }
        return path;
      });
    },
    toState: () => state,
  };
}

function positionOf({ count, level, intercept, slope, mean }: OptimisedThetaState): ThetaPosition {
  return { count, level, intercept, slope, mean };
}

/** Variance of each period ahead for errors of variance 1: the model is linear, so that each error has one response. */
function growthOf(state: OptimisedThetaState, horizon: number): number[] {
  const growth = Array.from({ length: horizon }, (_, h) => 1 + h * state.alpha ** 2);
  if (!state.isDynamic) return growth;
  growth.fill(1);
  for (let j = 0; j < horizon; j++) {
    const at = { count: state.count + j, level: 0, intercept: 0, slope: 0, mean: 0 };
    thetaStep(state, at, Number.NaN, 1);
    for (let h = j + 1; h < horizon; h++) growth[h]! += thetaStep(state, at, Number.NaN, 0) ** 2;
  }
  return growth;
}
