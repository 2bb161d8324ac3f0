/** One feature of all rows; NaN is missing. */
export type Column = Float64Array | Float32Array;

/** How one feature is cut: value bins are 1 to `bins` - 1, bin 0 holds what is missing or unknown. */
export interface Cuts {
  readonly bins: number;
  readonly categorical: boolean;
  /** Lowest and highest training value of each value bin (index bin - 1), ascending. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Upper edge of each value bin but the last: halfway to the next bin. */
  readonly edges: Float64Array;
  /** Bin of each category; only for categorical features. */
  readonly codes: ReadonlyMap<number, number>;
}

/** Features as small whole numbers, column by column; one matrix serves any number of fits. */
export interface Binned {
  readonly rows: number;
  readonly cuts: readonly Cuts[];
  readonly columns: readonly (Uint8Array | Uint16Array)[];
  /** Bins of a histogram slot: 256 with columns of one byte, more with columns of two. */
  readonly width: number;
  /** The values that were binned: thresholds are compared with these. */
  readonly source: readonly Column[];
}

export interface BinOptions {
  /** Value bins of a feature. Default 255; above that, columns take two bytes and fits are slower. */
  readonly maxBins?: number;
  /** Features whose values are names, not amounts. */
  readonly categorical?: readonly number[];
  /** Rows (non-zero = yes) that the cuts are learnt from; all rows are binned. Default: all. */
  readonly learnFrom?: ArrayLike<number | boolean>;
}

const MOST_BINS = 65_535;

/** Cuts each feature into bins of about equal numbers of rows; as many bins as values when there are few. */
export function binFeatures(columns: readonly Column[], options: BinOptions = {}): Binned {
  const maxBins = options.maxBins ?? 255;
  if (!Number.isInteger(maxBins) || maxBins < 2 || maxBins > MOST_BINS) {
    throw new RangeError(`${maxBins} bins are not a whole number from 2 to ${MOST_BINS}`);
  }
  const rows = rowsOf(columns);
  const named = new Set(options.categorical ?? []);
  const chosen = options.learnFrom;
  if (chosen !== undefined && chosen.length !== rows) {
    throw new RangeError(`${chosen.length} marks for ${rows} rows`);
  }
  const cuts = columns.map((column, feature) => {
    const known = new Float64Array(rows);
    let count = 0;
    for (let i = 0; i < rows; i++) {
      const value = column[i]!;
      if (!Number.isNaN(value) && (chosen === undefined || chosen[i])) known[count++] = value;
    }
    const sorted = known.subarray(0, count).sort();
    return named.has(feature) ? categoryCuts(sorted, maxBins) : quantileCuts(sorted, maxBins);
  });
  return assignBins(cuts, columns, maxBins > 255);
}

/** Bins new rows with the cuts of an earlier matrix. */
export function rebin(binned: Binned, columns: readonly Column[]): Binned {
  if (columns.length !== binned.cuts.length) {
    throw new RangeError(`${columns.length} features, ${binned.cuts.length} expected`);
  }
  return assignBins(binned.cuts, columns, binned.width > 256);
}

/** Number of rows that all columns share. */
export function rowsOf(columns: readonly Column[]): number {
  const rows = columns[0]?.length ?? 0;
  if (columns.length === 0) throw new RangeError('no features');
  if (columns.some((column) => column.length !== rows)) throw new RangeError('features differ in length');
  return rows;
}

function assignBins(cuts: readonly Cuts[], columns: readonly Column[], wide: boolean): Binned {
  const rows = rowsOf(columns);
  const binnedColumns = columns.map((column, feature) => {
    const out = wide ? new Uint16Array(rows) : new Uint8Array(rows);
    const cut = cuts[feature]!;
    if (cut.categorical) for (let i = 0; i < rows; i++) out[i] = cut.codes.get(column[i]!) ?? 0;
    else fillBins(out, column, cut.edges);
    return out;
  });
  // Above 256 even when no feature has so many: the width says how wide the columns are.
  const width = wide ? cuts.reduce((most, { bins }) => Math.max(most, bins), 257) : 256;
  return { rows, cuts, columns: binnedColumns, width, source: columns };
}

function fillBins(out: Uint8Array | Uint16Array, column: Column, edges: Float64Array): void {
  for (let i = 0; i < out.length; i++) {
    const value = column[i]!;
    if (Number.isNaN(value)) continue;
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (value <= edges[middle]!) high = middle;
      else low = middle + 1;
    }
    out[i] = low + 1;
  }
}

function quantileCuts(sorted: Float64Array, maxBins: number): Cuts {
  const low: number[] = [];
  const high: number[] = [];
  const each = countDistinct(sorted) <= maxBins;
  // A heavy value fills a bin alone; the rows left over are shared among the bins left over.
  let inBin = 0;
  let share = 0;
  let next = 0;
  for (let i = 0; i < sorted.length; i = next) {
    for (next = i + 1; next < sorted.length && sorted[next] === sorted[i]; ) next++;
    const count = next - i;
    const full = inBin >= share || count >= share;
    if (each || low.length === 0 || (full && low.length < maxBins)) {
      share = (sorted.length - i) / (maxBins - low.length);
      inBin = 0;
      low.push(sorted[i]!);
      high.push(sorted[i]!);
    } else high[high.length - 1] = sorted[i]!;
    inBin += count;
  }
  const edges = new Float64Array(Math.max(0, low.length - 1));
  for (let i = 0; i < edges.length; i++) edges[i] = between(high[i]!, low[i + 1]!);
  return {
    bins: low.length + 1,
    categorical: false,
    low: Float64Array.from(low),
    high: Float64Array.from(high),
    edges,
    codes: new Map(),
  };
}

/** Halfway from a to a larger b, and below b whatever the rounding. */
export function between(a: number, b: number): number {
  const middle = a + (b - a) / 2;
  return middle < b && middle >= a ? middle : a;
}

function countDistinct(sorted: Float64Array): number {
  let distinct = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct++;
  return distinct;
}

/** The most frequent categories get a bin each; the rest share bin 0 with what is missing. */
function categoryCuts(sorted: Float64Array, maxBins: number): Cuts {
  const counts = new Map<number, number>();
  for (const value of sorted) counts.set(value, (counts.get(value) ?? 0) + 1);
  const kept = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, Math.min(maxBins, 255));
  const values = Float64Array.from(kept, ([value]) => value).sort();
  const codes = new Map(Array.from(values, (value, i) => [value, i + 1]));
  const edges = new Float64Array(0);
  return { bins: values.length + 1, categorical: true, low: values, high: values, edges, codes };
}
