import { fitLine } from '../../math/least-squares.ts';
import { seededRandom } from '../../math/random.ts';
import { assertAsked, type Fitted, type History, knownValues, type ModelState, rounded } from '../model.ts';
import { normalQuantiles } from '../normal-quantiles.ts';
import { bridgeGaps } from '../smoothing/bridge-gaps.ts';
import { smoothBest } from '../smoothing/exponential-smoothing.ts';
import { significantFactors } from './season-factors.ts';

export type ThetaState = ModelState & {
  readonly model: 'theta';
  readonly alpha: number;
  readonly level: number;
  /** Added to the level each period, and once at the start: the part of the trend that smoothing lags behind. */
  readonly drift: number;
  readonly lag: number;
  readonly variance: number;
  /** Multiplied on each period ahead in turn; empty without a season. */
  readonly factors: readonly number[];
};

/**
 * The theta method of Assimakopoulos & Nikolopoulos (2000) as R's thetaf computes it: where autocorrelation at the
 * season is significant, classical multiplicative factors are taken out; then simple exponential smoothing with a
 * drift of half the slope of the series (Hyndman & Billah 2003):
 *   y[n+j] = (l + drift (j - 1 + (1 - (1 - alpha)^n) / alpha)) factor[j]
 * Unknown values inside are bridged by a straight line. Needs 2 known values.
 */
export function fitTheta(history: History, { period = 1 } = {}): Fitted<ThetaState> {
  knownValues(history, 2);
  const y = bridgeGaps(history);
  const n = y.length;
  const seasons = significantFactors(y, period);
  const adjusted = seasons ? y.map((value, t) => value / seasons[t % period]!) : y;
  const { alpha, lastLevel, squares } = smoothBest(adjusted);
  const drift = fitLine(adjusted).slope / 2;
  return thetaOf({
    model: 'theta',
    alpha: rounded(alpha),
    level: rounded(lastLevel),
    drift: rounded(drift),
    lag: rounded((1 - (1 - alpha) ** n) / alpha),
    variance: rounded(squares / Math.max(1, n - 2)),
    factors: seasons
      ? Array.from({ length: period }, (_, j) => Number(seasons[(n + j) % period]!.toPrecision(6)))
      : [],
  });
}

/** The model as it was stored. */
export function thetaOf(state: ThetaState): Fitted<ThetaState> {
  const { alpha, level, drift, lag, variance, factors } = state;
  const factor = (h: number): number => (factors.length > 0 ? factors[h % factors.length]! : 1);
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const mean = Array.from({ length: horizon }, (_, h) => (level + drift * (h + lag)) * factor(h));
      const spread = mean.map((_, h) => variance * (1 + h * alpha * alpha) * factor(h) ** 2);
      return { mean, quantiles: normalQuantiles(mean, spread, levels) };
    },
    paths(horizon, count, seed) {
      assertAsked(horizon, [], count);
      const random = seededRandom(seed);
      const deviation = Math.sqrt(variance);
      return Array.from({ length: count }, () => {
        const path = new Float64Array(horizon);
        let shift = 0;
        for (let h = 0; h < horizon; h++) {
          const error = deviation * random.normal();
          path[h] = (level + drift * (h + lag) + shift + error) * factor(h);
          shift += alpha * error;
        }
        return path;
      });
    },
    toState: () => state,
  };
}
