/** What is compared with a threshold. */
export interface StockFacts {
  readonly onHand: number;
  /** On hand and to come, less what is promised. */
  readonly position: number;
  /** Units at or below which people want to be told. */
  readonly threshold: number | null;
  /** Reorder point of a plan that wants goods now; null where it wants none. */
  readonly planned: number | null;
}

export interface StockAlert {
  readonly status: 'out' | 'low' | 'in';
  /** What it is at or below; null where it is neither, or out without anybody's threshold. */
  readonly reorderPoint: number | null;
  /** Whether people set it or a plan worked it out. */
  readonly source: 'threshold' | 'plan' | null;
  /** Of what is low. */
  readonly priority: 'High' | 'Medium' | null;
}

/**
 * Nothing on hand is out of stock, and no low stock. Low is what has a unit, and either no more on hand than people's threshold
 * or a position at the reorder point of a plan that wants goods now. Priority is High below half of that, of a threshold
 * the stock on hand, of a plan's the position.
 *   threshold 10: 10 and 5 are low and Medium, 4 is High, 11 is in stock, 0 is out
 */
export function stockAlert({ onHand, position, threshold, planned }: StockFacts): StockAlert {
  const isBelow = threshold !== null && onHand <= threshold;
  const reorderPoint = isBelow ? threshold : planned;
  const source = isBelow ? 'threshold' : planned === null ? null : 'plan';
  if (onHand <= 0) return { status: 'out', reorderPoint, source, priority: null };
  if (reorderPoint === null) return { status: 'in', reorderPoint: null, source: null, priority: null };
  const isHigh = (isBelow ? onHand : position) < reorderPoint / 2;
  return { status: 'low', reorderPoint, source, priority: isHigh ? 'High' : 'Medium' };
}
