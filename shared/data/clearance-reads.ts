import type * as z from 'zod';
import type {
  ClearanceItem,
  ClearanceList,
  ElasticityShown,
  PriceSuggestion,
  PromotionItem,
  PromotionList,
} from '../contracts/api/waste.ts';
import { addDays, daysBetween } from '../core/calendar/add-days.ts';
import {
  breakEvenUplift,
  type ClearanceInput,
  clearanceLadder,
  expectOf,
  legacyDiscount,
  promotionOf,
} from '../core/inventory/waste/clearance.ts';
import type { ShrunkElasticity } from '../core/inventory/waste/elasticity.ts';
import { suggestPrice } from '../core/inventory/waste/suggest-price.ts';
import { unsellable } from '../core/inventory/waste/unsellable.ts';
import { count, percent } from '../core/inventory/waste/waste-words.ts';
import type { PageAsked } from './columns.ts';
import type { Statements } from './database.ts';
import { type PriceHistory, readPriceHistories } from './elasticity-reads.ts';
import type { OutlookFilter, StockOutlook } from './stock-outlook-store.ts';
import {
  amountOf,
  moneyText,
  pageOfRanked,
  placeOf,
  type Ranked,
  ranked,
  readWaste,
  sellableOf,
  type WasteView,
} from './waste-reads.ts';
import type { WasteSettings } from './waste-settings.ts';

type Shown = z.infer<typeof ElasticityShown>;

const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));
/** Amounts are computed in whole money and shown as text. */
const shownMoney = (amount: number): string => moneyText(Math.round(amount * 100) * 100);

