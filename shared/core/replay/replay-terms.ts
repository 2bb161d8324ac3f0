/** Under which terms a replay orders, and what it is charged. L and R count periods of the history. */
export interface ReplayTerms {
  /** Periods from an order to its arrival: ordered at the start of t, it is there at the start of t + L. */
  readonly leadTime: number;
  /** Periods between two reviews, from the first replayed period on. */
  readonly review: number;
  /** Cycle service that the textbook rules aim at, and least fill rate and cycle service of `auto`. */
  readonly serviceLevel: number;
  /** Share of a unit's cost that keeping it for a year costs. */
  readonly holdingRate: number;
  /** Share of the price that is earned with a unit. */
  readonly margin: number;
  /** Money an order and series. */
  readonly orderCost: number;
  /**
   * Share of its margin that a unit costs for each period that a customer waits for it, and its whole margin when it never
   * comes. Without it nobody waits: sales are lost.
   */
  readonly waitingCost?: number;
  /** Periods in which a unit can be sold, that of its arrival included; what is left then is lost at cost. Default: no end. */
  readonly shelfLife?: number;
  /** Days in a period: 1, 7, or a twelfth of a year. */
  readonly daysAPeriod: number;
  /** Periods in a season: 7 days, 52 weeks, 12 months. */
  readonly season: number;
}

/** Days in a year, leap years shared out. */
export const DAYS_A_YEAR = 365.25;

/** Periods in a year. */
export function periodsAYear({ daysAPeriod }: Pick<ReplayTerms, 'daysAPeriod'>): number {
  return DAYS_A_YEAR / daysAPeriod;
}

/** Throws RangeError for terms that make no sense. */
export function assertTerms(terms: ReplayTerms): void {
  const { leadTime, review, serviceLevel, holdingRate, margin, orderCost, waitingCost, shelfLife } = terms;
  if (!Number.isInteger(leadTime) || leadTime < 0) throw new RangeError(`a lead time of ${leadTime} periods`);
  if (!Number.isInteger(review) || review < 1) throw new RangeError(`a review every ${review} periods`);
  if (!(serviceLevel > 0 && serviceLevel < 1)) throw new RangeError(`a service level of ${serviceLevel}`);
  if (!(holdingRate >= 0 && Number.isFinite(holdingRate)))
    throw new RangeError(`a holding rate of ${holdingRate}`);
  if (!(margin >= 0 && margin < 1)) throw new RangeError(`a margin of ${margin}`);
  if (!(orderCost >= 0 && Number.isFinite(orderCost))) throw new RangeError(`an order cost of ${orderCost}`);
  if (waitingCost !== undefined && !(waitingCost >= 0 && Number.isFinite(waitingCost)))
    throw new RangeError(`a waiting cost of ${waitingCost}`);
  if (shelfLife !== undefined && !(Number.isInteger(shelfLife) && shelfLife >= 1))
    throw new RangeError(`a shelf life of ${shelfLife} periods`);
}
