import type { Binned } from './bin-features.ts';

/** Bins of four features to a word, so that one read serves four histogram updates. */
export interface Packed {
  /** The packed features, by slot. */
  readonly features: Int32Array;
  /** Words of all rows, group after group; empty when bins take two bytes. */
  readonly words: Uint32Array;
  readonly binned: Binned;
}

/** Packs some features of a matrix; `words` is reused when it is given. */
export function packFeatures(binned: Binned, features: Int32Array, words?: Uint32Array): Packed {
  if (binned.width > 256) return { features, words: new Uint32Array(0), binned };
  const { rows, columns } = binned;
  const groups = Math.ceil(features.length / 4);
  const out = words ?? new Uint32Array(groups * rows);
  const none = new Uint8Array(rows);
  for (let group = 0; group < groups; group++) {
    const [a, b, c, d] = [0, 1, 2, 3].map((k) => {
      const slot = group * 4 + k;
      return slot < features.length ? (columns[features[slot]!] as Uint8Array) : none;
    }) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const base = group * rows;
    for (let i = 0; i < rows; i++) out[base + i] = a[i]! | (b[i]! << 8) | (c[i]! << 16) | (d[i]! << 24);
  }
  return { features, words: out, binned };
}

/** Slots of a histogram of these features, rounded up to whole groups of four. */
export function slotsOf(packed: Packed): number {
  return (packed.features.length + 3) & ~3;
}

/**
 * Sums of gradient and count of each bin (two numbers a bin), for rows whose second derivative is 1.
 * `gradient` is in the order of `rows`.
 */
export function sumGradients(
  out: Float64Array,
  packed: Packed,
  rows: Int32Array,
  from: number,
  to: number,
  gradient: Float64Array,
): void {
  clear(out, packed, 2);
  const { words, binned } = packed;
  if (binned.width > 256) {
    sumWide(out, packed, rows, from, to, gradient, undefined);
    return;
  }
  const groups = (packed.features.length + 3) >> 2;
  for (let group = 0; group < groups; group++) {
    const start = group * binned.rows;
    const slot0 = group * 2048;
    const slot1 = slot0 + 512;
    const slot2 = slot0 + 1024;
    const slot3 = slot0 + 1536;
    for (let i = from; i < to; i++) {
      const word = words[start + rows[i]!]!;
      const g = gradient[i]!;
      const a = slot0 + ((word & 255) << 1);
      const b = slot1 + ((word >>> 7) & 510);
      const c = slot2 + ((word >>> 15) & 510);
      const d = slot3 + ((word >>> 23) & 510);
      out[a] = out[a]! + g;
      out[b] = out[b]! + g;
      out[c] = out[c]! + g;
      out[d] = out[d]! + g;
      out[a + 1] = out[a + 1]! + 1;
      out[b + 1] = out[b + 1]! + 1;
      out[c + 1] = out[c + 1]! + 1;
      out[d + 1] = out[d + 1]! + 1;
    }
  }
}

/** Sums of gradient, second derivative and count of each bin (three numbers a bin). */
export function sumGradientsAndHessians(
  out: Float64Array,
  packed: Packed,
  rows: Int32Array,
  from: number,
  to: number,
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  clear(out, packed, 3);
  const { words, binned } = packed;
  if (binned.width > 256) {
    sumWide(out, packed, rows, from, to, gradient, hessian);
    return;
  }
  const groups = (packed.features.length + 3) >> 2;
  for (let group = 0; group < groups; group++) {
    const start = group * binned.rows;
    const slot0 = group * 3072;
    const slot1 = slot0 + 768;
    const slot2 = slot0 + 1536;
    const slot3 = slot0 + 2304;
    for (let i = from; i < to; i++) {
      const word = words[start + rows[i]!]!;
      const g = gradient[i]!;
      const h = hessian[i]!;
      const a = slot0 + (word & 255) * 3;
      const b = slot1 + ((word >>> 8) & 255) * 3;
      const c = slot2 + ((word >>> 16) & 255) * 3;
      const d = slot3 + (word >>> 24) * 3;
      out[a] = out[a]! + g;
      out[b] = out[b]! + g;
      out[c] = out[c]! + g;
      out[d] = out[d]! + g;
      out[a + 1] = out[a + 1]! + h;
      out[b + 1] = out[b + 1]! + h;
      out[c + 1] = out[c + 1]! + h;
      out[d + 1] = out[d + 1]! + h;
      out[a + 2] = out[a + 2]! + 1;
      out[b + 2] = out[b + 2]! + 1;
      out[c + 2] = out[c + 2]! + 1;
      out[d + 2] = out[d + 2]! + 1;
    }
  }
}

/** Turns the histogram of a parent into that of one child, given the other child. */
export function subtract(parent: Float64Array, child: Float64Array, packed: Packed, stride: number): void {
  const { features, binned } = packed;
  for (let slot = 0; slot < features.length; slot++) {
    const base = slot * binned.width * stride;
    const end = base + binned.cuts[features[slot]!]!.bins * stride;
    for (let i = base; i < end; i++) parent[i] = parent[i]! - child[i]!;
  }
}

function clear(out: Float64Array, packed: Packed, stride: number): void {
  const { features, binned } = packed;
  for (let slot = 0; slot < features.length; slot++) {
    const base = slot * binned.width * stride;
    out.fill(0, base, base + binned.cuts[features[slot]!]!.bins * stride);
  }
}

function sumWide(
  out: Float64Array,
  packed: Packed,
  rows: Int32Array,
  from: number,
  to: number,
  gradient: Float64Array,
  hessian: Float64Array | undefined,
): void {
  const { features, binned } = packed;
  const stride = hessian === undefined ? 2 : 3;
  for (let slot = 0; slot < features.length; slot++) {
    const base = slot * binned.width * stride;
    const column = binned.columns[features[slot]!]!;
    for (let i = from; i < to; i++) {
      const at = base + column[rows[i]!]! * stride;
      out[at] = out[at]! + gradient[i]!;
      if (hessian !== undefined) out[at + 1] = out[at + 1]! + hessian[i]!;
      out[at + stride - 1] = out[at + stride - 1]! + 1;
    }
  }
}
