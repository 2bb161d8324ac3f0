/** The lower triangle L of a symmetric positive definite matrix A = L L', row by row in a flat array of n * n. */
export class Cholesky {
  private readonly n: number;
  private readonly lower: Float64Array;

  /** Throws RangeError when the matrix is not positive definite. Only its lower triangle is read. */
  constructor(matrix: Float64Array, n: number) {
    const lower = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      const row = i * n;
      for (let j = 0; j <= i; j++) {
        const other = j * n;
        let sum = matrix[row + j]!;
        for (let k = 0; k < j; k++) sum -= lower[row + k]! * lower[other + k]!;
        if (j < i) lower[row + j] = sum / lower[other + j]!;
        else if (sum > 0) lower[row + i] = Math.sqrt(sum);
        else throw new RangeError(`row ${i} makes the matrix not positive definite`);
      }
    }
    this.n = n;
    this.lower = lower;
  }

  /** Overwrites b with the solution of A x = b. */
  solve(b: Float64Array): Float64Array {
    const { n, lower } = this;
    for (let i = 0; i < n; i++) {
      let sum = b[i]!;
      for (let k = 0; k < i; k++) sum -= lower[i * n + k]! * b[k]!;
      b[i] = sum / lower[i * n + i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = b[i]!;
      for (let k = i + 1; k < n; k++) sum -= lower[k * n + i]! * b[k]!;
      b[i] = sum / lower[i * n + i]!;
    }
    return b;
  }
}
