import * as z from 'zod';
import { idInput, pageQuery, priceInput } from '../../../shared/contracts/api/inputs.ts';
import {
  AgeingList,
  ClearanceList,
  DeadList,
  DeadStock,
  ExcessList,
  ExpiringList,
  PriceSuggestion,
  PromotionList,
  SlowList,
  WasteSummary,
} from '../../../shared/contracts/api/waste.ts';
import { readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import { listAgeing } from '../../../shared/data/waste/ageing-reads.ts';
import { listClearance } from '../../../shared/data/waste/clearance-reads.ts';
import { suggestPriceOf } from '../../../shared/data/waste/price-suggestion-reads.ts';
import { listPromotions } from '../../../shared/data/waste/promotion-reads.ts';
import { findPricedProduct } from '../../../shared/data/waste/stock-outlook-store.ts';
import {
  listDeadStock,
  listExcess,
  listExpiring,
  listSlowStock,
  readDeadStock,
} from '../../../shared/data/waste/waste-reads.ts';
import { readWasteSettings } from '../../../shared/data/waste/waste-settings.ts';
import { readWasteSummary } from '../../../shared/data/waste/waste-summary-reads.ts';
import { found } from '../http/found.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';

const part = {
  product_id: idInput().optional(),
  location_id: idInput(50).optional(),
  category: z.string().trim().min(1).max(100).optional(),
};
const filterOf = (query: { readonly [Name in keyof typeof part]?: string | undefined }) => ({
  productId: query.product_id,
  locationId: query.location_id,
  category: query.category,
});
const paged = { ...part, ...pageQuery(500) };
const thresholdDays = z.coerce.number().int().min(30).max(365).default(90);
const minValue = priceInput.default(0);

export const wasteRoutes = [
  route({
    method: 'GET',
    path: '/waste/summary',
    summary:
      'What stock is (expired, expiring, dead, excess, slow, healthy) and costs, each unit once; what was lost',
    roles: READERS,
    query: z.object({ ...part, days: z.coerce.number().int().min(1).max(730).default(91) }),
    answer: WasteSummary,
    run: (_, { db, query }) => readWasteSummary(db, filterOf(query), query.days),
  }),
  route({
    method: 'GET',
    path: '/waste/dead',
    summary:
      'Stock that nobody wants any more, by the silence that its own rate makes usual or by fixed days',
    roles: READERS,
    query: z.object({
      ...paged,
      rule: DeadList.shape.rule.default('relative'),
      threshold_days: thresholdDays,
      probability: z.coerce.number().min(0).max(1).optional(),
    }),
    answer: DeadList,
    run: (_, { db, query }) =>
      listDeadStock(
        db,
        {
          ...filterOf(query),
          rule: query.rule,
          thresholdDays: query.threshold_days,
          probability: query.probability,
        },
        query,
      ),
  }),
  route({
    method: 'GET',
    path: '/waste/slow',
    summary: 'Stock that hardly sells: below so many units a day, or below a share of its category’s median',
    roles: READERS,
    query: z.object({
      ...paged,
      rule: SlowList.shape.rule.default('fixed'),
      threshold: z.coerce.number().min(0).max(1_000_000).optional(),
    }),
    answer: SlowList,
    run: (_, { db, query }) =>
      listSlowStock(db, { ...filterOf(query), rule: query.rule, threshold: query.threshold }, query),
  }),
  route({
    method: 'GET',
    path: '/waste/excess',
    summary: 'Stock and orders beyond what the days of cover may ask for',
    roles: READERS,
    query: z.object({ ...paged, cover_days: z.coerce.number().int().min(7).max(730).optional() }),
    answer: ExcessList,
    run: (_, { db, query }) => listExcess(db, { ...filterOf(query), coverDays: query.cover_days }, query),
  }),
  route({
    method: 'GET',
    path: '/waste/expiring',
    summary: 'Lots of which units will not be sold by their last day, those past it included',
    roles: READERS,
    query: z.object({ ...paged, within_days: z.coerce.number().int().min(0).max(3650).optional() }),
    answer: ExpiringList,
    run: (_, { db, query }) => listExpiring(db, { ...filterOf(query), withinDays: query.within_days }, query),
  }),
  route({
    method: 'GET',
    path: '/waste/ageing',
    summary: 'How old stock is by its arrivals, the oldest leaving first, at cost',
    roles: READERS,
    query: z.object({ ...paged, by: AgeingList.shape.by.default('item') }),
    answer: AgeingList,
    run: (_, { db, query }) => listAgeing(db, filterOf(query), query.by, query),
  }),
  route({
    method: 'GET',
    path: '/waste/clearance',
    summary: 'What to be rid of, and the steps of price that recover most; unknown where no price tells',
    roles: READERS,
    query: z.object({ ...part, ...pageQuery(100, 25), min_value: minValue }),
    answer: ClearanceList,
    run: (_, { db, query }) => listClearance(db, { ...filterOf(query), minValue: query.min_value }, query),
  }),
  route({
    method: 'GET',
    path: '/waste/promotions',
    summary: 'Slow stock and excess that a promotion may sell, with the uplift to expect or unknown',
    roles: READERS,
    query: z.object({ ...part, ...pageQuery(100, 25), min_value: minValue }),
    answer: PromotionList,
    run: (_, { db, query }) => listPromotions(db, { ...filterOf(query), minValue: query.min_value }, query),
  }),
  route({
    method: 'GET',
    path: '/analytics/inventory/dead-stock',
    summary: 'Products in stock without a sale for so many days, most money first',
    roles: READERS,
    query: z.object({
      threshold_days: thresholdDays,
      limit: z.coerce.number().int().min(1).max(1000).default(500),
    }),
    answer: DeadStock,
    run: (_, { db, query }) => readDeadStock(db, query.threshold_days, query.limit),
  }),
  route({
    method: 'GET',
    path: '/products/{id}/price-suggestion',
    summary: 'A price that is sure to earn more within guard rails, or unknown; nothing applies it',
    roles: READERS,
    params: z.object({ id: z.string() }),
    answer: PriceSuggestion,
    async run({ now }, { db, params: { id } }) {
      const product = found(await findPricedProduct(db, id), 'product', id);
      const asOf = (await readBusinessDay(db)) ?? now().toISOString().slice(0, 10);
      return suggestPriceOf(db, product, await readWasteSettings(db), asOf);
    },
  }),
];
