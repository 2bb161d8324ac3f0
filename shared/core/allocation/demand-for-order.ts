/** Demands of equally likely futures: before an order can come, and from then until the next one can. */
export interface DemandByArrival {
  readonly before: ArrayLike<number>;
  /** Future by future with `before`. */
  readonly after: ArrayLike<number>;
}

/**
 * Units that an order of any size can sell, in each future: who waits now, and demand after it has come that what is left of
 * the position x by then does not serve. What is missed before that is lost, whatever is ordered.
 *   max(0, -x) + max(0, D_R - max(0, x - D_L))
 */
export function demandForOrder({ before, after }: DemandByArrival, position: number): Float64Array {
  const waiting = Math.max(0, -position);
  return Float64Array.from(after, (demand, i) => {
    // whoever brings goods back does not want less than nothing
    const left = Math.max(0, position - Math.max(0, before[i]!));
    return waiting + Math.max(0, demand - left);
  });
}
