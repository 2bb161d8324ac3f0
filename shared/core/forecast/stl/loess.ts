/** How a smooth is taken: points in a window, degree of its local line, and points that are interpolated between. */
export interface LoessOptions {
  readonly window: number;
  readonly degree: 0 | 1;
  /** Only each `jump`-th point is computed; straight lines in between. */
  readonly jump: number;
}

/**
 * Loess of equally spaced values y[0..n), weighted by `weights` when given, into `out`. Where all weights are 0 the value
 * itself stays. Cleveland et al. (1990), section 2, with windows and interpolation as in their program.
 */
export function loess(
  y: Float64Array,
  n: number,
  { window, degree, jump }: LoessOptions,
  weights: Float64Array | null,
  out: Float64Array,
): void {
  if (n < 2) {
    out[0] = y[0]!;
    return;
  }
  const leap = Math.min(jump, n - 1);
  const half = Math.floor((window + 1) / 2);
  let left = 0;
  let right = Math.min(window, n) - 1;
  for (let i = 0; i < n; i += leap) {
    if (window < n) {
      if (leap === 1) {
        if (i >= half && right !== n - 1) {
          left++;
          right++;
        }
      } else {
        left = i + 1 < half ? 0 : i >= n - half ? n - window : i + 1 - half;
        right = left + window - 1;
      }
    }
    const value = loessAt(y, n, window, degree, i, left, right, weights);
    out[i] = Number.isNaN(value) ? y[i]! : value;
  }
  if (leap === 1) return;
  for (let i = 0; i + leap < n; i += leap) fillLine(out, i, i + leap);
  const last = Math.floor((n - 1) / leap) * leap;
  if (last === n - 1) return;
  const value = loessAt(y, n, window, degree, n - 1, left, right, weights);
  out[n - 1] = Number.isNaN(value) ? y[n - 1]! : value;
  fillLine(out, last, n - 1);
}

/** The local fit at `at`, which may lie outside the series, from y[left..right]; NaN where all weights are 0. */
export function loessAt(
  y: Float64Array,
  n: number,
  window: number,
  degree: 0 | 1,
  at: number,
  left: number,
  right: number,
  weights: Float64Array | null,
): number {
  let width = Math.max(at - left, right - at);
  if (window > n) width += Math.floor((window - n) / 2);
  const far = 0.999 * width;
  const near = 0.001 * width;
  let total = 0;
  let sumX = 0;
  let sumXX = 0;
  let sumY = 0;
  let sumXY = 0;
  for (let j = left; j <= right; j++) {
    const x = j - at;
    const distance = x < 0 ? -x : x;
    if (distance > far) continue;
    let w = 1;
    if (distance > near) {
      const share = distance / width;
      const rest = 1 - share * share * share;
      w = rest * rest * rest;
    }
    if (weights !== null) w *= weights[j]!;
    const wx = w * x;
    total += w;
    sumX += wx;
    sumXX += wx * x;
    sumY += w * y[j]!;
    sumXY += wx * y[j]!;
  }
  if (!(total > 0)) return Number.NaN;
  const mean = sumY / total;
  if (degree === 0 || !(width > 0)) return mean;
  const centre = sumX / total;
  const spread = sumXX / total - centre * centre;
  // Points that are too close together do not carry a slope.
  if (!(Math.sqrt(Math.max(0, spread)) > 0.001 * (n - 1))) return mean;
  return mean - (centre / spread) * (sumXY / total - centre * mean);
}

function fillLine(out: Float64Array, from: number, to: number): void {
  const step = (out[to]! - out[from]!) / (to - from);
  for (let k = from + 1; k < to; k++) out[k] = out[from]! + step * (k - from);
}
