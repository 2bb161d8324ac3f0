/** Longest run of empty periods that is a closure, and the share of all periods that closures may be. */
const LONGEST_CLOSURE = 2;
const MOST_CLOSURES = 1 / 13;

/**
 * Empty periods as unknown ones where they are few, short, and between periods with demand: a shop that is shut over
 * Christmas. A logarithm takes such a week for a catastrophe, and the mean of every later week for twice what it is.
 */
export function closuresUnknown(history: ArrayLike<number>): Float64Array {
  const y = Float64Array.from(history);
  const open = y.slice();
  let shut = 0;
  for (let from = 0; from < y.length; from++) {
    if (y[from] !== 0) continue;
    let to = from;
    while (to < y.length && y[to] === 0) to++;
    if (from > 0 && to < y.length && to - from <= LONGEST_CLOSURE) {
      open.fill(Number.NaN, from, to);
      shut += to - from;
    }
    from = to;
  }
  return shut <= MOST_CLOSURES * y.length ? open : y;
}
