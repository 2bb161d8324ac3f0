import * as z from 'zod';
import { RETURN_CONDITIONS, RETURN_REASONS } from '../../core/inventory/return-reasons.ts';
import { idInput, priceInput, textInput, timeInput, unitsInput } from './inputs.ts';
import { Day, Money } from './page.ts';

/** What becomes of an order. The API makes them in the first three; cancelling and returning lead to the others. */
export const ORDER_STATUSES = ['Processing', 'Shipped', 'Delivered', 'Cancelled', 'Returned'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** An order; product and price are those of its only line, null when there are several. */
export const Order = z.object({
  id: z.string(),
  order_date: z.string(),
  customer_id: z.string().nullable(),
  seller_id: z.string().nullable(),
  product_id: z.string().nullable(),
  quantity: z.int(),
  unit_price: Money.nullable(),
  discount: Money,
  tax: Money,
  shipping_cost: Money,
  total_amount: Money,
  line_count: z.int(),
  payment_method: z.string().nullable(),
  order_status: z.string(),
  city: z.string().nullable(),
  state: z.string().nullable(),
  country: z.string().nullable(),
  created_at: z.string(),
});
export type Order = z.infer<typeof Order>;

/** A line of an order. */
export const OrderLine = z.object({
  id: z.string(),
  product_id: z.string(),
  product_name: z.string(),
  location_id: z.string(),
  kind: z.string(),
  quantity: z.int(),
  unit_price: Money,
  discount: Money,
  tax: Money,
  shipping_cost: Money,
  total_amount: Money,
  is_refunded: z.boolean(),
  reason: z.string().nullable(),
  /** Of the line's units, those that came back, and what was given back for them. */
  quantity_returned: z.int(),
  refund_amount: Money,
});
export type OrderLine = z.infer<typeof OrderLine>;

/** Goods of an order that came back, one line of one return. */
export const OrderReturnLine = z.object({
  return_id: z.string(),
  line: z.string(),
  product_id: z.string(),
  location_id: z.string(),
  returned_at: z.string(),
  quantity: z.int(),
  reason: z.string(),
  condition: z.string(),
  refund_amount: Money,
  actor: z.string(),
});
export type OrderReturnLine = z.infer<typeof OrderReturnLine>;

/** GET /orders/{id} */
export const OrderDetail = Order.extend({ lines: z.array(OrderLine), returns: z.array(OrderReturnLine) });
export type OrderDetail = z.infer<typeof OrderDetail>;

const SHIPPING = ['Processing', 'Shipped', 'Delivered'] as const;

/** One of the statuses before goods come back, however the caller spells it. */
const shippingInput = z
  .string()
  .trim()
  .transform((text) => SHIPPING.find((status) => status.toLowerCase() === text.toLowerCase()) ?? text)
  .pipe(z.enum(SHIPPING));

const MAX_LINES = 200;
const unitsAboveZero = unitsInput.refine((units) => units > 0, 'must be above zero');

const NewLine = z.object({
  product_id: idInput(),
  quantity: unitsAboveZero,
  /** The product's price when left out. */
  unit_price: priceInput.optional(),
  discount: priceInput.default(0),
  tax: priceInput.default(0),
  /** The order's location when left out. */
  location_id: idInput(50).optional(),
  /** Units promised to this order: they are taken first, what is missing comes out of what nobody reserved. */
  reservation_id: idInput().optional(),
});

/**
 * POST /orders: one line given by `product_id` and `quantity`, or up to 200 `lines`. Money in ten-thousandths after
 * reading. Tax and shipping of an order of lines are kept with its first line.
 */
export const NewOrder = z
  .object({
    id: idInput(),
    product_id: idInput().optional(),
    quantity: unitsAboveZero.optional(),
    reservation_id: idInput().optional(),
    lines: z.array(NewLine).min(1).max(MAX_LINES).optional(),
    /** The business day when left out; at most tomorrow. */
    order_date: timeInput.optional(),
    customer_id: idInput().nullable().default(null),
    seller_id: idInput().nullable().default(null),
    location_id: idInput(50).optional(),
    unit_price: priceInput.optional(),
    discount: priceInput.default(0),
    tax: priceInput.default(0),
    shipping_cost: priceInput.default(0),
    /** Computed when left out. */
    total_amount: priceInput.optional(),
    payment_method: textInput(50).default(null),
    order_status: shippingInput.default('Processing'),
    city: textInput(100).default(null),
    state: textInput(100).default(null),
    country: textInput(100).default(null),
  })
  .superRefine((order, context) => {
    const issue = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (order.lines === undefined) {
      if (order.product_id === undefined) issue('product_id', 'is missing, and there are no lines');
      if (order.quantity === undefined) issue('quantity', 'is missing, and there are no lines');
      return;
    }
    for (const field of ['product_id', 'quantity', 'unit_price', 'total_amount', 'reservation_id'] as const)
      if (order[field] !== undefined) issue(field, 'belongs to each of the lines');
    if (order.discount !== 0) issue('discount', 'belongs to each of the lines');
  })
  .meta({ anyOf: [{ required: ['product_id', 'quantity'] }, { required: ['lines'] }] })
  .transform(({ product_id, quantity, reservation_id, lines, ...order }) => ({
    ...order,
    lines: (
      lines ?? [
        {
          product_id: product_id!,
          quantity: quantity!,
          unit_price: order.unit_price,
          discount: order.discount,
          tax: 0,
          location_id: undefined,
          reservation_id,
        },
      ]
    ).map((line) => ({ ...line, location_id: line.location_id ?? order.location_id })),
  }));
export type NewOrder = z.infer<typeof NewOrder>;
export type NewOrderLine = NewOrder['lines'][number];

/** POST /orders/{id}/cancel: the whole order, or these lines by their ids or numbers. */
export const CancelOrder = z.object({
  reason: z.string().trim().min(1, 'is empty').max(200),
  lines: z.array(lineInput()).min(1).max(MAX_LINES).optional(),
});
export type CancelOrder = z.infer<typeof CancelOrder>;

/** PATCH /orders/{id} */
export const OrderChange = z.object({ order_status: shippingInput });
export type OrderChange = z.infer<typeof OrderChange>;

/** POST /orders/{id}/returns. Money in ten-thousandths after reading. */
export const NewReturn = z.object({
  /** The same id is the same return. */
  return_id: idInput().optional(),
  /** When the goods came; now when left out. */
  returned_at: timeInput.optional(),
  lines: z
    .array(
      z.object({
        /** Id or number of the order's line. */
        line: lineInput(),
        quantity: unitsAboveZero,
        reason: z.enum(RETURN_REASONS),
        condition: z.enum(RETURN_CONDITIONS).default('resellable'),
        /** The line's share of its price when left out. */
        refund_amount: priceInput.optional(),
        /** Where they lie now; where they were sold from when left out. */
        location_id: idInput(50).optional(),
      }),
    )
    .min(1)
    .max(MAX_LINES),
});
export type NewReturn = z.infer<typeof NewReturn>;

/** An order line that found too little stock and was not sold. */
export const LostSale = z.object({
  order_id: z.string(),
  line: z.int(),
  product_id: z.string(),
  product_name: z.string(),
  location_id: z.string(),
  day: Day,
  asked: z.int(),
  available: z.int(),
  unit_price: Money,
  /** Of all units asked for: the order as a whole was refused. */
  amount: Money,
  source: z.string(),
  /** Whether an order of that id was taken later. */
  sold_later: z.boolean(),
  recorded_at: z.string(),
});
export type LostSale = z.infer<typeof LostSale>;

/** Over all pages of GET /lost-sales; `open` = without those whose order was taken later. */
export const LostSaleTotals = z.object({
  orders: z.int(),
  lines: z.int(),
  asked: z.int(),
  short: z.int(),
  amount: Money,
  open_asked: z.int(),
  open_amount: Money,
});
export type LostSaleTotals = z.infer<typeof LostSaleTotals>;

/** The id of a line, or its number: 1 is the first. */
function lineInput() {
  return z.union([z.int().min(1), idInput(128)]);
}
