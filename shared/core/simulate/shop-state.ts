/** A product in the shop. */
export interface ShopItem {
  readonly productId: string;
  readonly locationId: string;
  readonly price: number;
  readonly stock: number;
}

/** The shop when a day begins: all that the days after it depend on. */
export interface ShopState {
  readonly demand: 'original';
  readonly items: readonly ShopItem[];
  /** Categories that are still to come, by their number in the listing. */
  readonly unseen: readonly number[];
  /** Newest sales, oldest first: number of the item, and units. */
  readonly trend: readonly (readonly [item: number, units: number])[];
}
