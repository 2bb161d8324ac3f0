import { seededRandom } from '../../shared/core/math/random.ts';

/** Demand with a level that drifts, a season and noise: sizes like those of one category of a shop. */
export function simulatedSeries(count: number, periods: number, season: number): Float64Array[] {
  return Array.from({ length: count }, (_, s) => {
    const random = seededRandom(s + 1);
    let level = 40 + 60 * random.uniform();
    const phase = 2 * Math.PI * random.uniform();
    return Float64Array.from({ length: periods }, (_, t) => {
      level *= Math.exp(0.02 * random.normal());
      const wave = 1 + 0.3 * Math.sin((2 * Math.PI * t) / season + phase);
      return Math.max(1, Math.round(level * wave * Math.exp(0.15 * random.normal())));
    });
  });
}

/** Rows for trees: features uniform, the target a sum of a few of them and noise. */
export function simulatedRows(
  rows: number,
  features: number,
): { columns: Float64Array[]; target: Float64Array } {
  const random = seededRandom(1);
  const columns = Array.from({ length: features }, () => Float64Array.from({ length: rows }, random.uniform));
  const target = Float64Array.from({ length: rows }, (_, i) => {
    const [a, b, c, d] = columns.map((column) => column[i]!);
    return 10 + 10 * Math.sin(Math.PI * a! * b!) + 20 * (c! - 0.5) ** 2 + 10 * d! + random.normal();
  });
  return { columns, target };
}
