/** Largest input: its square is still a number. */
const LARGEST = 1e120;
/** A deviation below this share of the largest value is rounding. */
const LEAST_DEVIATION = 1e-9;

/** A column as mean 0 and deviation 1 over these periods; or why it cannot be. */
export function standardised(column: Float64Array, known: readonly number[]): Float64Array | string {
  if (column.some((value) => Math.abs(value) > LARGEST)) return `it goes beyond ${LARGEST}`;
  let largest = 0;
  for (const t of known) largest = Math.max(largest, Math.abs(column[t]!));
  // Shares of the largest: their squares do not vanish however small the column is.
  const shares = column.map((value) => value / largest);
  let mean = 0;
  for (const t of known) mean += shares[t]! / known.length;
  let square = 0;
  for (const t of known) square += (shares[t]! - mean) ** 2 / known.length;
  const deviation = Math.sqrt(square);
  if (!(deviation > LEAST_DEVIATION)) return 'it is constant in the history';
  const values = shares.map((value) => (value - mean) / deviation);
  return values.some((value) => !(Math.abs(value) <= LARGEST))
    ? `it goes beyond ${LARGEST} deviations`
    : values;
}

/** A column at these periods. */
export function valuesAt(column: Float64Array, periods: readonly number[]): Float64Array {
  return Float64Array.from(periods, (t) => column[t]!);
}
