/** Where a search ended. */
export interface QuasiNewtonEnd {
  readonly point: Float64Array;
  readonly value: number;
  readonly evaluations: number;
  /** Estimate of the inverse of the second derivatives, row by row: a warm start for a function much like this one. */
  readonly curvature: Float64Array;
}

export interface QuasiNewtonOptions {
  /** Ends when a step is expected to gain less than this. Default 1e-8. */
  readonly tolerance?: number;
  /** Most steps. Default 60. */
  readonly maxSteps?: number;
  /** `curvature` of a search over a similar function. */
  readonly curvature?: Float64Array;
}

/** Step of the forward differences: half the digits of a function good to 1e-13. */
const DIFFERENCE = 3e-7;
const LONGEST_STEP = 1.5;
const MOST_HALVINGS = 12;

/**
 * Minimises a smooth function by BFGS with forward differences and a backtracking line search (Nocedal & Wright 2006,
 * algorithms 6.1 and 3.1). The function may answer Infinity or NaN where it is not defined, though not at the start.
 */
export function quasiNewton(
  of: (point: Float64Array) => number,
  start: ArrayLike<number>,
  options: QuasiNewtonOptions = {},
): QuasiNewtonEnd {
  const n = start.length;
  const tolerance = options.tolerance ?? 1e-8;
  const maxSteps = options.maxSteps ?? 60;
  let evaluations = 0;
  const valueAt = (point: Float64Array): number => {
    evaluations++;
    const found = of(point);
    return Number.isNaN(found) ? Number.POSITIVE_INFINITY : found;
  };
  let point = Float64Array.from(start);
  let next = new Float64Array(n);
  let value = valueAt(point);
  let gradient = new Float64Array(n);
  let nextGradient = new Float64Array(n);
  const direction = new Float64Array(n);
  const h = options.curvature ? options.curvature.slice() : new Float64Array(n * n);
  let isScaled = options.curvature !== undefined;

  const differences = (at: Float64Array, here: number, into: Float64Array): void => {
    for (let i = 0; i < n; i++) {
      const kept = at[i]!;
      at[i] = kept + DIFFERENCE;
      const there = valueAt(at);
      at[i] = kept;
      into[i] = Number.isFinite(there) ? (there - here) / DIFFERENCE : 0;
    }
  };
  const startAfresh = (): void => {
    h.fill(0);
    const size = Math.hypot(...gradient);
    for (let i = 0; i < n; i++) h[i * n + i] = 0.3 / Math.max(size, 0.3);
    isScaled = false;
  };

  if (n > 0 && Number.isFinite(value)) {
    differences(point, value, gradient);
    if (!isScaled) startAfresh();
    let isFresh = !isScaled;
    for (let steps = 0; steps < maxSteps; steps++) {
      let slope = 0;
      let longest = 0;
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum -= h[i * n + j]! * gradient[j]!;
        direction[i] = sum;
        slope += sum * gradient[i]!;
        longest = Math.max(longest, Math.abs(sum));
      }
      if (!(slope < 0)) {
        if (isFresh) break;
        startAfresh();
        isFresh = true;
        continue;
      }
      let factor = longest > LONGEST_STEP ? LONGEST_STEP / longest : 1;
      if (-slope * factor < tolerance) break;
      let found = Number.POSITIVE_INFINITY;
      for (let halvings = 0; halvings < MOST_HALVINGS; halvings++) {
        for (let i = 0; i < n; i++) next[i] = point[i]! + factor * direction[i]!;
        found = valueAt(next);
        if (found <= value + 1e-4 * factor * slope) break;
        // The minimum of the parabola through both values and the slope, within bounds.
        const bow = found - value - factor * slope;
        const best = Number.isFinite(bow) && bow > 0 ? (-0.5 * factor * slope) / bow : 0.2;
        factor *= Math.min(0.5, Math.max(0.1, best));
      }
      if (!(found < value)) {
        if (isFresh) break;
        startAfresh();
        isFresh = true;
        continue;
      }
      differences(next, found, nextGradient);
      update(h, point, next, gradient, nextGradient, isScaled);
      isScaled = true;
      isFresh = false;
      value = found;
      [point, next] = [next, point];
      [gradient, nextGradient] = [nextGradient, gradient];
    }
  }
  return { point, value, evaluations, curvature: h };
}

/** The BFGS update of the inverse second derivatives; left out where the function does not curve upwards. */
function update(
  h: Float64Array,
  from: Float64Array,
  to: Float64Array,
  before: Float64Array,
  after: Float64Array,
  isScaled: boolean,
): void {
  const n = from.length;
  let sy = 0;
  let yy = 0;
  let ss = 0;
  for (let i = 0; i < n; i++) {
    const s = to[i]! - from[i]!;
    const y = after[i]! - before[i]!;
    sy += s * y;
    yy += y * y;
    ss += s * s;
  }
  if (!(sy > 1e-10 * Math.sqrt(yy * ss))) return;
  if (!isScaled) {
    h.fill(0);
    for (let i = 0; i < n; i++) h[i * n + i] = sy / yy;
  }
  const hy = new Float64Array(n);
  let yhy = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) hy[i]! += h[i * n + j]! * (after[j]! - before[j]!);
    yhy += hy[i]! * (after[i]! - before[i]!);
  }
  const factor = (1 + yhy / sy) / sy;
  for (let i = 0; i < n; i++) {
    const si = to[i]! - from[i]!;
    for (let j = 0; j < n; j++) {
      const sj = to[j]! - from[j]!;
      h[i * n + j]! += factor * si * sj - (hy[i]! * sj + si * hy[j]!) / sy;
    }
  }
}
