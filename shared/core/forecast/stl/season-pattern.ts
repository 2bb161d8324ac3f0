/** One season of offsets: as numbers when short, else packed as text of three characters a value. */
export type SeasonPattern =
  | { readonly values: readonly number[] }
  | { readonly low: number; readonly step: number; readonly codes: string };

const LONGEST_PLAIN = 60;
const SYMBOLS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const STEPS = 64 ** 3 - 1;

/** The shortest form of a season: exact to 10 digits, or, beyond 60 values, to 4 millionths of its range. */
export function packSeason(values: ArrayLike<number>): SeasonPattern {
  const all = Array.from(values);
  if (all.length <= LONGEST_PLAIN) return { values: all.map((value) => Number(value.toPrecision(10))) };
  const low = Math.min(...all);
  const step = (Math.max(...all) - low) / STEPS;
  const codes = all.map((value) => {
    const code = step > 0 ? Math.round((value - low) / step) : 0;
    return SYMBOLS[code >> 12]! + SYMBOLS[(code >> 6) & 63]! + SYMBOLS[code & 63]!;
  });
  return { low, step, codes: codes.join('') };
}

/** The offsets of a packed season. */
export function unpackSeason(pattern: SeasonPattern): Float64Array {
  if ('values' in pattern) return Float64Array.from(pattern.values);
  const { low, step, codes } = pattern;
  const digit = (at: number): number => SYMBOLS.indexOf(codes[at]!);
  return Float64Array.from({ length: codes.length / 3 }, (_, i) => {
    const code = (digit(3 * i) << 12) | (digit(3 * i + 1) << 6) | digit(3 * i + 2);
    return low + step * code;
  });
}
