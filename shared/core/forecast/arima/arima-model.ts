import { seededRandom } from '../../math/random.ts';
import { assertAsked, type Fitted, type ModelState } from '../model.ts';
import { normalQuantiles } from '../normal-quantiles.ts';
import { arimaFutures, type Futures } from './futures.ts';
import { arimaOrder } from './order.ts';
import { effectsAt } from './prepare.ts';

export type ArimaState = ModelState & {
  readonly model: 'arima';
  /** p, d, q, P, D, Q, periods in a season. */
  readonly orders: readonly [number, number, number, number, number, number, number];
  /** ar, ma, sar, sma. */
  readonly coefficients: readonly number[];
  readonly variance: number;
  /** Observations that the filter has seen. */
  readonly seen: number;
  readonly ahead: readonly number[];
  readonly last: readonly number[];
  readonly constant: number;
  /** Cosine and sine of the season and of its harmonics. */
  readonly waves: readonly number[];
  /** Periods from the start of the history to the first that is forecast. */
  readonly next: number;
  /** Joint effect of the known inputs on each period ahead; empty without inputs. */
  readonly inputs: readonly number[];
  /** Unknown periods at the end of the history, forecast first and left out. */
  readonly trailing: number;
};

/** A state that holds nothing but a level. */
export function constantArima(level: number): Fitted<ArimaState> {
  return arimaOf({
    model: 'arima',
    orders: [0, 0, 0, 0, 0, 0, 1],
    coefficients: [],
    variance: 0,
    seen: 0,
    ahead: [0],
    last: [],
    constant: level,
    waves: [],
    next: 0,
    inputs: [],
    trailing: 0,
  });
}

/** The model as it was stored. */
export function arimaOf(state: ArimaState): Fitted<ArimaState> {
  const [p, d, q, P, D, Q, period] = state.orders;
  const order = arimaOrder({ p, d, q, P, D, Q, period });
  const { trailing, waves, inputs } = state;
  const sigma = Math.sqrt(state.variance);
  const futures = (horizon: number): Futures => {
    if (inputs.length > 0 && horizon > inputs.length) {
      throw new RangeError(`${horizon} periods asked for, inputs known for ${inputs.length}`);
    }
    const all = horizon + trailing;
    const { mean, shocks } = arimaFutures({ ...state, order, packed: state.coefficients }, all);
    for (let h = 0; h < all; h++) {
      const wave = effectsAt(state.next + h - trailing, period, { pairs: waves.length / 2, inputs: [] });
      for (let k = 0; k < waves.length; k++) mean[h]! += waves[k]! * wave[k]!;
      if (h >= trailing) mean[h]! += inputs[h - trailing] ?? 0;
    }
    return { mean, shocks };
  };
  return {
    forecast(horizon, levels) {
      assertAsked(horizon, levels);
      const { mean, shocks } = futures(horizon);
      const all = mean.length;
      const variance = Array.from({ length: horizon }, (_, h) => {
        let sum = 0;
        const row = (h + trailing) * all;
        for (let j = row; j < row + all; j++) sum += shocks[j]! ** 2;
        return state.variance * sum;
      });
      const kept = Array.from(mean.subarray(trailing));
      return { mean: kept, quantiles: normalQuantiles(kept, variance, levels) };
    },
    paths(horizon, count, seed) {
      assertAsked(horizon, [], count);
      const random = seededRandom(seed);
      const { mean, shocks } = futures(horizon);
      const all = mean.length;
      const drawn = new Float64Array(all);
      return Array.from({ length: count }, () => {
        for (let j = 0; j < all; j++) drawn[j] = sigma * random.normal();
        const path = new Float64Array(horizon);
        for (let h = 0; h < horizon; h++) {
          let value = mean[h + trailing]!;
          const row = (h + trailing) * all;
          for (let j = 0; j <= h + trailing; j++) value += shocks[row + j]! * drawn[j]!;
          path[h] = value;
        }
        return path;
      });
    },
    toState: () => state,
  };
}
