/** What quantities a series can have. */
export interface QuantityKind {
  /** Whole numbers, and so are its quantiles and futures. */
  readonly isWhole: boolean;
  /** They may be negative: nothing is cut at zero. */
  readonly isSigned: boolean;
}

export function kindOf(quantities: Float64Array): QuantityKind {
  return {
    isWhole: quantities.every((value) => Number.isNaN(value) || Number.isInteger(value)),
    isSigned: quantities.some((value) => value < 0),
  };
}

/** Below it no forecast lies. */
export function floorOf({ isSigned }: QuantityKind): number {
  return isSigned ? Number.NEGATIVE_INFINITY : 0;
}

/** A quantile as it is told: those of counts are whole. */
export function told(value: number, { isWhole }: QuantityKind): number {
  return isWhole ? Math.round(value) : value;
}
