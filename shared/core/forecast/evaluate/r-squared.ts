/**
 * 1 - squared errors / squared deviations of the known actuals from their mean: 1 perfect, 0 as good as knowing the
 * mean, negative worse. NaN when the actuals do not vary.
 */
export function rSquared(actual: ArrayLike<number>, forecast: ArrayLike<number>): number {
  let count = 0;
  let mean = 0;
  for (let i = 0; i < actual.length; i++) {
    if (Number.isNaN(actual[i]!)) continue;
    count++;
    mean += (actual[i]! - mean) / count;
  }
  let errors = 0;
  let total = 0;
  for (let i = 0; i < actual.length; i++) {
    if (Number.isNaN(actual[i]!)) continue;
    errors += (actual[i]! - forecast[i]!) ** 2;
    total += (actual[i]! - mean) ** 2;
  }
  return total > 0 ? 1 - errors / total : Number.NaN;
}
