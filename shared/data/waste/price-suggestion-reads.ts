import type { PriceSuggestion } from '../../contracts/api/waste.ts';
import { suggestPrice } from '../../core/inventory/waste/suggest-price.ts';
import type { Statements } from '../sql/database.ts';
import { rounded, shownElasticity, shownMoney } from './clearance-input.ts';
import { readPriceHistories } from './elasticity-reads.ts';
import { amountOf, moneyText } from './waste-reads.ts';
import type { WasteSettings } from './waste-settings.ts';

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
