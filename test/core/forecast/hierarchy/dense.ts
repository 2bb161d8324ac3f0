import type { ErrorCovariance } from '../../../../shared/core/forecast/hierarchy/error-covariance.ts';
import { type Summing, summingOf, sumUp } from '../../../../shared/core/forecast/hierarchy/summing.ts';
import { seededRandom } from '../../../../shared/core/math/random.ts';

/** Products at two locations, in categories, and a total; a leaf of the last product has no category. */
export function crossed(products = 4): Summing {
  const leaves: string[] = [];
  const [total, category, product, location]: (string | null)[][] = [[], [], [], []];
  for (let p = 0; p < products; p++) {
    for (const place of ['north', 'south']) {
      leaves.push(`p${p} ${place}`);
      total!.push('all');
      category!.push(p === products - 1 && place === 'south' ? null : `c${p % 2}`);
      product!.push(`p${p}`);
      location!.push(place);
    }
  }
  return summingOf(leaves, [
    { name: 'total', groups: total! },
    { name: 'category', groups: category! },
    { name: 'product', groups: product! },
    { name: 'location', groups: location! },
  ]);
}

/** Errors that share a common shock, so that they are correlated. */
export function correlatedErrors(nodes: number, periods: number, seed = 1): Float64Array[] {
  const random = seededRandom(seed);
  const common = Float64Array.from({ length: periods }, () => random.normal());
  return Array.from({ length: nodes }, (_, i) =>
    common.map((shock) => (1 + (i % 3)) * (0.7 * shock + random.normal())),
  );
}

export function randomValues(size: number, seed: number, shift = 5): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: size }, () => shift + 4 * random.normal());
}

/** S, a row for each node. */
export function summingMatrix(summing: Summing): number[][] {
  const columns = Array.from({ length: summing.leaves }, (_, j) => {
    const unit = new Float64Array(summing.leaves);
    unit[j] = 1;
    return sumUp(summing, unit);
  });
  return summing.nodes.map((_, i) => columns.map((column) => column[i]!));
}

/** W, written out. */
export function denseCovariance({ diagonal, columns }: ErrorCovariance): number[][] {
  return Array.from(diagonal, (d, i) =>
    Array.from(diagonal, (_, j) =>
      columns.reduce((sum, column) => sum + column[i]! * column[j]!, i === j ? d : 0),
    ),
  );
}

/** (S' W^-1 S)^-1 S' W^-1 y by Gauss elimination: the textbook, for small structures. */
export function textbookLeaves(s: number[][], w: number[][], y: ArrayLike<number>): number[] {
  const inverse = invert(w);
  const { gram, right } = normalEquations(s, inverse, y);
  return multiply(invert(gram), right);
}

export function normalEquations(
  s: number[][],
  inverse: number[][],
  y: ArrayLike<number>,
): { gram: number[][]; right: number[] } {
  const weighted = inverse.map((row) =>
    s[0]!.map((_, j) => row.reduce((sum, v, k) => sum + v * s[k]![j]!, 0)),
  );
  const gram = s[0]!.map((_, i) =>
    s[0]!.map((_, j) => s.reduce((sum, row, k) => sum + row[i]! * weighted[k]![j]!, 0)),
  );
  const right = s[0]!.map((_, i) => weighted.reduce((sum, row, k) => sum + row[i]! * y[k]!, 0));
  return { gram, right };
}

export function invert(matrix: number[][]): number[][] {
  const n = matrix.length;
  const a = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let c = 0; c < n; c++) {
    let best = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(a[r]![c]!) > Math.abs(a[best]![c]!)) best = r;
    [a[c], a[best]] = [a[best]!, a[c]!];
    const pivot = a[c]![c]!;
    a[c] = a[c]!.map((value) => value / pivot);
    for (let r = 0; r < n; r++) {
      const factor = a[r]![c]!;
      if (r !== c && factor !== 0) a[r] = a[r]!.map((value, k) => value - factor * a[c]![k]!);
    }
  }
  return a.map((row) => row.slice(n));
}

export function multiply(matrix: number[][], vector: ArrayLike<number>): number[] {
  return matrix.map((row) => row.reduce((sum, value, j) => sum + value * vector[j]!, 0));
}
