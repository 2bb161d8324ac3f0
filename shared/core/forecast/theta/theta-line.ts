/** How the straight line of the theta model is drawn: through the whole history, or anew in each period. */
export interface ThetaWeights {
  /** Smoothing weight of the level. */
  readonly alpha: number;
  /** 1 - 1 / theta: the share of the line. 0 is simple exponential smoothing, 1/2 the standard method. */
  readonly share: number;
  readonly isDynamic: boolean;
}

/** Where the model stands after `count` periods. */
export interface ThetaPosition {
  count: number;
  level: number;
  /** Line through the history: value at period 0, slope, and mean of the history. */
  intercept: number;
  slope: number;
  mean: number;
}

/**
 * One period of Fiorucci et al. (2016), equations of OTM and DOTM: the point of period t = count + 1, then the update
 * with what came. `value` is NaN for a future without surprise, `error` is added to the point then.
 *   point = l + share ((1 - a)^(t-1) A + (1 - (1 - a)^t) / a B),   l' = a y + (1 - a) l
 */
export function thetaStep(
  { alpha, share, isDynamic }: ThetaWeights,
  at: ThetaPosition,
  value: number,
  error: number,
): number {
  const t = at.count + 1;
  const faded = (1 - alpha) ** (t - 1);
  const line = faded * at.intercept + ((1 - faded * (1 - alpha)) / alpha) * at.slope;
  const point = at.level + share * line;
  const y = Number.isNaN(value) ? point + error : value;
  at.level += alpha * (y - at.level);
  at.count = t;
  if (isDynamic) {
    at.slope = t === 1 ? 0 : ((t - 2) * at.slope + (6 / t) * (y - at.mean)) / (t + 1);
    at.mean += (y - at.mean) / t;
    at.intercept = at.mean - (at.slope * (t + 1)) / 2;
  }
  return point;
}
