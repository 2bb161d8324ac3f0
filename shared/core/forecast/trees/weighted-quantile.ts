/**
 * Smallest value that at least the share `p` of the weight does not exceed; halfway to the next one when
 * the share is met exactly (type 2 of Hyndman & Fan 1996, so that weight 2 is the same as two rows).
 * Reorders the first `count` values, together with their weights. Expected time is linear.
 */
export function weightedQuantile(
  values: Float64Array,
  weights: Float64Array | undefined,
  count: number,
  p: number,
): number {
  if (count === 0) throw new RangeError('quantile of no values');
  let total = count;
  if (weights !== undefined) {
    total = 0;
    for (let i = 0; i < count; i++) total += weights[i]!;
  }
  const target = p * total;
  const close = 1e-12 * total;
  let from = 0;
  let to = count;
  let below = 0;
  while (to - from > 1) {
    const pivot = middleOf(values[from]!, values[(from + to) >>> 1]!, values[to - 1]!);
    // Three ways: below the pivot, the pivot, above it. Ties are common, residuals of zero sales above all.
    let less = from;
    let more = to;
    let lessWeight = 0;
    let equalWeight = 0;
    for (let i = from; i < more; ) {
      const value = values[i]!;
      const weight = weights === undefined ? 1 : weights[i]!;
      if (value < pivot) {
        lessWeight += weight;
        swap(values, weights, less++, i++);
      } else if (value > pivot) swap(values, weights, i, --more);
      else {
        equalWeight += weight;
        i++;
      }
    }
    if (less > from && below + lessWeight >= target - close) to = less;
    else if (below + lessWeight + equalWeight >= target - close || more === to) {
      return settle(values, count, more, pivot, below + lessWeight + equalWeight - target, close);
    } else {
      below += lessWeight + equalWeight;
      from = more;
    }
  }
  const weight = weights === undefined ? 1 : weights[from]!;
  return settle(values, count, from + 1, values[from]!, below + weight - target, close);
}

function settle(
  values: Float64Array,
  count: number,
  above: number,
  value: number,
  excess: number,
  close: number,
): number {
  if (excess > close || above >= count) return value;
  let next = values[above]!;
  for (let i = above + 1; i < count; i++) if (values[i]! < next) next = values[i]!;
  return value + (next - value) / 2;
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function swap(values: Float64Array, weights: Float64Array | undefined, i: number, j: number): void {
  const value = values[i]!;
  values[i] = values[j]!;
  values[j] = value;
  if (weights === undefined) return;
  const weight = weights[i]!;
  weights[i] = weights[j]!;
  weights[j] = weight;
}
