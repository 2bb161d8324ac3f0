/** Classes of value: A up to 80 % of the whole, B up to 95 %, C the rest; the item that crosses belongs to the higher class. */
export function valueClasses(values: ArrayLike<number>): ('A' | 'B' | 'C')[] {
  const order = Array.from({ length: values.length }, (_, i) => i).sort(
    (a, b) => values[b]! - values[a]! || a - b,
  );
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  const found = new Array<'A' | 'B' | 'C'>(values.length);
  let before = 0;
  for (const i of order) {
    found[i] = before < 0.8 * total ? 'A' : before < 0.95 * total ? 'B' : 'C';
    before += values[i]!;
  }
  return found;
}
