import type { PromotionItem, PromotionList } from '../../contracts/api/waste.ts';
import { promotionOf } from '../../core/inventory/waste/clearance.ts';
import { count } from '../../core/inventory/waste/waste-words.ts';
import type { PageAsked } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';
import { inputOf, priceOf, pricesOf, rounded, shownElasticity, shownMoney } from './clearance-input.ts';
import type { PriceHistory } from './elasticity-reads.ts';
import type { OutlookFilter, StockOutlook } from './stock-outlook-store.ts';
import {
  moneyText,
  pageOfRanked,
  placeOf,
  type Ranked,
  ranked,
  readWaste,
  sellableOf,
} from './waste-reads.ts';
import type { WasteSettings } from './waste-settings.ts';

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
