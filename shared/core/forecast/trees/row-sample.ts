import type { Random } from '../../math/random.ts';

/** One mark a row: non-zero or true means chosen. */
export type RowMask = ArrayLike<number | boolean>;

/** Rows to learn from and rows held out, both ascending. */
export function trainingRows(
  rows: number,
  held: number | RowMask | undefined,
): { train: Int32Array; holdOut: Int32Array } {
  const isHeld = (row: number): boolean =>
    held === undefined ? false : typeof held === 'number' ? row >= held : Boolean(held[row]);
  if (typeof held === 'object' && held.length !== rows) {
    throw new RangeError(`${held.length} marks for ${rows} rows`);
  }
  const train: number[] = [];
  const holdOut: number[] = [];
  for (let row = 0; row < rows; row++) (isHeld(row) ? holdOut : train).push(row);
  if (train.length === 0) throw new RangeError('no rows to learn from');
  if (held !== undefined && holdOut.length === 0) throw new RangeError('no rows are held out');
  return { train: Int32Array.from(train), holdOut: Int32Array.from(holdOut) };
}

/** Draws a share of the rows without replacement, in their order (Knuth's algorithm S); returns how many. */
export function drawRows(into: Int32Array, from: Int32Array, share: number, random: Random): number {
  if (!(share > 0 && share <= 1)) throw new RangeError(`a share of ${share} is not inside 0..1`);
  if (share === 1) {
    into.set(from);
    return from.length;
  }
  const wanted = Math.max(1, Math.round(share * from.length));
  let drawn = 0;
  for (let i = 0; i < from.length && drawn < wanted; i++) {
    if (random.uniform() * (from.length - i) < wanted - drawn) into[drawn++] = from[i]!;
  }
  return drawn;
}

/** Draws a share of the features, at least one, ascending. */
export function drawFeatures(features: number, share: number, random: Random): Int32Array {
  const all = Int32Array.from({ length: features }, (_, i) => i);
  const into = new Int32Array(features);
  return into.slice(0, drawRows(into, all, share, random));
}
