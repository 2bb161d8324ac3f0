import { daysOfCover } from './days-of-cover.ts';
import { type KpiRule, money } from './kpi.ts';
import type { KpiFacts } from './kpi-facts.ts';

const YEAR = 365;
/** Weeks ahead whose mean makes weeks of supply. */
const WEEKS_AHEAD = 13;

const NOBODY_ASKED = 'nothing was asked for in the period';
const NO_SALES = 'nothing was sold in the period';
const NO_COGS = 'nothing whose cost is known was sold in the period';
const NO_STOCK = 'no stock whose cost is known was there in the period';
const NO_ITEMS = 'the ledger knew no item in the period';
const NO_FORECAST = 'there is no complete plan';
const NO_WEEKS = 'no week of the period is closed and judged';
const NEVER = 'it cannot be without a value';

const rule = (rule: KpiRule<KpiFacts>): KpiRule<KpiFacts> => rule;
const requested = ({ sales, requests }: KpiFacts) => sales.soldUnits + requests.lostUnits;
const atOnce = ({ sales, requests }: KpiFacts) => sales.soldUnits - requests.lateUnits;
const averageCost = ({ stock, days }: KpiFacts) => stock.costDays / days;

/** What was wasted of what was sold; what breaks is no waste of buying too much and stands beside it. */
export const WASTE_RATE: KpiRule<Pick<KpiFacts, 'movements' | 'sales'>> = {
  unit: 'fraction',
  formula:
    '(expired, at cost + what was lost by selling below cost, by product, place and day) / cost of goods sold in the period',
  withoutBase: NO_COGS,
  of: ({ movements, sales }) => ({
    over: money(movements.expiredCost + sales.soldBelowCost),
    under: money(sales.cogs),
  }),
};

