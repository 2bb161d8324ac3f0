import * as z from 'zod';
import { WASTE_KINDS } from '../../core/inventory/waste/judge-stock.ts';
import { movementIdInput } from './inputs.ts';
import { Day, Money, pageOf } from './page.ts';

/** What every list of waste begins with. */
const Place = z.object({
  product_id: z.string(),
  product_name: z.string(),
  category: z.string().nullable(),
  location_id: z.string(),
  on_hand: z.int(),
  /** Null when nobody knows it; then nothing of it is in a value. */
  unit_cost: Money.nullable(),
});

/** A page with the day that it is as of, and what the whole list sums to. */
const listOf = <T extends z.ZodType>(item: T) =>
  pageOf(item).extend({
    as_of: Day.nullable(),
    totals: z.object({ items: z.int(), units: z.int(), value: Money }),
  });

export const DeadItem = Place.extend({
  /** On hand at cost. */
  value: Money,
  /** Null: never sold; then days count from the first day in stock. */
  last_sale_date: Day.nullable(),
  days_since_sale: z.int(),
  /** Of them, days on which it was in stock and could have been bought. */
  days_in_stock_since_sale: z.int(),
  in_stock_since: Day,
  sale_days: z.int(),
  /** Days in stock between two days with a sale, while somebody wants it. */
  expected_interval_days: z.number(),
  /** How often so long a silence comes to an item that is wanted. */
  chance_of_silence: z.number(),
  probability_dead: z.number(),
  verdict: z.enum(['dead', 'doubtful', 'seasonal', 'wanted']),
  recommended_action: z.enum(['clear', 'mark_down', 'watch', 'keep_for_season', 'keep']),
  words: z.string(),
});
export const DeadList = listOf(DeadItem).extend({
  rule: z.enum(['relative', 'fixed']),
  /** Of the fixed rule. */
  threshold_days: z.int().nullable(),
  /** Of the relative rule: at most the rest of those listed as dead is still wanted. */
  probability: z.number().nullable(),
});
export type DeadItem = z.infer<typeof DeadItem>;
export type DeadList = z.infer<typeof DeadList>;

export const SlowItem = Place.extend({
  value: Money,
  /** Units a day in stock over the last 91 days. */
  velocity: z.number(),
  /** Null when nothing was sold. */
  days_of_stock: z.number().nullable(),
  /** Median velocity of its category's stock. */
  category_velocity: z.number(),
  last_sale_date: Day.nullable(),
  words: z.string(),
});
export const SlowList = listOf(SlowItem).extend({
  rule: z.enum(['fixed', 'relative']),
  threshold: z.number(),
});
export type SlowItem = z.infer<typeof SlowItem>;
export type SlowList = z.infer<typeof SlowList>;

export const ExcessItem = Place.extend({
  on_order: z.int(),
  committed: z.int(),
  position: z.int(),
  cover_days: z.int(),
  expected_per_day: z.number(),
  demand_source: z.enum(['forecast', 'recent_sales']),
  /** Demand of the days of cover that is not exceeded in 97.5 of 100 cases. */
  order_up_to: z.int(),
  months_of_cover: z.number().nullable(),
  excess_units: z.int(),
  /** Of them, units that are on hand, and their cost. */
  excess_on_hand: z.int(),
  value: Money,
  recommended_action: z.enum(['postpone_orders', 'clear', 'promote', 'transfer_or_promote']),
  words: z.string(),
});
export const ExcessList = listOf(ExcessItem);
export type ExcessItem = z.infer<typeof ExcessItem>;
export type ExcessList = z.infer<typeof ExcessList>;

