import * as z from 'zod';
import { centsInput, idInput, moneyInput, priceInput, unitsInput } from './inputs.ts';
import { Day, Money } from './page.ts';

/** Requests and answers about purchase orders, from draft to closed. */

const MAX_LINES = 2_000;
const MAX_CHARGES = 20;
const units = unitsInput.refine((value) => value > 0, 'must be above zero');
const why = z.string().trim().min(1, 'is empty').max(255);
const note = z.string().trim().max(1000);
const isOncePerProduct = (lines: readonly { readonly product_id: string }[]): boolean =>
  new Set(lines.map((line) => line.product_id)).size === lines.length;
const TWICE = 'name a product twice';

/** Why a line is refused that nobody has said the cost of. */
export const NO_COST = 'is missing, and there are no terms of supply';

const NewLine = z.object({
  product_id: idInput(),
  quantity: units,
  /** By the terms of supply and their price breaks, else by the catalogue where that has the currency of the supplier. */
  unit_cost: priceInput.optional(),
  expected_date: z.iso.date().nullable().optional(),
});
export type NewPurchaseLine = z.output<typeof NewLine>;
const newLines = z.array(NewLine).min(1).max(MAX_LINES).refine(isOncePerProduct, TWICE);

/** POST /purchase-orders: an order by hand, which is a draft until it is submitted or approved. */
export const NewPurchaseOrder = z.object({
  supplier_id: idInput(),
  /** The default location when left out. */
  location_id: idInput(50).optional(),
  expected_date: z.iso.date().nullable().default(null),
  note: note.nullable().default(null),
  lines: newLines,
});
export type NewPurchaseOrder = z.output<typeof NewPurchaseOrder>;

/** POST /purchase-orders/quick: order a product again by one click. */
export const QuickReorder = z.object({
  product_id: idInput(),
  location_id: idInput(50).optional(),
  /** Left out: as suggested, else the reorder quantity, else the least that the supplier sells. */
  quantity: units.optional(),
});
export type QuickReorder = z.output<typeof QuickReorder>;

/** PUT /purchase-orders/{id}: of a draft, what is given. */
export const PurchaseOrderChange = z.object({
  expected_date: z.iso.date().nullable().optional(),
  note: note.nullable().optional(),
  /** All lines that it has from then on. */
  lines: newLines.optional(),
  reason: why.optional(),
});
export type PurchaseOrderChange = z.output<typeof PurchaseOrderChange>;

/** PUT /purchase-orders/{id}/lines */
export const PurchaseOrderLines = z.object({ lines: newLines, reason: why.optional() });

/** Commands that need no word. */
export const MayGiveReason = z.object({ reason: why.optional() });
/** Commands that do. */
export const MustGiveReason = z.object({ reason: why });

/** POST /purchase-orders/{id}/approve */
export const ApproveOrder = z.object({
  /** What the approver has seen; 409 where the order is another by now. */
  total_cost: moneyInput.optional(),
  reason: why.optional(),
});

/** POST /purchase-orders/{id}/acknowledge: what the supplier says. Lines that are left out come as ordered. */
export const AcknowledgeOrder = z.object({
  supplier_reference: idInput(100).optional(),
  /** Of all lines that say no other. */
  promised_date: z.iso.date().optional(),
  lines: z
    .array(
      z.object({
        product_id: idInput(),
        /** 0: it will not come. */
        quantity: unitsInput.refine((value) => value >= 0, 'must not be negative').optional(),
        unit_cost: priceInput.optional(),
        promised_date: z.iso.date().optional(),
      }),
    )
    .max(MAX_LINES)
    .refine(isOncePerProduct, TWICE)
    .default([]),
  /** Take more than was ordered. */
  accept_over: z.boolean().default(false),
  reason: why.optional(),
});
export type AcknowledgeOrder = z.output<typeof AcknowledgeOrder>;

const KIND = z.enum(['freight', 'duty', 'insurance', 'other']);
const BASIS = z.enum(['value', 'quantity', 'weight']);

/** Freight, duty or another charge on an order, as it is shown. */
export const PurchaseCharge = z.object({
  kind: KIND,
  amount: Money,
  basis: BASIS,
  note: z.string().nullable(),
});

