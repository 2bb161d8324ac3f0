/** Units of one product at one location. */
export interface StockState {
  readonly onHand: number;
  /** Promised to orders and not yet shipped. */
  readonly committed: number;
  /** Ordered from suppliers and not yet received. */
  readonly onOrder: number;
}

/** Inventory position = on hand + on order - committed: 10 there, 20 coming, 4 promised are 26. */
export function inventoryPosition({ onHand, committed, onOrder }: StockState): number {
  return onHand + onOrder - committed;
}