function shownElasticity(one: ShrunkElasticity | undefined): Shown | null {
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

interface Candidate {
  readonly one: StockOutlook;
  readonly reason: ClearanceItem['reason'];
  /** Units that are to go by then. */
  readonly units: number;
  readonly days: number;
}

/**
 * Stock to be rid of, most money first: what will expire unsold, what is dead, and excess; each with the steps of price
 * that recover most, beside keeping it and beside the fixed discounts. Only the page's own items are computed.
 */
export async function listClearance(
  db: Statements,
  asked: OutlookFilter & { readonly minValue: number },
  page: PageAsked,
): Promise<ClearanceList> {
  const view = await readWaste(db, asked);
  const all = (view?.outlooks ?? [])
    .flatMap((one) => candidateOf(one, view!))
    .map((of) => ({ ...ranked(of.one, of.units), of }))
    .filter(({ amount }) => amount >= asked.minValue);
  const { data: rows, ...rest } = pageOfRanked(all, page, (row) => row);
  const prices = await pricesOf(
    db,
    rows.map(({ of }) => of.one),
    view,
  );
  return {
    as_of: view?.asOf ?? null,
    ...rest,
    data: rows.map((row) => clearanceItem(row, prices.get(row.of.one.productId), view!)),
  };
}

async function pricesOf(
  db: Statements,
  outlooks: readonly StockOutlook[],
  view: WasteView | undefined,
): Promise<Map<string, PriceHistory>> {
  return view && outlooks.length > 0 ? await readPriceHistories(db, outlooks, view.asOf) : new Map();
}

/** The worst that a stock is, as something to be rid of. */
function candidateOf(one: StockOutlook, { asOf, settings }: WasteView): Candidate[] {
  const { judgement, facts } = one;
  const atRisk = one.lots ? unsellable(one.lots.lots, one.expected.perDay, asOf) : [];
  const last = atRisk.filter(({ expiryDate }) => expiryDate > asOf).at(-1);
  if (last && facts.expiring > 0) {
    const units = one.lots!.lots.reduce(
      (sum, { expiryDate, left }) =>
        sum + (expiryDate !== null && expiryDate > asOf && expiryDate <= last.expiryDate ? left : 0),
      0,
    );
    return [{ one, reason: 'expiring', units, days: daysBetween(asOf, last.expiryDate) }];
  }
  const units = sellableOf(one);
  if (units === 0) return [];
  if (judgement.verdict === 'dead') return [{ one, reason: 'dead', units, days: settings.clearance_days }];
  if (judgement.units.excess === 0) return [];
  return [{ one, reason: 'excess', units, days: settings.clearance_days }];
}

/** Units a day at today's price: by the forecast, for what is dead by how rarely it would sell if it were not. */
function rateOf({ expected, judgement, facts, unitsSold }: StockOutlook): number {
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

function inputOf(
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

const priceOf = (one: StockOutlook, prices: PriceHistory | undefined): number | null => {
  const price = one.unitPrice === null ? (prices?.newest ?? null) : Number(one.unitPrice);
  return price !== null && price > 0 ? price : null;
};

function clearanceItem(
  { of: candidate, units, amount }: Ranked<Candidate>,
  prices: PriceHistory | undefined,
  { asOf, settings }: WasteView,
): ClearanceItem {
  const { one, reason, days } = candidate;
  const price = priceOf(one, prices);
  const head = {
    ...placeOf(one),
    reason,
    units,
    value: moneyText(amount),
    until: addDays(asOf, days),
    expected_per_day: rounded(rateOf(one), 4),
    elasticity: shownElasticity(prices?.elasticity),
  };
  const unknown = {
    ladder: [],
    expected_recovered: null,
    recovered_by_keeping: null,
    gain: null,
  };
  if (price === null)
    return {
      ...head,
      ...unknown,
      price: null,
      floor_price: null,
      legacy: null,
      words: `${WHY[reason](units, one)} Its price is unknown.`,
    };
  const input = inputOf(candidate, price, settings);
  const keep = expectOf({ ...input, elasticity: 0 }, [{ price, days }]).recovered;
  const shown = { ...head, price: shownMoney(price), floor_price: shownMoney(Math.min(price, input.floor)) };
  const legacy = legacyOf(candidate, input, prices?.elasticity, asOf);
  if (!prices?.elasticity)
    return {
      ...shown,
      ...unknown,
      recovered_by_keeping: shownMoney(keep),
      legacy,
      words: `${WHY[reason](units, one)} What a discount would do is unknown: its price and those of its category did not change enough to tell.${breakEvenWords(legacy)}`,
    };
  const { steps, expected, keep: kept } = clearanceLadder({ ...input, elasticity: prices.elasticity.value });
  let from = 1;
  const ladder = steps.map((step) => {
    const row = {
      from: addDays(asOf, from),
      to: addDays(asOf, from + step.days - 1),
      price: shownMoney(step.price),
      discount_percent: rounded(step.discount * 100, 1),
      expected_units: rounded(step.sold),
    };
    from += step.days;
    return row;
  });
  const gain = expected.recovered - kept.recovered;
  return {
    ...shown,
    ladder,
    expected_recovered: shownMoney(expected.recovered),
    recovered_by_keeping: shownMoney(kept.recovered),
    gain: shownMoney(gain),
    legacy,
    words: `${WHY[reason](units, one)} ${ladderWords(ladder, gain)}`,
  };
}

const WHY: Readonly<Record<ClearanceItem['reason'], (units: number, one: StockOutlook) => string>> = {
  expiring: (units, { facts }) => `${facts.expiring} of ${count(units, 'unit')} will expire unsold.`,
  dead: (units, { judgement }) =>
    `${count(units, 'unit')} that nobody wants with a probability of ${percent(judgement.probabilityDead)}.`,
  excess: (_, { judgement }) => `${count(judgement.excess, 'unit')} more than the days of cover may need.`,
};

function ladderWords(ladder: ClearanceItem['ladder'], gain: number): string {
  const cuts = ladder.filter(({ discount_percent }) => discount_percent > 0);
  if (cuts.length === 0) return 'No discount above the floor is expected to recover more than today’s price.';
  const steps = cuts
    .filter(({ discount_percent }, i) => discount_percent !== cuts[i - 1]?.discount_percent)
    .map(({ from, discount_percent }) => `${discount_percent} % off from ${from}`);
  return `${steps.join(', ')}: ${shownMoney(gain)} more than at today’s price.`;
}

function breakEvenWords(legacy: ClearanceItem['legacy']): string {
  if (!legacy) return '';
  const uplift = legacy.break_even_uplift;
  return uplift === null
    ? ` No growth of demand would make ${legacy.discount_percent} % off worth it.`
    : ` ${legacy.discount_percent} % off is worth it if demand grows ${rounded(uplift, 1)}-fold.`;
}

function legacyOf(
  { one, days }: Candidate,
  input: Omit<ClearanceInput, 'elasticity'>,
  elasticity: ShrunkElasticity | undefined,
  asOf: string,
): ClearanceItem['legacy'] {
  const asked = legacyDiscount(one.facts.daysSinceSale ?? daysBetween(one.firstDay, asOf));
  if (asked === 0) return null;
  const price = Math.min(input.price, Math.max(input.price * (1 - asked), input.floor));
  const discount = 1 - price / input.price;
  if (discount <= 0) return null;
  const expected = elasticity
    ? shownMoney(expectOf({ ...input, elasticity: elasticity.value }, [{ price, days }]).recovered)
    : null;
  return {
    discount_percent: rounded(discount * 100, 1),
    price: shownMoney(price),
    expected_recovered: expected,
    break_even_uplift: round3(breakEvenUplift(input, price)),
  };
}

const round3 = (value: number | null): number | null => (value === null ? null : rounded(value, 3));

/** Stock that sells too slowly and is not dead: a discount for some weeks, with the growth that its prices promise. */
export async function listPromotions(
  db: Statements,
  asked: OutlookFilter & { readonly minValue: number },
  page: PageAsked,
): Promise<PromotionList> {
  const view = await readWaste(db, asked);
  const all = (view?.outlooks ?? [])
    .filter(({ judgement: { verdict, isSlow, units } }) => verdict !== 'dead' && (isSlow || units.excess > 0))
    .map((one) => ranked(one, sellableOf(one)))
    .filter(({ amount, units }) => units > 0 && amount >= asked.minValue);
  const { data: rows, ...rest } = pageOfRanked(all, page, (row) => row);
  const prices = await pricesOf(
    db,
    rows.map(({ of }) => of),
    view,
  );
  return {
    as_of: view?.asOf ?? null,
    ...rest,
    data: rows.map((row) => promotionItem(row, prices.get(row.of.productId), view!.settings)),
  };
}

function promotionItem(
  { of: one, units, amount }: Ranked<StockOutlook>,
  prices: PriceHistory | undefined,
  settings: WasteSettings,
): PromotionItem {
  const price = priceOf(one, prices);
  const elasticity = prices?.elasticity;
  const reason = one.judgement.units.excess > 0 ? 'excess' : 'slow';
  const head = {
    ...placeOf(one),
    reason,
    value: moneyText(amount),
    price: price === null ? null : shownMoney(price),
    elasticity: shownElasticity(elasticity),
  } as const;
  if (price === null || !elasticity)
    return {
      ...head,
      expected_uplift: 'unknown',
      promotion: null,
      words: 'What a promotion would do is unknown: neither its prices nor those of its category tell.',
    };
  const candidate = { one, reason: 'excess', units, days: settings.clearance_days } as const;
  const found = promotionOf(
    { ...inputOf(candidate, price, settings), elasticity: elasticity.value },
    settings.promotion_days,
  );
  if (!found)
    return {
      ...head,
      expected_uplift: 1,
      promotion: null,
      words: 'No discount above the floor is expected to earn more than none.',
    };
  return {
    ...head,
    expected_uplift: rounded(found.uplift, 3),
    promotion: {
      price: shownMoney(found.price),
      discount_percent: rounded(found.discount * 100, 1),
      days: settings.promotion_days,
      expected_units: rounded(found.sold),
      expected_gain: shownMoney(found.gain),
    },
    words: `${rounded(found.discount * 100)} % off for ${count(settings.promotion_days, 'day')} is expected to sell ${rounded(found.uplift, 1)} times as much and to gain ${shownMoney(found.gain)}.`,
  };
}

/** What a product is compared by when no stock of it is there. */
export interface PricedProduct {
  readonly productId: string;
  readonly category: string | null;
  readonly unitPrice: string | null;
  readonly unitCost: string | null;
}

/** A price that is sure to earn more, within the guard rails; `unknown` where nothing tells. Nothing applies it. */
export async function suggestPriceOf(
  db: Statements,
  product: PricedProduct,
  settings: WasteSettings,
  asOf: string,
): Promise<PriceSuggestion> {
  const prices = (await readPriceHistories(db, [product], asOf)).get(product.productId)!;
  const price = product.unitPrice === null ? prices.newest : Number(product.unitPrice);
  const cost = product.unitCost === null ? null : Number(product.unitCost);
  const floor = cost === null ? 0 : cost;
  const head = {
    product_id: product.productId,
    as_of: asOf,
    price: price === null ? null : shownMoney(price),
    unit_cost: cost === null ? null : moneyText(amountOf(product.unitCost)),
    elasticity: shownElasticity(prices.elasticity),
  };
  const rails = {
    most_change_percent: rounded(settings.price_most_change * 100),
    floor_price: cost === null ? null : shownMoney(floor),
    ceiling_price: prices.highest === null ? null : shownMoney(prices.highest),
    bound: null,
  };
  if (price === null || price <= 0 || cost === null || !prices.elasticity) {
    const missing = [
      (price === null || price <= 0) && 'its price',
      cost === null && 'its cost',
      !prices.elasticity && 'what its price does to demand',
    ].filter(Boolean);
    return {
      ...head,
      kind: 'unknown',
      suggested_price: null,
      expected_demand_change_percent: null,
      expected_profit_change_percent: null,
      least_profit_change_percent: null,
      guard_rails: rails,
      words: `Unknown: ${missing.join(' and ')}.`,
    };
  }
  const advice = suggestPrice({
    price,
    marginalCost: cost,
    elasticity: prices.elasticity,
    rails: { mostChange: settings.price_most_change, floor, ceiling: prices.highest },
  });
  const change = (share: number) => rounded(share * 100);
  return {
    ...head,
    kind: advice.kind,
    suggested_price: shownMoney(advice.price),
    expected_demand_change_percent: change(advice.demandChange),
    expected_profit_change_percent: change(advice.profitChange),
    least_profit_change_percent: change(advice.leastProfitChange),
    guard_rails: { ...rails, bound: advice.bound },
    words:
      advice.kind === 'keep'
        ? 'No price between the guard rails is sure to earn more than today’s.'
        : `${advice.kind === 'raise' ? 'Raise' : 'Lower'} it to ${shownMoney(advice.price)}: demand ${change(advice.demandChange)} %, profit ${change(advice.profitChange)} %, ${change(advice.leastProfitChange)} % at least. Nobody does so but you.`,
  };
}