export const ExpiringItem = Place.extend({
  lot_id: z.int(),
  lot_code: z.string(),
  expiry_date: Day,
  /** Negative: past its day. */
  days_left: z.int(),
  lot_units: z.int(),
  expected_per_day: z.number(),
  /** Units that nobody will have bought on the last day. */
  units_at_risk: z.int(),
  value: Money,
  is_expired: z.boolean(),
  words: z.string(),
});
export const ExpiringList = listOf(ExpiringItem);
export type ExpiringItem = z.infer<typeof ExpiringItem>;
export type ExpiringList = z.infer<typeof ExpiringList>;

const Bucket = z.object({
  from_days: z.int(),
  /** Null: no end. */
  to_days: z.int().nullable(),
  units: z.int(),
  value: Money,
});
export const AgeingItem = Place.omit({ unit_cost: true })
  .extend({ product_id: z.string().nullable(), product_name: z.string().nullable() })
  .extend({ location_id: z.string().nullable() })
  .extend({
    value: Money,
    buckets: z.array(Bucket),
    /** Units of which no arrival is known. */
    unknown_units: z.int(),
    unknown_value: Money,
  });
export const AgeingList = listOf(AgeingItem).extend({
  by: z.enum(['item', 'category', 'location']),
  buckets: z.array(Bucket),
  unknown_units: z.int(),
  unknown_value: Money,
});
export type AgeingItem = z.infer<typeof AgeingItem>;
export type AgeingList = z.infer<typeof AgeingList>;

/** What a price does to demand; null anywhere = unknown, and then no uplift is promised. */
export const ElasticityShown = z.object({
  value: z.number(),
  standard_error: z.number(),
  /** Of the product's own prices; 0 when only its category tells. */
  weeks: z.int(),
  basis: z.enum(['own', 'shrunk', 'category']),
  own_weight: z.number(),
  products: z.int(),
});

const Step = z.object({
  from: Day,
  to: Day,
  price: Money,
  discount_percent: z.number(),
  expected_units: z.number(),
});

export const ClearanceItem = Place.extend({
  reason: z.enum(['expiring', 'dead', 'excess']),
  /** Stock that is cleared, and its cost. */
  units: z.int(),
  value: Money,
  price: Money.nullable(),
  floor_price: Money.nullable(),
  until: Day,
  expected_per_day: z.number(),
  elasticity: ElasticityShown.nullable(),
  /** Empty where the elasticity is unknown: nobody can say what a discount does. */
  ladder: z.array(Step),
  /** Money by then: what is sold and what is left, less the cost of holding from the first step on. */
  expected_recovered: Money.nullable(),
  recovered_by_keeping: Money.nullable(),
  gain: Money.nullable(),
  /** 30, 50 or 70 % off by days without a sale, raised to the floor. */
  legacy: z
    .object({
      discount_percent: z.number(),
      price: Money,
      expected_recovered: Money.nullable(),
      /** By how much demand must grow for it to be worth it; null: by more than fiftyfold. */
      break_even_uplift: z.number().nullable(),
    })
    .nullable(),
  words: z.string(),
});
export const ClearanceList = listOf(ClearanceItem);
export type ClearanceItem = z.infer<typeof ClearanceItem>;
export type ClearanceList = z.infer<typeof ClearanceList>;

export const PromotionItem = Place.extend({
  reason: z.enum(['excess', 'slow']),
  value: Money,
  price: Money.nullable(),
  elasticity: ElasticityShown.nullable(),
  expected_uplift: z.union([z.number(), z.literal('unknown')]),
  promotion: z
    .object({
      price: Money,
      discount_percent: z.number(),
      days: z.int(),
      expected_units: z.number(),
      expected_gain: Money,
    })
    .nullable(),
  words: z.string(),
});
export const PromotionList = listOf(PromotionItem);
export type PromotionItem = z.infer<typeof PromotionItem>;
export type PromotionList = z.infer<typeof PromotionList>;

