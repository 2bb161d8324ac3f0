/** Rows of a demand with price, week, promotion and noise: the same on every machine. */
export interface Rows {
  readonly columns: Float64Array[];
  readonly target: Float64Array;
}

const FEATURES = 8;

/** 2,000 rows from a congruential generator, as test/golden/generate/trees.py draws them. */
export function demandRows(): Rows & { state: number } {
  let state = 42;
  const u = (): number => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  const columns = Array.from({ length: FEATURES }, () => new Float64Array(2000));
  const target = new Float64Array(2000);
  for (let row = 0; row < 2000; row++) {
    const r = Array.from({ length: FEATURES }, u) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const price = 5 + 10 * r[0];
    const week = 1 + Math.floor(52 * r[1]);
    const promo = r[2] < 0.2 ? 1 : 0;
    const level = 100 * r[3];
    const cover = 30 * r[4];
    const rating = 1 + Math.floor(5 * r[5]);
    let noise = 0;
    for (let i = 0; i < 12; i++) noise += u();
    [price, week, promo, level, cover, rating, r[6], r[7]].forEach((value, f) => {
      columns[f]![row] = value;
    });
    const expected =
      40 -
      2.5 * price +
      (week >= 45 ? 8 : 0) +
      12 * promo * (price < 10 ? 1 : 0.4) +
      0.3 * level +
      0.004 * (cover - 15) ** 2 * (rating - 3) +
      (week >= 20 && week <= 30 ? 4 : 0);
    target[row] = expected + 4 * (noise - 6);
  }
  return { columns, target, state };
}

/** Some rows, in this order. */
export function pick(rows: Rows, chosen: readonly number[]): Rows {
  return {
    columns: rows.columns.map((column) => Float64Array.from(chosen, (row) => column[row]!)),
    target: Float64Array.from(chosen, (row) => rows.target[row]!),
  };
}

/** Whole numbers from `from` to `to` - 1. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

const all = demandRows();
/** The first 1,500 rows, and the other 500. */
export const train = pick(all, range(0, 1500));
export const unseen = pick(all, range(1500, 2000));

/** Mean absolute and root mean squared error on the unseen rows. */
export function errorsOf(predicted: Float64Array): { mae: number; rmse: number } {
  let absolute = 0;
  let squares = 0;
  for (let i = 0; i < predicted.length; i++) {
    const error = predicted[i]! - unseen.target[i]!;
    absolute += Math.abs(error);
    squares += error * error;
  }
  return { mae: absolute / predicted.length, rmse: Math.sqrt(squares / predicted.length) };
}
