/** What every simulated business has. */
interface WorldSettings {
  /** Begins every id of the world: letters, digits, `-` and `_`. */
  readonly name: string;
  /** The same settings make the same world, to the byte. */
  readonly seed: number;
  /** YYYY-MM-DD */
  readonly startDate: string;
  readonly days: number;
  /** Where stock lies. */
  readonly warehouses: readonly Warehouse[];
  /** Categories that products are of. */
  readonly categories: readonly string[];
}

export interface Warehouse {
  readonly locationId: string;
  readonly name: string;
}

/** Two bounds, both included. */
export interface Range {
  readonly lower: number;
  readonly upper: number;
}

/** The day loop of the demand system: a catalogue that grows, sales out of stock, refunds, and a restock each day. */
export interface ShopSettings extends WorldSettings {
  readonly demand: 'original';
  /** Products of a new category. */
  readonly productsPerCategory: number;
  /** Chance of a new category on each day after the first, in percent. */
  readonly newCategoryPercent: number;
  /** Units that the products of a new category divide; they are given 20 to 80 % of their share. */
  readonly categoryUnits: Range;
  /** Share of the products that sell on a day. */
  readonly sellingShare: Range;
  /** Share of its stock that a product sells on such a day. */
  readonly soldShare: Range;
  /** Chances that a customer takes 1, 2, ... units. They sum to 1. */
  readonly quantityShares: readonly number[];
  /** Chance that a sale is refunded and its goods come back. */
  readonly refundShare: number;
  /** What is restocked in the evening, as a share of what was sold. */
  readonly restockShare: Range;
  /** Newest sales that say what is popular and what is quick. */
  readonly trendRows: number;
}

/** Demand with structure, limited stock, and suppliers who take their time. */
export interface MarketSettings extends WorldSettings {
  readonly demand: 'realistic';
  readonly products: number;
  /** Units a day of the average product at the average location. */
  readonly meanDemand: number;
  /** Share of the sales lines whose goods come back. */
  readonly returnShare: number;
  /** Share of replenishment cycles that should end without a stockout. */
  readonly serviceLevel: number;
}

export type SimulationSettings = ShopSettings | MarketSettings;