/** PUT /purchase-orders/{id}/charges: all charges on an order from then on. */
export const NewCharges = z.object({
  charges: z
    .array(
      z.object({
        kind: KIND,
        /** In the supplier's currency, to the cent. */
        amount: centsInput,
        /** What it is spread over the lines by. */
        basis: BASIS.default('value'),
        note: z.string().trim().max(255).nullable().default(null),
      }),
    )
    .max(MAX_CHARGES),
  /** Of one unit, in any unit that all share. */
  weights: z
    .array(z.object({ product_id: idInput(), unit_weight: z.number().min(0).max(1e7) }))
    .max(MAX_LINES)
    .refine(isOncePerProduct, TWICE)
    .default([]),
  reason: why.optional(),
});
export type NewCharges = z.output<typeof NewCharges>;

/** GET /purchase-orders/{id}/landed-cost */
export const LandedCosts = z.object({
  purchase_order_id: z.int(),
  currency: z.string(),
  charges: z.array(PurchaseCharge),
  /** Of the units below, without charges and with them. */
  goods_cost: Money,
  charges_total: Money,
  landed_total: Money,
  /** Products that nobody has said the weight of: while there are any, charges by weight are spread by value. */
  weights_missing: z.int(),
  lines: z.array(
    z.object({
      product_id: z.string(),
      /** Expected while goods are expected; what came once nothing more will. */
      quantity: z.int(),
      unit_cost: Money,
      charges: Money,
      landed_unit_cost: Money,
    }),
  ),
});

/** GET /purchase-orders/{id}/history: what was done to an order, oldest first. */
export const PurchaseOrderStep = z.object({
  entry_id: z.int(),
  at: z.string(),
  actor: z.string(),
  command: z.string(),
  from: z.string().nullable(),
  to: z.string(),
  reason: z.string().nullable(),
  /** What else was different before, and is now. */
  before: z.record(z.string(), z.unknown()),
  after: z.record(z.string(), z.unknown()),
});
export type PurchaseOrderStep = z.infer<typeof PurchaseOrderStep>;

/** What may run out before an order is here. */
export const ProductAtRisk = z.object({
  product_id: z.string(),
  product_name: z.string(),
  /** The first day whose expected demand cannot be met. */
  runs_out: Day,
  /** Expected units that cannot be sold until it comes, and what they would have brought. */
  units_at_risk: z.number(),
  money_at_risk: Money,
});
export type ProductAtRisk = z.infer<typeof ProductAtRisk>;

/** GET /purchase-orders/expedite: orders worth a call, the most money at risk first. */
export const ExpediteOrder = z.object({
  purchase_order_id: z.int(),
  reference: z.string().nullable(),
  supplier_id: z.string(),
  supplier_name: z.string(),
  location_id: z.string(),
  status: z.string(),
  /** Null where nothing is late yet, but too late all the same. */
  late_days: z.int().nullable(),
  expected_date: Day,
  /** What the units at risk would have brought, at selling prices. */
  money_at_risk: Money,
  products: z.array(ProductAtRisk),
  /** Products of late lines that no plan has forecast: nobody knows whether they run out. */
  unknown_products: z.int(),
});
export type ExpediteOrder = z.infer<typeof ExpediteOrder>;

/** GET /suppliers/{id}/scorecard. Rates are fractions, times days; null where nothing tells. */
export const SupplierScorecard = z.object({
  supplier_id: z.string(),
  supplier_name: z.string(),
  from: Day,
  to: Day,
  orders: z.int(),
  /** Lines ordered, and those of them that are judged: all came, nothing more will, or their day is over. */
  lines: z.int(),
  judged_lines: z.int(),
  otif: z.number().nullable(),
  on_time: z.number().nullable(),
  in_full: z.number().nullable(),
  fill_rate: z.number().nullable(),
  damage_rate: z.number().nullable(),
  lead_time_mean: z.number().nullable(),
  lead_time_deviation: z.number().nullable(),
  lead_time_cv: z.number().nullable(),
  /** Above zero: they take longer than the terms of supply say. */
  lead_time_bias: z.number().nullable(),
  lateness: z.number().nullable(),
  /** (charged - ordered) / ordered, over the value of what came. */
  price_variance: z.number().nullable(),
});
export type SupplierScorecard = z.infer<typeof SupplierScorecard>;
