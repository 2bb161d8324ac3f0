import { quasiNewton } from '../../math/quasi-newton.ts';
import { conditionalSquares } from './conditional-squares.ts';
import type { ArimaLikelihood } from './likelihood.ts';
import { type ArimaOrder, coefficientCount } from './order.ts';
import { coefficientsInto, freeNumbers } from './stationary.ts';

export interface ArimaSearch {
  /** Coefficients of a similar model, packed for this one: one more start. */
  readonly near?: ArrayLike<number>;
  /** How many of the usual starts are tried. Default 6, all of them. */
  readonly starts?: number;
  /** How many of the best starts are followed to the end. Default 2. */
  readonly climbs?: number;
  /** Whether hills of an AR and an MA that almost cancel near the unit circle are looked for. Default true. */
  readonly edges?: boolean;
  /** -log L is found to about this. Default 1e-5. */
  readonly tolerance?: number;
  /** Most steps of one climb. Default 60. */
  readonly maxSteps?: number;
}

/** Coefficients packed as ar, ma, sar, sma, and -log L there. */
export interface ArimaPeak {
  readonly packed: Float64Array;
  readonly value: number;
  readonly evaluations: number;
  /** Conditional sums of squares that were looked at before. */
  readonly screened: number;
}

/** First ar, ma, sar and sma of each start; higher ones fade by a half. */
const STARTS = [
  [0.1, 0.1, 0.1, 0.1],
  [0.3, -0.6, 0.3, -0.2],
  [0.8, -0.9, 0.5, 0.1],
  [-0.3, 0.3, 0.8, -0.6],
  [0.9, -0.4, -0.3, 0.3],
  [-0.6, -0.3, 0.2, -0.7],
] as const;
/** An AR and an MA that almost cancel, near the unit circle. */
const EDGES = [
  [0.98, -0.95],
  [-0.97, 0.95],
] as const;
/** How much worse the foot of such a hill may be for a climb to be worth it. */
const EDGE_REACH = 2.5;
const EDGE_CLIMBS = 2;
/** Two ends nearer than this, in free numbers, are one hill. */
const SAME_HILL = 0.25;

/**
 * Maximises the exact likelihood. The surface can have several hills, so six starts first climb the conditional sum of
 * squares, which costs next to nothing; the ends are ranked by exact likelihood and the best `climbs` different ones
 * are followed by BFGS.
 */
export function optimiseArima(
  order: ArimaOrder,
  w: Float64Array,
  likelihood: ArimaLikelihood,
  search: ArimaSearch = {},
): ArimaPeak {
  const n = coefficientCount(order);
  const packed = new Float64Array(n);
  let evaluations = 0;
  const exact = (free: Float64Array): number => {
    evaluations++;
    coefficientsInto(packed, free, order);
    return likelihood(packed);
  };
  if (n === 0) return { packed, value: likelihood(packed), evaluations: 1, screened: 0 };
  const { tolerance = 1e-5, maxSteps = 60 } = search;
  const { starts, screened } = startsFor(order, w, search);
  const ranked = starts
    .map((start) => ({ ...start, value: exact(start.point) }))
    .sort((a, b) => a.value - b.value);
  let best = { point: ranked[0]!.point, value: ranked[0]!.value };
  const climbed: Float64Array[] = [];
  for (const { point, curvature } of ranked) {
    if (climbed.length >= (search.climbs ?? 2)) break;
    if (climbed.some((other) => distance(other, point) < SAME_HILL)) continue;
    climbed.push(point);
    const end = quasiNewton(exact, point, { tolerance, maxSteps, ...(curvature && { curvature }) });
    climbed.push(end.point);
    if (end.value < best.value) best = end;
  }
  if (search.edges ?? true) {
    const edges = edgeStarts(best.point, order)
      .map((point) => ({ point, value: exact(point) }))
      .filter((edge) => edge.value < best.value + EDGE_REACH)
      .sort((a, b) => a.value - b.value);
    for (const edge of edges.slice(0, EDGE_CLIMBS)) {
      const { point, value, curvature } = quasiNewton(exact, edge.point, {
        tolerance: 1e-3,
        maxSteps: Math.min(15, maxSteps),
      });
      if (value < best.value) best = quasiNewton(exact, point, { tolerance, maxSteps, curvature });
    }
  }
  coefficientsInto(packed, best.point, order);
  return { packed: packed.slice(), value: best.value, evaluations, screened };
}

interface Start {
  readonly point: Float64Array;
  readonly curvature: Float64Array | null;
}

function startsFor(
  order: ArimaOrder,
  w: Float64Array,
  { near, starts }: ArimaSearch,
): { readonly starts: readonly Start[]; readonly screened: number } {
  const packed = new Float64Array(coefficientCount(order));
  const squares = conditionalSquares(order, w);
  const conditional = (free: Float64Array): number => {
    coefficientsInto(packed, free, order);
    return squares(packed);
  };
  let screened = 0;
  const ends: Start[] = near ? [{ point: freeNumbers(near, order), curvature: null }] : [];
  for (const first of STARTS.slice(0, starts)) {
    const free = freeNumbers(fading(first, order), order);
    const end = quasiNewton(conditional, free, { tolerance: 1e-2, maxSteps: 20 });
    screened += end.evaluations;
    if (ends.every(({ point }) => distance(point, end.point) >= SAME_HILL)) ends.push(end);
  }
  return { starts: ends, screened };
}

/** The point with one block, plain or seasonal, put on an edge. */
function edgeStarts(point: Float64Array, order: ArimaOrder): Float64Array[] {
  const { p, q, P, Q } = order;
  const packed = new Float64Array(point.length);
  const starts: Float64Array[] = [];
  for (const [at, ar, ma] of [
    [0, p, q],
    [p + q, P, Q],
  ] as const) {
    if (ar === 0 || ma === 0) continue;
    for (const [first, second] of EDGES) {
      coefficientsInto(packed, point, order);
      packed.fill(0, at, at + ar + ma);
      packed[at] = first;
      packed[at + ar] = second;
      starts.push(freeNumbers(packed, order));
    }
  }
  return starts;
}

function fading(first: readonly [number, number, number, number], order: ArimaOrder): number[] {
  const counts = [order.p, order.q, order.P, order.Q];
  return counts.flatMap((count, i) => Array.from({ length: count }, (_, j) => first[i]! * 0.5 ** j));
}

function distance(a: Float64Array, b: Float64Array): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}
