import { type ScaledRegressionState, scaledRegression } from './scaled-regression.ts';

/** One sale of a product. */
export interface SaleEvent {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly quantity: number;
  /** Sold at a reduced price. */
  readonly isSale: boolean;
  readonly unitCost: number;
}

export interface TransactionLearnerState {
  readonly regression: ScaledRegressionState;
  /** The day that still takes events; null before the first. */
  readonly day: number | null;
  readonly quantity: number;
  readonly onSale: number;
  readonly unitCost: number;
  /** Quantity of the day before. */
  readonly before: number;
}

/** Learns demand a day from a stream of sales, in constant memory. */
export interface TransactionLearner {
  /** False for a sale of a day that is closed already: it teaches nothing. */
  observe(event: SaleEvent): boolean;
  /** Expected demand (units, at least 0) of a day, given what is planned for it. */
  predict(day: number, plan: { readonly isSale: boolean; readonly unitCost: number }): number;
  toState(): TransactionLearnerState;
}

/** Features: quantity of the day before, weekday, month, year, share on sale, unit cost. */
const FEATURES = 6;
/** A silence of more days is learned as this many days without demand. */
const MOST_SILENT_DAYS = 400;
const MS_A_DAY = 86_400_000;

/**
 * Always up to date: every sale is added to its day, and a day is learned as soon as a later one begins, days without a
 * sale as zero. What is predicted is demand a day, not the stock that a sale leaves behind.
 */
export function transactionLearner(state?: TransactionLearnerState): TransactionLearner {
  const regression = scaledRegression(state?.regression ?? FEATURES);
  const features = new Float64Array(FEATURES);
  let day = state?.day ?? null;
  let quantity = state?.quantity ?? 0;
  let onSale = state?.onSale ?? 0;
  let unitCost = state?.unitCost ?? 0;
  let before = state?.before ?? 0;

  const fill = (of: number, previous: number, saleShare: number, cost: number): Float64Array => {
    const date = new Date(of * MS_A_DAY);
    features[0] = previous;
    features[1] = date.getUTCDay();
    features[2] = date.getUTCMonth() + 1;
    features[3] = date.getUTCFullYear();
    features[4] = saleShare;
    features[5] = cost;
    return features;
  };
  const close = (closed: number): void => {
    regression.learn(fill(closed, before, quantity > 0 ? onSale / quantity : 0, unitCost), quantity);
    before = quantity;
    quantity = 0;
    onSale = 0;
  };
  return {
    observe(event) {
      if (!Number.isInteger(event.day)) throw new RangeError(`day ${event.day} is not a whole number`);
      if (day !== null && event.day < day) return false;
      if (day !== null && event.day > day) {
        close(day);
        const silent = Math.max(day + 1, event.day - MOST_SILENT_DAYS);
        for (let d = silent; d < event.day; d++) close(d);
      }
      day = event.day;
      quantity += event.quantity;
      if (event.isSale) onSale += event.quantity;
      unitCost = event.unitCost;
      return true;
    },
    predict(of, plan) {
      // The day before a later day is not over: the open day's own quantity is too small to go by.
      return Math.max(0, regression.predict(fill(of, before, plan.isSale ? 1 : 0, plan.unitCost)));
    },
    toState: () => ({ regression: regression.toState(), day, quantity, onSale, unitCost, before }),
  };
}
