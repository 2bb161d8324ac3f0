/** Shapes of demand that ask for different methods. */
export type DemandClass = 'smooth' | 'erratic' | 'intermittent' | 'lumpy' | 'new' | 'dead';

/** Cut-offs of Syntetos, Boylan & Croston (2005): periods a demand, and squared variation of its sizes. */
const ADI_CUT = 1.32;
const CV2_CUT = 0.49;
/** With fewer known periods since the first demand the other figures mean nothing. */
const FEWEST_PERIODS = 8;
/** Dead: this many expected intervals between demands, and at least this many periods, without any. */
const SILENT_INTERVALS = 10;
const SILENT_PERIODS = 26;

export interface DemandShape {
  readonly demandClass: DemandClass;
  /** Average demand interval: periods per period with demand, from the first demand on; null without demand. */
  readonly adi: number | null;
  /** Squared coefficient of variation of the demand sizes (population variance); null without demand. */
  readonly cv2: number | null;
}

/**
 * Classifies demand by its rhythm and its sizes, from its first demand on; unknown periods (NaN) do not count.
 * `new`: fewer than 8 known periods since the first demand (or no known period at all); `dead`: never any demand, or
 * silent for 10 times the usual interval and half a year of weeks.
 */
export function classifyDemand(history: ArrayLike<number>): DemandShape {
  const known = Float64Array.from(history).filter((value) => !Number.isNaN(value));
  const first = known.findIndex((value) => value > 0);
  if (first < 0) {
    return { demandClass: known.length < FEWEST_PERIODS ? 'new' : 'dead', adi: null, cv2: null };
  }
  const live = known.subarray(first);
  const sizes = live.filter((value) => value > 0);
  const adi = live.length / sizes.length;
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  const variance = sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0) / sizes.length;
  const cv2 = variance / (mean * mean);
  const silent = live.length - 1 - live.findLastIndex((value) => value > 0);
  // The usual interval of the time in which there was demand, not stretched by the silence itself.
  const interval = (live.length - silent) / sizes.length;
  return { demandClass: classOf(), adi, cv2 };

  function classOf(): DemandClass {
    if (live.length < FEWEST_PERIODS) return 'new';
    if (silent >= SILENT_PERIODS && silent >= SILENT_INTERVALS * interval) return 'dead';
    if (adi < ADI_CUT) return cv2 < CV2_CUT ? 'smooth' : 'erratic';
    return cv2 < CV2_CUT ? 'intermittent' : 'lumpy';
  }
}
