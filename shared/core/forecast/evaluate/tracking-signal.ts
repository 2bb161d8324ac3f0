/**
 * Sum of (actual - forecast) / mean absolute error, after each period (Brown 1963): beyond about 4 either way the
 * forecast is biased, positive = too low. 0 while there was no error; an unknown actual (NaN) changes nothing.
 */
export function trackingSignal(actual: ArrayLike<number>, forecast: ArrayLike<number>): Float64Array {
  const signal = new Float64Array(actual.length);
  let sum = 0;
  let absolute = 0;
  let count = 0;
  for (let i = 0; i < actual.length; i++) {
    const error = actual[i]! - forecast[i]!;
    if (!Number.isNaN(error)) {
      sum += error;
      absolute += Math.abs(error);
      count++;
    }
    signal[i] = absolute > 0 ? sum / (absolute / count) : 0;
  }
  return signal;
}
