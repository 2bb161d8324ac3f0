import { type DemandTrack, weightedPeriods } from './demand-track.ts';

/** A level counts by this power of its squared error against the least one. */
const SHARPNESS = 4;

/**
 * Expected demand of the `length` periods from each t on, from what is known before it: smoothed levels times the weights
 * of the days, averaged by the record of each over such windows that were over by then.
 */
export function windowCentre(track: DemandTrack, length: number): Float64Array {
  const { sums, counts, levels, kinds } = track;
  const n = sums.length;
  const squares = new Float64Array(kinds);
  const periods = new Float64Array(n);
  const centres = new Float64Array(n);
  for (let t = 0; t < n; t++) {
    periods[t] = weightedPeriods(track, t, length);
    if (t >= length && counts[t]! - counts[t - length]! === length) record(t - length, t);
    let least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < kinds; k++) if (squares[k]! < least) least = squares[k]!;
    let sum = 0;
    let weights = 0;
    for (let k = 0; k < kinds; k++) {
      const weight = squares[k]! > 0 ? (least / squares[k]!) ** SHARPNESS : 1;
      sum += weight * levels[kinds * t + k]!;
      weights += weight;
    }
    centres[t] = (sum / weights) * periods[t]!;
  }
  return centres;

  function record(from: number, to: number): void {
    const demand = sums[to]! - sums[from]!;
    for (let k = 0; k < kinds; k++) {
      const error = demand - levels[kinds * from + k]! * periods[from]!;
      squares[k]! += error * error;
    }
  }
}