/** Every key figure: what it is, and how it is made. The one place of their formulas. */
export const KPI_RULES = {
  unit_fill_rate: rule({
    unit: 'fraction',
    formula:
      'units shipped from stock on first request / units requested; requested = sold + refused and never ordered again. An order that was refused and taken later was requested, and not filled on first request, on the day of its sale. Where no refusals are recorded, as with imported sales, nobody knows of lost ones: see unit_fill_rate_estimated',
    withoutBase: NOBODY_ASKED,
    of: (f) => ({ over: atOnce(f), under: requested(f) }),
  }),
  unit_fill_rate_estimated: rule({
    unit: 'fraction',
    formula:
      'units shipped from stock on first request / (sold + the larger of units refused and units missed on days without stock, estimated)',
    withoutBase: NOBODY_ASKED,
    of: (f) => ({
      over: atOnce(f),
      under: f.sales.soldUnits + Math.max(f.requests.lostUnits, f.stock.missedUnits),
    }),
  }),
  line_fill_rate: rule({
    unit: 'fraction',
    formula: 'order lines complete on first request / order lines requested',
    withoutBase: NOBODY_ASKED,
    of: ({ sales, requests }) => ({
      over: sales.soldLines - requests.lateLines,
      under: sales.soldLines + requests.lostLines,
    }),
  }),
  order_fill_rate: rule({
    unit: 'fraction',
    formula: 'orders complete on first request / orders requested',
    withoutBase: NOBODY_ASKED,
    of: ({ requests }) => ({
      over: requests.orders - requests.incompleteOrders,
      under: requests.orders + requests.lostOrders,
    }),
  }),
  perfect_order_rate: rule({
    unit: 'fraction',
    formula:
      'orders complete on first request of which nothing has come back / orders requested; no delivery day is promised to customers, so that lateness is not in it',
    withoutBase: NOBODY_ASKED,
    of: ({ requests }) => ({
      over: requests.orders - requests.imperfectOrders,
      under: requests.orders + requests.lostOrders,
    }),
  }),
  backorder_rate: rule({
    unit: 'fraction',
    formula: 'units sold before there was stock / units requested',
    withoutBase: NOBODY_ASKED,
    of: (f) => ({ over: f.requests.backorderedUnits, under: requested(f) }),
  }),
  in_stock_rate: rule({
    unit: 'fraction',
    formula:
      'item-days that end with stock / item-days since the ledger knew the item (ready rate); an item is a product at a location',
    withoutBase: NO_ITEMS,
    of: ({ stock }) => ({ over: stock.itemDays - stock.daysOut, under: stock.itemDays }),
  }),
  stockout_rate: rule({
    unit: 'fraction',
    formula: 'item-days that end without stock / item-days since the ledger knew the item',
    withoutBase: NO_ITEMS,
    of: ({ stock }) => ({ over: stock.daysOut, under: stock.itemDays }),
  }),
  cycle_service_level: rule({
    unit: 'fraction',
    formula:
      'replenishments that found stock at the end of the day before / replenishments; an item-day with arrivals is one, the first of an item is none',
    withoutBase: 'no item was replenished in the period',
    of: ({ stock }) => ({ over: stock.cycles - stock.shortCycles, under: stock.cycles }),
  }),
  lost_units: rule({
    unit: 'units',
    formula: 'units refused for lack of stock and never ordered again',
    withoutBase: NEVER,
    of: ({ requests }) => ({ over: requests.lostUnits }),
  }),
  lost_value: rule({
    unit: 'money',
    formula: 'those units at the price that was asked',
    withoutBase: NEVER,
    of: ({ requests }) => ({ over: money(requests.lostValue) }),
  }),
  lost_units_estimated: rule({
    unit: 'units',
    formula:
      'whole days without stock x units a day sold on the other days of the item; an item that was out all the time adds nothing, since nobody knows its demand',
    withoutBase: NEVER,
    of: ({ stock }) => ({ over: stock.missedUnits }),
  }),
  lost_value_estimated: rule({
    unit: 'money',
    formula: 'those units at the product price',
    withoutBase: NEVER,
    of: ({ stock }) => ({ over: money(stock.missedValue) }),
  }),
  lost_margin_estimated: rule({
    unit: 'money',
    formula: 'those units at product price less cost, where both are known',
    withoutBase: NEVER,
    of: ({ stock }) => ({ over: money(stock.missedMargin) }),
  }),
  average_inventory: rule({
    unit: 'money',
    formula: 'sum of closing stock at cost over the days / days; cost is that of today',
    withoutBase: NEVER,
    of: ({ stock, days }) => ({ over: money(stock.costDays), under: days }),
  }),
  turnover: rule({
    unit: 'turns',
    formula: 'cost of goods sold in the period, net of returns / average inventory at cost',
    withoutBase: NO_STOCK,
    of: (f) => ({ over: money(f.sales.cogs), under: money(averageCost(f)) }),
  }),
  turnover_annualised: rule({
    unit: 'turns',
    formula: 'turnover x 365 / days of the period',
    withoutBase: NO_STOCK,
    of: (f) => ({ over: money(f.sales.cogs), under: money(averageCost(f)), times: YEAR / f.days }),
  }),
  days_of_inventory: rule({
    unit: 'days',
    formula: 'average inventory at cost / cost of goods sold x days of the period (backward)',
    withoutBase: NO_COGS,
    of: (f) => ({ over: money(averageCost(f)), under: money(f.sales.cogs), times: f.days }),
  }),
  days_of_cover: rule({
    unit: 'days',
    formula:
      'days until what is on hand and not promised now is used up by the forecast if nothing more comes; of a group as a whole: single items may run out sooner',
    withoutBase: NEVER,
    of: ({ outlook: { availableUnits, means, periodDays } }) => {
      if (means.length === 0) return NO_FORECAST;
      const days = daysOfCover(availableUnits, means, periodDays);
      return days === null
        ? `it lasts longer than the forecast of ${means.length * periodDays} days`
        : { over: days };
    },
  }),
  weeks_of_supply: rule({
    unit: 'weeks',
    formula: `on hand and not promised now / mean weekly forecast of the coming ${WEEKS_AHEAD} weeks`,
    withoutBase: 'nothing is forecast to be sold',
    of: ({ outlook: { availableUnits, means, periodDays } }) => {
      if (means.length === 0) return NO_FORECAST;
      const ahead = means.slice(0, Math.max(1, Math.round((WEEKS_AHEAD * 7) / periodDays)));
      const perWeek = (ahead.reduce((sum, mean) => sum + mean, 0) / (ahead.length * periodDays)) * 7;
      return { over: availableUnits, under: perWeek };
    },
  }),
  stock_to_sales: rule({
    unit: 'ratio',
    formula: 'units on hand before the period / units sold in it',
    withoutBase: NO_SALES,
    of: ({ stock, sales }) => ({ over: stock.openingUnits, under: sales.soldUnits }),
  }),
  gmroi: rule({
    unit: 'ratio',
    formula: 'gross margin of the period / average inventory at cost; not annualised',
    withoutBase: NO_STOCK,
    of: (f) => ({ over: money(f.sales.costedRevenue - f.sales.cogs), under: money(averageCost(f)) }),
  }),
  gmroi_annualised: rule({
    unit: 'ratio',
    formula: 'gmroi x 365 / days of the period',
    withoutBase: NO_STOCK,
    of: (f) => ({
      over: money(f.sales.costedRevenue - f.sales.cogs),
      under: money(averageCost(f)),
      times: YEAR / f.days,
    }),
  }),
  sell_through_of_received: rule({
    unit: 'fraction',
    formula: 'units sold / units received from suppliers in the period; above 1 where old stock sells',
    withoutBase: 'nothing was received in the period',
    of: ({ sales, movements }) => ({ over: sales.soldUnits, under: movements.receivedUnits }),
  }),
  sell_through_of_available: rule({
    unit: 'fraction',
    formula: 'units sold / (units on hand before the period + units received in it)',
    withoutBase: 'there was nothing to sell',
    of: ({ sales, stock, movements }) => ({
      over: sales.soldUnits,
      under: stock.openingUnits + movements.receivedUnits,
    }),
  }),
  carrying_cost: rule({
    unit: 'money',
    formula:
      'share of its cost that keeping a unit costs a year (setting holding_rate) x average inventory at cost x days of the period / 365',
    withoutBase: NEVER,
    of: (f) => ({ over: money(f.stock.costDays), under: YEAR, times: f.holdingRate }),
  }),
  excess_value: rule({
    unit: 'money',
    formula: 'on hand and not promised now beyond the forecast of the whole horizon, item by item, at cost',
    withoutBase: NEVER,
    of: ({ outlook }) => (outlook.excessCost === null ? NO_FORECAST : { over: money(outlook.excessCost) }),
  }),
  shrinkage_rate: rule({
    unit: 'fraction',
    formula: 'missing in counts of the period, at cost / sold of the counted items in the period, at cost',
    withoutBase: 'no item that was counted was sold in the period',
    of: ({ counts }) => ({ over: money(counts.lostCost), under: money(counts.soldCost) }),
  }),
  count_gain_rate: rule({
    unit: 'fraction',
    formula:
      'found beyond the books in counts of the period, at cost / sold of the counted items, at cost; never set off against what is missing',
    withoutBase: 'no item that was counted was sold in the period',
    of: ({ counts }) => ({ over: money(counts.gainedCost), under: money(counts.soldCost) }),
  }),
  record_accuracy: rule({
    unit: 'fraction',
    formula: 'lines within the tolerance of their count / lines counted in the period',
    withoutBase: 'nothing was counted in the period',
    of: ({ counts }) => ({ over: counts.linesAccurate, under: counts.linesCounted }),
  }),
  return_rate: rule({
    unit: 'fraction',
    formula: 'units that came back in the period / units sold in it',
    withoutBase: NO_SALES,
    of: ({ sales }) => ({ over: sales.returnedUnits, under: sales.soldUnits }),
  }),
  waste_rate: WASTE_RATE,
  supplier_otif: rule({
    unit: 'fraction',
    formula: 'order lines there in full and undamaged by the promised day / lines promised for the period',
    withoutBase: 'no line was promised for the period',
    of: ({ supply }) => ({ over: supply.linesInTime, under: supply.linesDue }),
  }),
  supplier_fill_rate: rule({
    unit: 'fraction',
    formula:
      'good units that came, no more of a line than was ordered / units of lines promised for the period',
    withoutBase: 'no line was promised for the period',
    of: ({ supply }) => ({ over: supply.unitsCame, under: supply.unitsDue }),
  }),
  lead_time_mean: rule({
    unit: 'days',
    formula: 'days from the order to the arrival, mean over the units that came in the period',
    withoutBase: 'nothing that was ordered came in the period',
    of: ({ supply }) => ({ over: supply.leadDays, under: supply.leadUnits }),
  }),
  lead_time_variation: rule({
    unit: 'ratio',
    formula: 'standard deviation of those days over the units / their mean',
    withoutBase: 'nothing that was ordered came in the period, or all on the day of the order',
    of: ({ supply: { leadUnits, leadDays, leadSquares } }) => {
      const mean = leadUnits > 0 ? leadDays / leadUnits : 0;
      const variance = leadUnits > 0 ? Math.max(0, leadSquares / leadUnits - mean ** 2) : 0;
      return { over: Math.sqrt(variance), under: mean };
    },
  }),
  lead_time_bias: rule({
    unit: 'days',
    formula: 'mean over the units that came of days taken - days quoted; positive = later than they say',
    withoutBase: 'nothing came of suppliers who say how long it takes',
    of: ({ supply }) => ({ over: supply.daysOverQuoted, under: supply.quotedUnits }),
  }),
  price_variance: rule({
    unit: 'fraction',
    formula:
      '(price charged - price when it was ordered) / price when it was ordered, over the units that came',
    withoutBase: 'nothing that was ordered came in the period',
    of: ({ supply }) => ({
      over: money(supply.costCharged - supply.costOrdered),
      under: money(supply.costOrdered),
    }),
  }),
  forecast_bias: rule({
    unit: 'fraction',
    formula: 'sum of (forecast - actual) / sum of actual one week ahead; positive = over-forecast',
    withoutBase: NO_WEEKS,
    of: ({ accuracy }) =>
      typeof accuracy === 'string' ? accuracy : { over: accuracy.error, under: accuracy.actual },
  }),
  tracking_signal: rule({
    unit: 'ratio',
    formula:
      'sum of (forecast - actual) / mean absolute error of the weeks, of the group as a whole; positive = over-forecast; beyond 2 x 1.25 sqrt(weeks) is more than chance',
    withoutBase: NO_WEEKS,
    of: ({ accuracy }) =>
      typeof accuracy === 'string'
        ? accuracy
        : {
            over: accuracy.error,
            under: accuracy.weeks === 0 ? 0 : accuracy.absoluteWeekError / accuracy.weeks,
          },
  }),
} as const satisfies Record<string, KpiRule<KpiFacts>>;

export type KpiName = keyof typeof KPI_RULES;
