import type { Regressor } from '../forecast/panel.ts';
import { periodsAYear, type ReplayTerms } from './replay-terms.ts';

/** One series made ready for replays. Stock and demand are counted in steps that orders are whole multiples of. */
export interface ReplayCase {
  readonly id: string;
  /** Units in a step: 1 where all quantities are whole. */
  readonly unit: number;
  /** Demand by period in whole steps, never negative; 0 where it is unknown. */
  readonly demand: Float64Array;
  /** The same with NaN where it is unknown, for forecasters. */
  readonly known: Float64Array;
  /** Money lost with a step that is not sold, by period. */
  readonly margin: Float64Array;
  /** Cost of a step, by period. */
  readonly cost: Float64Array;
  /** Money that keeping a step for a period costs, by period. */
  readonly holding: Float64Array;
  /** Columns by period whose future is known ahead of each decision. */
  readonly regressors: Readonly<Record<string, Regressor>>;
}

export interface CaseInput {
  readonly id: string;
  /** Oldest first; NaN is unknown, below 0 (returns) counts as no demand. */
  readonly quantities: ArrayLike<number>;
  /** Price by period, NaN where unknown; null: 1. */
  readonly prices: ArrayLike<number> | null;
  /** See `ReplayCase`. Default none. */
  readonly regressors?: Readonly<Record<string, Regressor>>;
}

/** Steps that the mean of a series with fractions has: fine enough for rules that count in whole steps. */
const STEPS_A_MEAN = 1000;

/** Makes a series ready. An unknown price is the newest before it, else the first known one, else 1. */
export function replayCase(input: CaseInput, terms: ReplayTerms): ReplayCase {
  const { id, quantities, prices, regressors = {} } = input;
  const n = quantities.length;
  const unit = unitOf(quantities);
  const known = Float64Array.from(quantities, (value) =>
    Number.isNaN(value) ? Number.NaN : Math.max(0, Math.round(value / unit)),
  );
  const demand = known.map((value) => (Number.isNaN(value) ? 0 : value));
  const price = filledPrices(prices, n);
  const yearly = terms.holdingRate / periodsAYear(terms);
  const cost = price.map((value) => value * (1 - terms.margin) * unit);
  return {
    id,
    unit,
    demand,
    known,
    margin: price.map((value) => value * terms.margin * unit),
    cost,
    holding: cost.map((value) => value * yearly),
    regressors,
  };
}

function unitOf(quantities: ArrayLike<number>): number {
  let sum = 0;
  let count = 0;
  let isWhole = true;
  for (let t = 0; t < quantities.length; t++) {
    const value = quantities[t]!;
    if (Number.isNaN(value)) continue;
    if (value !== Math.trunc(value)) isWhole = false;
    if (value > 0) sum += value;
    count++;
  }
  return isWhole || sum === 0 ? 1 : sum / count / STEPS_A_MEAN;
}

function filledPrices(prices: ArrayLike<number> | null, n: number): Float64Array {
  const filled = new Float64Array(n).fill(1);
  if (!prices) return filled;
  let newest = 1;
  for (let t = 0; t < n; t++) {
    if (prices[t]! >= 0) {
      newest = prices[t]!;
      break;
    }
  }
  for (let t = 0; t < n; t++) {
    if (prices[t]! >= 0) newest = prices[t]!;
    filled[t] = newest;
  }
  return filled;
}

/** Stock that all policies start from: mean demand before `start`, of the last year at most, over lead time + review. */
export function openingStock({ known }: ReplayCase, start: number, terms: ReplayTerms): number {
  const from = Math.max(0, start - Math.ceil(periodsAYear(terms)));
  let sum = 0;
  let count = 0;
  for (let t = from; t < start; t++) {
    if (Number.isNaN(known[t])) continue;
    sum += known[t]!;
    count++;
  }
  return count === 0 ? 0 : Math.ceil((sum / count) * (terms.leadTime + terms.review) - 1e-9);
}
