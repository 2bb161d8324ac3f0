import type {
  DeadItem,
  DeadList,
  DeadStock,
  ExcessItem,
  ExcessList,
  ExpiringItem,
  ExpiringList,
  SlowItem,
  SlowList,
} from '../../contracts/api/waste.ts';
import { toDecimal } from '../../contracts/csv/cells.ts';
import { daysBetween } from '../../core/calendar/add-days.ts';
import { legacyDiscount } from '../../core/inventory/waste/clearance.ts';
import { unsellable } from '../../core/inventory/waste/unsellable.ts';
import { count, deadWords, percent } from '../../core/inventory/waste/waste-words.ts';
import { readBusinessDay } from '../planning/business-day.ts';
import { moneyColumn, type PageAsked } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';
import { type OutlookFilter, readStockOutlooks, type StockOutlook } from './stock-outlook-store.ts';
import { readWasteSettings, type WasteSettings } from './waste-settings.ts';

/** Money in ten-thousandths as answers show it. */
export const moneyText = (amount: number): string => moneyColumn.parse(toDecimal(Math.round(amount)));

/** Ten-thousandths of an amount as the database writes it; 0 when nobody knows. */
export const amountOf = (text: string | null): number => Math.round(Number(text ?? 0) * 10_000);

/** Stock and rules as of the business day; undefined while there are no data. */
export interface WasteView {
  readonly asOf: string;
  readonly settings: WasteSettings;
  readonly outlooks: readonly StockOutlook[];
}

/** All stock on hand that the filter lets through, judged; undefined before the first day with data. */
export async function readWaste(
  db: Statements,
  filter: OutlookFilter,
  withLots = true,
): Promise<WasteView | undefined> {
  const asOf = await readBusinessDay(db);
  if (asOf === undefined) return undefined;
  const settings = await readWasteSettings(db);
  return {
    asOf,
    settings,
    outlooks: await readStockOutlooks(db, asOf, settings, filter, withLots),
  };
}

/** Something of a list: how many units of it, and what they cost in ten-thousandths. */
export interface Ranked<T> {
  readonly units: number;
  readonly amount: number;
  readonly name: string;
  readonly of: T;
}

/** Rows with the most money first, a page of them, and what all sum to. */
export function pageOfRanked<T, R>(
  all: readonly Ranked<T>[],
  { skip, limit }: PageAsked,
  show: (row: Ranked<T>) => R,
) {
  const sorted = [...all].sort(
    (a, b) => b.amount - a.amount || b.units - a.units || (a.name < b.name ? -1 : 1),
  );
  return {
    data: sorted.slice(skip, skip + limit).map(show),
    pagination: { skip, limit, total: all.length },
    totals: {
      items: all.length,
      units: all.reduce((sum, { units }) => sum + units, 0),
      value: moneyText(all.reduce((sum, { amount }) => sum + amount, 0)),
    },
  };
}

/** So many units of a stock, in a list. */
export const ranked = (of: StockOutlook, units: number): Ranked<StockOutlook> => ({
  of,
  units,
  amount: units * amountOf(of.unitCost),
  name: `${of.productId}|${of.locationId}`,
});

/** What every list says of an item. */
export const placeOf = (one: StockOutlook) => ({
  product_id: one.productId,
  product_name: one.productName,
  category: one.category,
  location_id: one.locationId,
  on_hand: one.facts.onHand,
  unit_cost: one.unitCost === null ? null : moneyColumn.parse(one.unitCost),
});

const rounded = (value: number, digits = 4): number => Number(value.toFixed(digits));
const silenceOf = (one: StockOutlook, asOf: string): number =>
  one.facts.daysSinceSale ?? daysBetween(one.firstDay, asOf);

export interface DeadAsked extends OutlookFilter {
  readonly rule: DeadList['rule'];
  /** Of the fixed rule. */
  readonly thresholdDays: number;
  /** Of the relative rule: least probability; that of the settings if left out. */
  readonly probability?: number | undefined;
}

/** Stock that nobody wants any more, most money first: by its own odds, or after so many days without a sale. */
export async function listDeadStock(db: Statements, asked: DeadAsked, page: PageAsked): Promise<DeadList> {
  const view = await readWaste(db, asked, false);
  const probability = asked.probability ?? view?.settings.dead_stock_probability ?? null;
  const isListed = ({ judgement }: StockOutlook, silence: number) =>
    asked.rule === 'fixed'
      ? silence >= asked.thresholdDays
      : judgement.probabilityDead >= probability! && judgement.verdict !== 'seasonal';
  const all = (view?.outlooks ?? [])
    .filter((one) => isListed(one, silenceOf(one, view!.asOf)))
    .map((one) => ranked(one, one.facts.onHand));
  return {
    as_of: view?.asOf ?? null,
    rule: asked.rule,
    threshold_days: asked.rule === 'fixed' ? asked.thresholdDays : null,
    probability: asked.rule === 'fixed' ? null : probability,
    ...pageOfRanked(all, page, (row) => deadItem(row, view!.asOf)),
  };
}

