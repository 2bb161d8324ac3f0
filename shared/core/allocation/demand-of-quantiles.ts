/** A forecast of a sum of demand by some of its quantiles: levels ascending in (0, 1), values (units) ascending. */
export interface DemandQuantiles {
  readonly levels: readonly number[];
  readonly values: readonly number[];
}

/**
 * Equally likely demands that have these quantiles: `count` values at the levels (i + 1/2) / count, linear between the
 * known ones; beyond the outermost the nearest slope goes on, not below 0. For forecasts of which nothing else is kept:
 * simulated demand is better, as sums of quantiles are no quantiles of sums.
 */
export function demandOfQuantiles({ levels, values }: DemandQuantiles, count = 200): Float64Array {
  const known = levels.length;
  if (known < 2 || values.length !== known)
    throw new RangeError(`${known} levels and ${values.length} values`);
  for (let k = 0; k < known; k++) {
    const isAbove = k === 0 || (levels[k]! > levels[k - 1]! && values[k]! >= values[k - 1]!);
    if (!(levels[k]! > 0 && levels[k]! < 1 && isAbove && Number.isFinite(values[k])))
      throw new RangeError('quantiles ascend, with levels between 0 and 1');
  }
  const demand = new Float64Array(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const level = (i + 0.5) / count;
    while (at < known - 2 && level > levels[at + 1]!) at += 1;
    const slope = (values[at + 1]! - values[at]!) / (levels[at + 1]! - levels[at]!);
    demand[i] = Math.max(0, values[at]! + (level - levels[at]!) * slope);
  }
  return demand;
}
