import type * as z from 'zod';
import type { ClearanceItem, ElasticityShown } from '../../contracts/api/waste.ts';
import type { ClearanceInput } from '../../core/inventory/waste/clearance.ts';
import type { ShrunkElasticity } from '../../core/inventory/waste/elasticity.ts';
import type { Statements } from '../sql/database.ts';
import { type PriceHistory, readPriceHistories } from './elasticity-reads.ts';
import type { StockOutlook } from './stock-outlook-store.ts';
import { amountOf, moneyText, type WasteView } from './waste-reads.ts';
import type { WasteSettings } from './waste-settings.ts';

type Shown = z.infer<typeof ElasticityShown>;

/** To so many digits after the point. */
export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));
/** Amounts are computed in whole money and shown as text. */
export const shownMoney = (amount: number): string => moneyText(Math.round(amount * 100) * 100);

/** An elasticity as answers show it; null: unknown. */
export function shownElasticity(one: ShrunkElasticity | undefined): Shown | null {
  if (!one) return null;
  return {
    value: rounded(one.value, 3),
    standard_error: rounded(one.error, 3),
    weeks: one.weeks,
    basis: one.basis,
    own_weight: rounded(one.ownWeight, 3),
    products: one.products,
  };
}

/** Stock to be rid of. */
export interface Candidate {
  readonly one: StockOutlook;
  readonly reason: ClearanceItem['reason'];
  /** Units that are to go by then. */
  readonly units: number;
  readonly days: number;
}

/** What is known of the prices of a page's products. */
export async function pricesOf(
  db: Statements,
  outlooks: readonly StockOutlook[],
  view: WasteView | undefined,
): Promise<Map<string, PriceHistory>> {
  return view && outlooks.length > 0 ? await readPriceHistories(db, outlooks, view.asOf) : new Map();
}

/** Units a day at today's price: by the forecast, for what is dead by how rarely it would sell if it were not. */
export function rateOf({ expected, judgement, facts, unitsSold }: StockOutlook): number {
  if (judgement.verdict !== 'dead') return expected.perDay;
  const perSale = facts.sales.saleDays > 0 ? unitsSold / facts.sales.saleDays : 1;
  return ((1 - judgement.probabilityDead) * perSale) / judgement.expectedInterval;
}

/**
 * What a unit is worth that is left in the end: salvage for what expires or is dead; what is wanted still sells, and is
 * worth its cost less that of keeping it until then.
 */
function salvageOf({ one, reason, units, days }: Candidate, cost: number, settings: WasteSettings): number {
  const least = settings.salvage_share * cost;
  if (reason === 'expiring') return 0;
  if (reason === 'dead') return least;
  const rate = rateOf(one);
  if (!(rate > 0)) return least;
  const years = Math.max(0, units - rate * days) / rate / 365;
  return Math.max(least, cost * (1 - (settings.holding_rate * years) / 2));
}

/** What a clearance of it rests on, but for the elasticity. */
export function inputOf(
  candidate: Candidate,
  price: number,
  settings: WasteSettings,
): Omit<ClearanceInput, 'elasticity'> {
  const cost = amountOf(candidate.one.unitCost) / 1e4;
  const salvage = Math.min(price, salvageOf(candidate, cost, settings));
  return {
    units: candidate.units,
    price,
    perDay: rateOf(candidate.one),
    holdingPerDay: (settings.holding_rate * cost) / 365,
    days: candidate.days,
    salvage,
    // What is worth more than the floor when it is left over is not sold below that.
    floor: Math.max(settings.clearance_floor * cost, salvage),
  };
}

/** Today's price, or that of the newest week with a sale. */
export const priceOf = (one: StockOutlook, prices: PriceHistory | undefined): number | null => {
  const price = one.unitPrice === null ? (prices?.newest ?? null) : Number(one.unitPrice);
  return price !== null && price > 0 ? price : null;
};
