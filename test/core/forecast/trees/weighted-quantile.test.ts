import { expect, test } from 'vitest';
import { weightedQuantile } from '../../../../shared/core/forecast/trees/weighted-quantile.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

/** By sorting: the definition written out. */
function bySorting(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = p * sorted.length;
  const whole = Math.round(at);
  if (Math.abs(at - whole) < 1e-9 && whole >= 1 && whole < sorted.length) {
    return (sorted[whole - 1]! + sorted[whole]!) / 2;
  }
  return sorted[Math.max(0, Math.ceil(at - 1e-9) - 1)]!;
}

test('the quantile of a sample, with and without ties, is that of the sorted sample', () => {
  const random = seededRandom(11);
  for (let round = 0; round < 2000; round++) {
    const n = 1 + random.integer(30);
    const values = Array.from({ length: n }, () => (round % 2 ? random.integer(5) : random.normal()));
    const p = (1 + random.integer(19)) / 20;
    expect(weightedQuantile(Float64Array.from(values), undefined, n, p)).toBeCloseTo(
      bySorting(values, p),
      12,
    );
  }
});

test('a whole weight is that many values', () => {
  const random = seededRandom(12);
  for (let round = 0; round < 2000; round++) {
    const n = 1 + random.integer(20);
    const values = Array.from({ length: n }, () => random.integer(9));
    const weights = Array.from({ length: n }, () => 1 + random.integer(4));
    const repeated = values.flatMap((value, i) => Array<number>(weights[i]!).fill(value));
    const p = (1 + random.integer(19)) / 20;
    const found = weightedQuantile(Float64Array.from(values), Float64Array.from(weights), n, p);
    expect(found).toBeCloseTo(bySorting(repeated, p), 12);
  }
});

test('no values have no quantile', () => {
  expect(() => weightedQuantile(new Float64Array(0), undefined, 0, 0.5)).toThrow(RangeError);
});
