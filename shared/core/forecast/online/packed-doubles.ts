const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_';
const BYTES = 8;

/** Numbers as text of eleven letters each, to the last bit: half as long as their digits. */
export function packDoubles(values: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(BYTES));
  let text = '';
  for (let i = 0; i < values.length; i++) {
    view.setFloat64(0, values[i]!);
    // 64 bits are eleven digits of six: 4 and ten times 6, in halves of 32 that a number holds.
    const high = view.getUint32(0);
    const low = view.getUint32(4);
    text += packWhole(Math.floor(high / 4), 5) + packWhole((high % 4) * 2 ** 32 + low, 6);
  }
  return text;
}

/** The numbers of `packDoubles`. */
export function unpackDoubles(text: string): Float64Array {
  const view = new DataView(new ArrayBuffer(BYTES));
  return Float64Array.from({ length: text.length / 11 }, (_, i) => {
    const front = unpackWhole(text, 11 * i, 5);
    const back = unpackWhole(text, 11 * i + 5, 6);
    view.setUint32(0, front * 4 + Math.floor(back / 2 ** 32));
    view.setUint32(4, back % 2 ** 32);
    return view.getFloat64(0);
  });
}

/** A whole number below 64^letters as so many letters; at most 8. */
export function packWhole(value: number, letters: number): string {
  let text = '';
  let rest = value;
  for (let i = 0; i < letters; i++) {
    text = DIGITS[rest % 64]! + text;
    rest = Math.floor(rest / 64);
  }
  return text;
}

/** The whole number of `packWhole` that begins at this letter. */
export function unpackWhole(text: string, from: number, letters: number): number {
  let value = 0;
  for (let i = from; i < from + letters; i++) value = 64 * value + DIGITS.indexOf(text[i]!);
  return value;
}
