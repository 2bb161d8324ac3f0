/** Sums over a period, a place and a category, of which every key figure is made. Money in ten-thousandths. */
export interface KpiFacts {
  /** Of the period, first and last included. */
  readonly days: number;
  readonly sales: SalesFacts;
  readonly requests: RequestFacts;
  readonly stock: StockFacts;
  readonly movements: MovementFacts;
  readonly counts: CountFacts;
  readonly supply: SupplyFacts;
  readonly outlook: OutlookFacts;
  /** Why forecasts cannot be judged for what is asked, or what they were wrong by. */
  readonly accuracy: AccuracyFacts | string;
  /** What holding stock costs a year, as a share of its value. */
  readonly holdingRate: number;
}

export interface SalesFacts {
  /** Sold and not cancelled, before anything came back. */
  readonly soldUnits: number;
  readonly soldLines: number;
  readonly returnedUnits: number;
  /** Net of what came back, of products whose cost is known: their revenue, and their units at cost. */
  readonly costedRevenue: number;
  readonly cogs: number;
  /** Units sold, net, whose cost nobody knows. */
  readonly uncostedUnits: number;
  /** What was lost by days on which a product was sold below its cost at a place; dear lines of a day make up for cheap ones. */
  readonly soldBelowCost: number;
}

export interface RequestFacts {
  /** Refused for lack of stock and not ordered again. */
  readonly lostUnits: number;
  readonly lostLines: number;
  readonly lostOrders: number;
  readonly lostValue: number;
  /** Sold in the period, but not on first request: refused before, or sold before there was stock. Part of what was sold. */
  readonly lateUnits: number;
  readonly lateLines: number;
  /** Sold before there was stock, where that is allowed. */
  readonly backorderedUnits: number;
  /** Orders with a line that was sold; those of them that were not complete at once; those that were not, or of which something came back. */
  readonly orders: number;
  readonly incompleteOrders: number;
  readonly imperfectOrders: number;
}

export interface StockFacts {
  /** Sum of closing stock over the days: of units, and at cost. */
  readonly unitDays: number;
  readonly costDays: number;
  readonly openingUnits: number;
  readonly closingUnits: number;
  /** Days of items since the ledger knew them; those that ended without stock. */
  readonly itemDays: number;
  readonly daysOut: number;
  /** Replenishments after the first, and those that found no stock. */
  readonly cycles: number;
  readonly shortCycles: number;
  /** What would have been sold on whole days without stock at the rate of the item's other days. */
  readonly missedUnits: number;
  readonly missedValue: number;
  readonly missedMargin: number;
}

export interface MovementFacts {
  readonly receivedUnits: number;
  readonly expiredUnits: number;
  readonly expiredCost: number;
  readonly damagedUnits: number;
  readonly damagedCost: number;
}

export interface CountFacts {
  readonly linesCounted: number;
  readonly linesAccurate: number;
  readonly lostCost: number;
  readonly gainedCost: number;
  /** Of the counted items, sold in the period, at cost. */
  readonly soldCost: number;
}

export interface SupplyFacts {
  /** Lines promised for the period; those that were there in full and undamaged by then. */
  readonly linesDue: number;
  readonly linesInTime: number;
  /** Units of these lines, and good ones that came. */
  readonly unitsDue: number;
  readonly unitsCame: number;
  /** Units that came in the period: sum of their days since the order, and of the squares. */
  readonly leadUnits: number;
  readonly leadDays: number;
  readonly leadSquares: number;
  /** Those whose supplier says how long it takes: sum of days above what it says. */
  readonly quotedUnits: number;
  readonly daysOverQuoted: number;
  /** Units that came, at the price when they were ordered and at the one that was charged. */
  readonly costOrdered: number;
  readonly costCharged: number;
}

export interface OutlookFacts {
  /** On hand and not promised, now. */
  readonly availableUnits: number;
  /** Means of coming periods; empty without a forecast. */
  readonly means: readonly number[];
  readonly periodDays: number;
  /** Stock beyond the forecast of `excessDays`, at cost; null without a forecast. */
  readonly excessCost: number | null;
  readonly excessDays: number;
}

export interface AccuracyFacts {
  /** Weeks that are closed; sums over them of forecast - actual, of actual, and of the weeks' absolute errors. */
  readonly weeks: number;
  readonly error: number;
  readonly actual: number;
  readonly absoluteWeekError: number;
}
