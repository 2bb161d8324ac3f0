import { goldenSection } from '../../math/golden-section.ts';
import { fitLine } from '../../math/least-squares.ts';
import { type ThetaPosition, type ThetaWeights, thetaStep } from './theta-line.ts';

/** The best theta model of a series, at its end. */
export interface ThetaOptimum {
  readonly weights: ThetaWeights;
  readonly firstLevel: number;
  readonly position: ThetaPosition;
  /** Squared errors, and how many of them were counted. */
  readonly squares: number;
  readonly counted: number;
}

const GRID = [0.01, 0.03, 0.06, 0.1, 0.16, 0.23, 0.32, 0.43, 0.55, 0.68, 0.8, 0.9, 0.99];
/** The line of the dynamic model knows nothing before it has seen two values. */
const UNCOUNTED = 2;
/** With fewer values theta is the standard 2, and the line is that of all of them. */
const FEWEST = 5;

/**
 * Least squares over the smoothing weight, theta >= 1 and the first level. For a given weight the errors are linear in
 * the first level and in 1 - 1 / theta, so that only the weight is searched.
 */
export function optimiseTheta(y: Float64Array, isAskedDynamic: boolean): ThetaOptimum {
  const isDynamic = isAskedDynamic && y.length >= FEWEST;
  const lines = linesOf(y, isDynamic);
  const from = isDynamic ? UNCOUNTED : 0;
  const alpha = goldenSection(GRID, (weight) => solveAt(y, lines, from, weight).squares);
  const { share, firstLevel } = solveAt(y, lines, from, alpha);
  const weights = { alpha, share, isDynamic };
  const line = fitLine(y);
  const position = isDynamic
    ? { count: 0, level: firstLevel, intercept: 0, slope: 0, mean: 0 }
    : { count: 0, level: firstLevel, intercept: line.level, slope: line.slope, mean: 0 };
  let squares = 0;
  for (let t = 0; t < y.length; t++) {
    const error = y[t]! - thetaStep(weights, position, y[t]!, 0);
    if (t >= from) squares += error * error;
  }
  return { weights, firstLevel, position, squares, counted: y.length - from };
}

interface Lines {
  readonly intercept: Float64Array;
  readonly slope: Float64Array;
}

/** Intercept and slope that are known before each period. */
function linesOf(y: Float64Array, isDynamic: boolean): Lines {
  const n = y.length;
  if (!isDynamic) {
    const { level, slope } = fitLine(y);
    return { intercept: new Float64Array(n).fill(level), slope: new Float64Array(n).fill(slope) };
  }
  const lines = { intercept: new Float64Array(n), slope: new Float64Array(n) };
  const at = { count: 0, level: 0, intercept: 0, slope: 0, mean: 0 };
  for (let t = 0; t < n; t++) {
    lines.intercept[t] = at.intercept;
    lines.slope[t] = at.slope;
    thetaStep({ alpha: 0.5, share: 0, isDynamic }, at, y[t]!, 0);
  }
  return lines;
}

function solveAt(
  y: Float64Array,
  { intercept, slope }: Lines,
  from: number,
  alpha: number,
): { share: number; firstLevel: number; squares: number } {
  // The error is e - firstLevel * p - share * c.
  let level = 0;
  let p = 1;
  let ee = 0;
  let ep = 0;
  let ec = 0;
  let pp = 0;
  let pc = 0;
  let cc = 0;
  for (let t = 0; t < y.length; t++) {
    const faded = p * (1 - alpha);
    const e = y[t]! - level;
    if (t >= from) {
      const c = p * intercept[t]! + ((1 - faded) / alpha) * slope[t]!;
      ee += e * e;
      ep += e * p;
      ec += e * c;
      pp += p * p;
      pc += p * c;
      cc += c * c;
    }
    level += alpha * e;
    p = faded;
  }
  const determinant = pp * cc - pc * pc;
  const isFree = y.length >= FEWEST && determinant > 1e-10 * pp * cc;
  const share = isFree ? Math.min(1, Math.max(0, (pp * ec - pc * ep) / determinant)) : 0.5;
  const firstLevel = pp > 0 ? (ep - share * pc) / pp : 0;
  const squares =
    ee -
    2 * firstLevel * ep -
    2 * share * ec +
    firstLevel ** 2 * pp +
    2 * firstLevel * share * pc +
    share ** 2 * cc;
  return { share, firstLevel, squares: Math.max(0, squares) };
}