const ACTION: Readonly<Record<StockOutlook['judgement']['verdict'], DeadItem['recommended_action']>> = {
  dead: 'clear',
  doubtful: 'mark_down',
  seasonal: 'keep_for_season',
  wanted: 'watch',
};

function deadItem({ of: one, amount }: Ranked<StockOutlook>, asOf: string): DeadItem {
  const { facts, judgement } = one;
  return {
    ...placeOf(one),
    value: moneyText(amount),
    last_sale_date: one.lastSale,
    days_since_sale: silenceOf(one, asOf),
    days_in_stock_since_sale: facts.sales.daysInStock - facts.sales.daysToLastSale,
    in_stock_since: one.firstDay,
    sale_days: facts.sales.saleDays,
    expected_interval_days: rounded(judgement.expectedInterval, 1),
    chance_of_silence: rounded(judgement.chanceOfSilence),
    probability_dead: rounded(judgement.probabilityDead),
    verdict: judgement.verdict,
    recommended_action: ACTION[judgement.verdict],
    words: deadWords(facts, judgement),
  };
}

const LEGACY_ACTION: readonly (readonly [number, string])[] = [
  [0.7, 'Clear at 70 % off'],
  [0.5, 'Clear at 50 % off'],
  [0.3, 'Clear at 30 % off'],
];

/** Products without a sale for so many days, all locations together, as the original answers: at most so many of them. */
export async function readDeadStock(
  db: Statements,
  thresholdDays: number,
  limit: number,
): Promise<DeadStock> {
  const view = await readWaste(db, {}, false);
  const products = [...Map.groupBy(view?.outlooks ?? [], ({ productId }) => productId).values()]
    .map((places) => {
      const newest = places.reduce((best, one) =>
        silenceOf(one, view!.asOf) < silenceOf(best, view!.asOf) ? one : best,
      );
      const units = places.reduce((sum, { facts }) => sum + facts.onHand, 0);
      return { ...ranked(newest, units), silence: silenceOf(newest, view!.asOf) };
    })
    .filter(({ silence }) => silence >= thresholdDays)
    .sort((a, b) => b.amount - a.amount || (a.name < b.name ? -1 : 1));
  return {
    dead_stock_products: products.slice(0, limit).map(({ of: one, units, amount, silence }) => ({
      product_id: one.productId,
      product_name: one.productName,
      category: one.category,
      brand: one.brand,
      current_stock: units,
      last_sale_date: one.lastSale,
      days_since_sale: silence,
      stock_value: moneyText(amount),
      unit_price: one.unitPrice === null ? null : moneyColumn.parse(one.unitPrice),
      recommended_action:
        LEGACY_ACTION.find(([discount]) => legacyDiscount(silence) >= discount)?.[1] ?? 'Promote or bundle',
      probability_dead: rounded(one.judgement.probabilityDead),
    })),
    count: products.length,
    total_value: moneyText(products.reduce((sum, { amount }) => sum + amount, 0)),
    threshold_days: thresholdDays,
    as_of: view?.asOf ?? null,
  };
}

export interface SlowAsked extends OutlookFilter {
  readonly rule: SlowList['rule'];
  /** Units a day, or a share of the median velocity of the category's stock. */
  readonly threshold?: number | undefined;
}

/** Of the median of the category; by what the relative rule goes. */
const USUAL_SHARE = 0.25;

/** Stock that sells, but hardly; what is dead is not in it. */
export async function listSlowStock(db: Statements, asked: SlowAsked, page: PageAsked): Promise<SlowList> {
  const view = await readWaste(db, asked, false);
  const threshold =
    asked.threshold ?? (asked.rule === 'fixed' ? (view?.settings.slow_units_per_day ?? 0.1) : USUAL_SHARE);
  const median = mediansOf(view?.outlooks ?? []);
  const all = (view?.outlooks ?? [])
    .filter(({ category, judgement: { velocity, verdict } }) => {
      const limit = asked.rule === 'fixed' ? threshold : threshold * median(category);
      return verdict !== 'dead' && velocity < limit;
    })
    .map((one) => ranked(one, one.facts.onHand));
  return {
    as_of: view?.asOf ?? null,
    rule: asked.rule,
    threshold,
    ...pageOfRanked(all, page, ({ of: one, amount }): SlowItem => {
      const { velocity, daysOfStock } = one.judgement;
      return {
        ...placeOf(one),
        value: moneyText(amount),
        velocity: rounded(velocity),
        days_of_stock: daysOfStock === null ? null : rounded(daysOfStock, 1),
        category_velocity: rounded(median(one.category)),
        last_sale_date: one.lastSale,
        words:
          daysOfStock === null
            ? 'Nothing was sold in the last 91 days.'
            : `${rounded(velocity, 3)} units a day: the stock lasts ${count(Math.round(daysOfStock), 'day')}.`,
      };
    }),
  };
}

