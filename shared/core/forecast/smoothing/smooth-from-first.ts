/** Last level of simple exponential smoothing that starts at the first value: l += weight (v - l). */
export function smoothFromFirst(values: ArrayLike<number>, weight: number): number {
  let level = values[0]!;
  for (let i = 1; i < values.length; i++) level += weight * (values[i]! - level);
  return level;
}