/** GET /waste/summary: each unit on hand is of one kind, the worst that it is; the kinds sum to the total. */
export const WasteSummary = z.object({
  as_of: Day.nullable(),
  kinds: z.array(z.object({ kind: z.enum(WASTE_KINDS), positions: z.int(), units: z.int(), value: Money })),
  total: z.object({ positions: z.int(), units: z.int(), value: Money }),
  /** Units whose cost nobody knows: in no value. */
  units_without_cost: z.int(),
  /** What was lost in the days up to `as_of`, by the facts of `GET /kpis`: at the catalogue's cost of today. */
  losses: z.object({
    from: Day,
    to: Day,
    expired_units: z.int(),
    expired_cost: Money,
    damaged_units: z.int(),
    damaged_cost: Money,
    /** What sales below cost brought less than their cost, by product, place and day. */
    markdown_loss: Money,
    cost_of_goods_sold: Money,
    /** The key figure: (expired + markdown loss) / cost of goods sold; null when nothing was sold. */
    waste_rate: z.number().nullable(),
  }),
});
export type WasteSummary = z.infer<typeof WasteSummary>;

/** GET /analytics/inventory/dead-stock, as the original answers. */
export const DeadStock = z.object({
  dead_stock_products: z.array(
    z.object({
      product_id: z.string(),
      product_name: z.string(),
      category: z.string().nullable(),
      brand: z.string().nullable(),
      current_stock: z.int(),
      last_sale_date: Day.nullable(),
      days_since_sale: z.int(),
      stock_value: Money,
      unit_price: Money.nullable(),
      recommended_action: z.string(),
      /** What the silence says of an item that sells so rarely. */
      probability_dead: z.number(),
    }),
  ),
  count: z.int(),
  total_value: Money,
  threshold_days: z.int(),
  as_of: Day.nullable(),
});
export type DeadStock = z.infer<typeof DeadStock>;

/** GET /products/{id}/price-suggestion: never applied by itself. */
export const PriceSuggestion = z.object({
  product_id: z.string(),
  as_of: Day,
  price: Money.nullable(),
  unit_cost: Money.nullable(),
  elasticity: ElasticityShown.nullable(),
  /** `unknown`: there is nothing to rest a suggestion on. */
  kind: z.enum(['raise', 'lower', 'keep', 'unknown']),
  suggested_price: Money.nullable(),
  expected_demand_change_percent: z.number().nullable(),
  expected_profit_change_percent: z.number().nullable(),
  /** In 90 of 100 cases at least. */
  least_profit_change_percent: z.number().nullable(),
  guard_rails: z.object({
    most_change_percent: z.number(),
    floor_price: Money.nullable(),
    ceiling_price: Money.nullable(),
    /** Which of them held it back. */
    bound: z.enum(['change', 'floor', 'ceiling']).nullable(),
  }),
  words: z.string(),
});
export type PriceSuggestion = z.infer<typeof PriceSuggestion>;

/** A lot and what is left of it. */
export const LotShown = z.object({
  lot_id: z.int(),
  lot_code: z.string(),
  product_id: z.string(),
  product_name: z.string(),
  location_id: z.string(),
  /** The last day on which it may be sold; null: it keeps. */
  expiry_date: Day.nullable(),
  received_date: Day,
  quantity_received: z.int(),
  /** By first expired, first out. */
  quantity_left: z.int(),
  status: z.enum(['gone', 'good', 'expired']),
  unit_cost: Money.nullable(),
});
export type LotShown = z.infer<typeof LotShown>;
export const LotPage = pageOf(LotShown).extend({ as_of: Day });

/** POST /lots/{id}/write-off */
export const NewWriteOff = z.object({
  /** The client's name for it: the same id is the same write-off. */
  id: movementIdInput(80),
  type: z.enum(['expiry', 'damage']).default('expiry'),
  /** All that is left when left out. */
  quantity: z.int().min(1).max(2_000_000_000).optional(),
  reason: z.string().trim().min(1).max(255).nullable().default(null),
});
export type NewWriteOff = z.infer<typeof NewWriteOff>;
