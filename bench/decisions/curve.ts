import type { Tally } from '../../shared/core/replay/replay-stock.ts';

/** What a policy came to at one setting of it, summed over series. */
export interface CurvePoint {
  readonly fillRate: number;
  readonly stock: number;
  readonly daysShort: number;
}

/** Sums tallies of series, each as often as it is drawn. */
export function pointOf(
  tallies: readonly Tally[],
  draws: ArrayLike<number>,
  daysAPeriod: number,
): CurvePoint {
  let demand = 0;
  let served = 0;
  let stock = 0;
  let short = 0;
  tallies.forEach((tally, i) => {
    const times = draws[i]!;
    if (times === 0) return;
    demand += times * tally.demand;
    served += times * tally.served;
    stock += (times * tally.stock) / tally.periods;
    short += times * tally.periodsShort;
  });
  return { fillRate: demand > 0 ? served / demand : 1, stock, daysShort: short * daysAPeriod };
}

/**
 * Stock that a curve needs for a fill rate: log stock, linear in log unserved between the points around it. Only points
 * that no other one beats in both count. NaN beyond the ends of the curve.
 */
export function stockAt(curve: readonly CurvePoint[], fillRate: number): number {
  return between(
    frontier(curve),
    Math.log(unserved(fillRate)),
    (point) => Math.log(unserved(point.fillRate)),
    (point) => Math.log(point.stock),
  );
}

/** Days with unserved demand on a curve at a stock; NaN beyond its ends. */
export function daysShortAt(curve: readonly CurvePoint[], stock: number): number {
  return between(
    frontier(curve),
    Math.log(stock),
    (point) => Math.log(point.stock),
    (point) => Math.log(Math.max(1, point.daysShort)),
  );
}

/** Points by rising stock, each with a better fill rate than all before it. */
export function frontier(curve: readonly CurvePoint[]): CurvePoint[] {
  const found: CurvePoint[] = [];
  for (const point of [...curve].sort((a, b) => a.stock - b.stock || b.fillRate - a.fillRate)) {
    if (point.stock > 0 && !(point.fillRate <= (found.at(-1)?.fillRate ?? -1))) found.push(point);
  }
  return found;
}

function unserved(fillRate: number): number {
  return Math.max(1e-6, 1 - fillRate);
}

function between(
  points: readonly CurvePoint[],
  at: number,
  x: (point: CurvePoint) => number,
  y: (point: CurvePoint) => number,
): number {
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const [from, to] = [x(a), x(b)];
    if (Math.min(from, to) <= at && at <= Math.max(from, to) && from !== to)
      return Math.exp(y(a) + ((at - from) / (to - from)) * (y(b) - y(a)));
  }
  return Number.NaN;
}
