export interface PageHinkleyState {
  readonly count: number;
  readonly mean: number;
  readonly rise: number;
  readonly fall: number;
}

export interface PageHinkleyOptions {
  /** Changes of the mean up to this are no drift. Default 0.3. */
  readonly tolerance?: number;
  /** Sum of deviations that is called drift. Default 10. */
  readonly threshold?: number;
}

/** Watches the mean of a stream. */
export interface PageHinkley {
  /** True when the mean has moved up or down; the watch then starts afresh. */
  observe(value: number): boolean;
  toState(): PageHinkleyState;
}

/**
 * Page (1954) and Hinkley (1971) test for a change of a mean, both ways:
 *   rise = max(0, rise + (x - mean) - tolerance),   drift when rise > threshold; fall likewise.
 * Values should be about standardised: errors over their usual deviation.
 */
export function pageHinkley(
  { tolerance = 0.3, threshold = 10 }: PageHinkleyOptions = {},
  state?: PageHinkleyState,
): PageHinkley {
  let count = state?.count ?? 0;
  let mean = state?.mean ?? 0;
  let rise = state?.rise ?? 0;
  let fall = state?.fall ?? 0;
  return {
    observe(value) {
      count++;
      mean += (value - mean) / count;
      rise = Math.max(0, rise + value - mean - tolerance);
      fall = Math.max(0, fall - value + mean - tolerance);
      if (rise <= threshold && fall <= threshold) return false;
      count = 0;
      mean = 0;
      rise = 0;
      fall = 0;
      return true;
    },
    toState: () => ({ count, mean, rise, fall }),
  };
}
