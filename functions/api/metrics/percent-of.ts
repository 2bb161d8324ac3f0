/** a of b in per cent; null where b is not above zero: nothing has no parts, and of a loss they would be upside down. */
export const percentOf = (a: number, b: number): number | null => (b > 0 ? (a / b) * 100 : null);
