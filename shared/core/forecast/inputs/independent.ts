/** Share of a column's length that must be left when the others are taken out. */
const LEAST_LEFT = 1e-7;

/** Columns that do not say the same, neither alone nor together: Gram and Schmidt, over the history. */
export class Independent {
  private readonly basis: Float64Array[] = [];
  private readonly length: number;

  constructor(length: number) {
    this.length = length;
  }

  /** Takes a column of mean 0 and deviation 1 over the history; false when those taken before explain it. */
  add(column: Float64Array): boolean {
    const { length } = this;
    const left = column.slice(0, length);
    // Twice: the first pass leaves the rounding of long sums.
    for (let pass = 0; pass < 2; pass++) {
      for (const unit of this.basis) {
        let along = 0;
        for (let t = 0; t < length; t++) along += unit[t]! * left[t]!;
        for (let t = 0; t < length; t++) left[t]! -= along * unit[t]!;
      }
    }
    let square = 0;
    for (let t = 0; t < length; t++) square += left[t]! ** 2;
    if (square <= LEAST_LEFT ** 2 * length) return false;
    const size = Math.sqrt(square);
    for (let t = 0; t < length; t++) left[t]! /= size;
    this.basis.push(left);
    return true;
  }
}