function mediansOf(outlooks: readonly StockOutlook[]): (category: string | null) => number {
  const medians = new Map(
    [...Map.groupBy(outlooks, ({ category }) => category)].map(([category, some]) => {
      const sorted = some.map(({ judgement }) => judgement.velocity).sort((a, b) => a - b);
      return [category, sorted[Math.floor(sorted.length / 2)]!] as const;
    }),
  );
  return (category) => medians.get(category) ?? 0;
}

/** Stock and orders beyond what the days of cover may ask for, most money on hand first. */
export async function listExcess(
  db: Statements,
  asked: OutlookFilter & { readonly coverDays?: number | undefined },
  page: PageAsked,
): Promise<ExcessList> {
  const asOf = await readBusinessDay(db);
  const settings = await readWasteSettings(db);
  const coverDays = asked.coverDays ?? settings.excess_cover_days;
  const outlooks =
    asOf === undefined
      ? []
      : await readStockOutlooks(db, asOf, { ...settings, excess_cover_days: coverDays }, asked);
  const all = outlooks
    .filter(({ judgement }) => judgement.excess > 0)
    .map((one) => ranked(one, one.judgement.excessOnHand));
  return {
    as_of: asOf ?? null,
    ...pageOfRanked(all, page, (row) => excessItem(row, coverDays)),
  };
}

/** Units on hand that may still be sold and will be by their day. */
export const sellableOf = ({ facts }: StockOutlook): number =>
  Math.max(0, facts.onHand - facts.expired - facts.expiring);

function excessItem({ of: one, units, amount }: Ranked<StockOutlook>, coverDays: number): ExcessItem {
  const { facts, judgement, expected } = one;
  const months = judgement.monthsOfCover;
  const lasts = months === null ? 'nobody is expected to buy it' : `it lasts ${rounded(months, 1)} months`;
  return {
    ...placeOf(one),
    on_order: facts.onOrder,
    committed: facts.committed,
    position: judgement.position,
    cover_days: coverDays,
    expected_per_day: rounded(expected.perDay),
    demand_source: expected.source,
    order_up_to: judgement.orderUpTo,
    months_of_cover: months === null ? null : rounded(months, 1),
    excess_units: judgement.excess,
    excess_on_hand: units,
    value: moneyText(amount),
    recommended_action:
      facts.onOrder > 0 ? 'postpone_orders' : judgement.verdict === 'dead' ? 'clear' : 'transfer_or_promote',
    words:
      `${count(judgement.position, 'unit')} on hand and coming, at most ${judgement.orderUpTo} are needed in ${count(coverDays, 'day')}: ${judgement.excess} too many, ${lasts}.` +
      (facts.onOrder > 0 ? ` ${count(judgement.excess - units, 'unit')} of them are still on order.` : ''),
  };
}

/** Lots of which units will not be sold by their last day, those past it included, most money first. */
export async function listExpiring(
  db: Statements,
  asked: OutlookFilter & { readonly withinDays?: number | undefined },
  page: PageAsked,
): Promise<ExpiringList> {
  const view = await readWaste(db, asked);
  const asOf = view?.asOf ?? '1970-01-01';
  const all = (view?.outlooks ?? []).flatMap((one) => lotsAtRisk(one, asOf, asked.withinDays));
  return {
    as_of: view?.asOf ?? null,
    ...pageOfRanked(all, page, ({ of, units, amount }): ExpiringItem => {
      const { one, lot } = of;
      const daysLeft = daysBetween(asOf, lot.expiryDate!);
      const share = percent(units / Math.max(1, lot.left));
      return {
        ...placeOf(one),
        lot_id: lot.lotId,
        lot_code: lot.lotCode,
        expiry_date: lot.expiryDate!,
        days_left: daysLeft,
        lot_units: lot.left,
        expected_per_day: rounded(one.expected.perDay),
        units_at_risk: units,
        value: moneyText(amount),
        is_expired: daysLeft < 0,
        words:
          daysLeft < 0
            ? `Past its day for ${count(-daysLeft, 'day')}: ${count(units, 'unit')} to write off.`
            : `${units} of ${lot.left} (${share}) will be left on ${lot.expiryDate} at ${rounded(one.expected.perDay, 2)} a day.`,
      };
    }),
  };
}

function lotsAtRisk(one: StockOutlook, asOf: string, withinDays = Number.POSITIVE_INFINITY) {
  if (!one.lots) return [];
  const byId = new Map(one.lots.lots.map((lot) => [lot.lotId, lot]));
  return unsellable(one.lots.lots, one.expected.perDay, asOf)
    .filter(({ expiryDate }) => daysBetween(asOf, expiryDate) <= withinDays)
    .flatMap(({ lotId, quantity }) => {
      const lot = byId.get(lotId)!;
      const units = Math.round(quantity);
      const amount = units * amountOf(lot.unitCost ?? one.unitCost);
      return units === 0
        ? []
        : [{ of: { one, lot }, units, amount, name: `${one.productId}|${lot.lotCode}` }];
    });
}
