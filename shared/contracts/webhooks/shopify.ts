import * as z from 'zod';
import {
  type ChannelEvent,
  type OrderLineSaying,
  type OrderSaying,
  type RefundLine,
  silentEvent,
} from './channel-event.ts';
import { amount, externalId, instant, productIdOf, skuText, units, words } from './payload-parts.ts';

const Line = z.object({
  id: externalId,
  variant_id: externalId.nullish(),
  sku: skuText,
  title: words(200),
  variant_title: words(50),
  quantity: units,
  price: amount,
  total_discount: amount,
  discount_allocations: z.array(z.object({ amount })).max(50).default([]),
  tax_lines: z
    .array(z.object({ price: amount }))
    .max(50)
    .default([]),
});

const RefundLineItem = z.object({
  id: externalId,
  line_item_id: externalId,
  quantity: units,
  restock_type: z.string().default('no_restock'),
  location_id: externalId.nullish(),
});

const Refund = z.object({
  id: externalId,
  order_id: externalId.nullish(),
  created_at: instant,
  refund_line_items: z.array(RefundLineItem).max(1000).default([]),
});

const Fulfillment = z.object({
  location_id: externalId.nullish(),
  status: z.string().nullish(),
  line_items: z
    .array(z.object({ id: externalId, quantity: units }))
    .max(1000)
    .default([]),
});
/** Fulfillments that sent nothing. */
const NOTHING_SENT = new Set(['cancelled', 'error', 'failure']);

const Order = z.object({
  id: externalId,
  created_at: instant,
  processed_at: instant.nullish(),
  updated_at: instant,
  cancelled_at: instant.nullish(),
  location_id: externalId.nullish(),
  // of the buyer nothing but an opaque id and the country is read, so nothing else is kept
  customer: z.object({ id: externalId }).nullish(),
  shipping_address: z.object({ country: words(100) }).nullish(),
  line_items: z.array(Line).max(1000),
  refunds: z.array(Refund).max(1000).default([]),
  fulfillments: z.array(Fulfillment).max(1000).default([]),
});

const Level = z.object({
  inventory_item_id: externalId,
  location_id: externalId,
  // null: the item is not tracked there
  available: units.nullable(),
  updated_at: instant,
});

const Product = z.object({
  id: externalId,
  title: words(200),
  vendor: words(100),
  product_type: words(100),
  updated_at: instant,
  variants: z
    .array(
      z.object({
        id: externalId,
        inventory_item_id: externalId.nullish(),
        sku: skuText,
        title: words(50),
        price: amount,
      }),
    )
    .max(2048),
});

/** A Shopify webhook by its topic; undefined for topics that we do not follow. Throws ZodError on a wrong payload. */
export function readShopify(topic: string, payload: unknown): ChannelEvent | undefined {
  switch (topic) {
    case 'orders/create':
    case 'orders/updated':
    case 'orders/cancelled':
    case 'orders/edited':
    case 'orders/paid':
    case 'orders/fulfilled':
      // an edited order comes in another shape, and again as orders/updated
      return topic === 'orders/edited' ? silentEvent(null) : orderEvent(Order.parse(payload));
    case 'refunds/create': {
      const refund = Refund.extend({ order_id: externalId }).parse(payload);
      const saying: OrderSaying = {
        externalId: refund.order_id,
        statement: null,
        refunds: refundLines(refund),
      };
      return { ...silentEvent(refund), orders: [saying] };
    }
    case 'inventory_levels/update': {
      const level = Level.parse(payload);
      if (level.available === null) return silentEvent(level);
      return {
        ...silentEvent(level),
        levels: [
          {
            externalItem: level.inventory_item_id,
            externalLocation: level.location_id,
            quantity: level.available,
            at: level.updated_at,
          },
        ],
      };
    }
    case 'products/create':
    case 'products/update':
      return productEvent(Product.parse(payload));
    default:
      return undefined;
  }
}

function orderEvent(order: z.infer<typeof Order>): ChannelEvent {
  const fulfilled = fulfilledOf(order);
  const saying: OrderSaying = {
    externalId: order.id,
    statement: {
      updatedAt: order.updated_at,
      placedAt: order.processed_at ?? order.created_at,
      status: order.cancelled_at ? 'cancelled' : 'placed',
      externalLocation: order.location_id ?? null,
      customer: order.customer?.id ?? null,
      country: order.shipping_address?.country ?? null,
      lines: order.line_items.map((line) => ({
        externalId: line.id,
        externalItem: null,
        productId: productIdOf(line.sku, 'shopify', line.variant_id ?? line.id),
        name: nameOf(line.title, line.variant_title) ?? line.sku ?? line.id,
        quantity: line.quantity,
        price: line.price,
        // the allocations hold the discounts of the whole order as well
        discount:
          line.discount_allocations.length > 0
            ? sum(line.discount_allocations.map((part) => part.amount))
            : line.total_discount,
        tax: sum(line.tax_lines.map((part) => part.price)),
        ...(fulfilled.has(line.id) && { fulfilled: fulfilled.get(line.id)! }),
      })),
    },
    refunds: order.refunds.flatMap(refundLines),
  };
  return { ...silentEvent(order), orders: [saying] };
}

/** What was sent of each line, from where; a line that one place sent in several parcels is there several times. */
function fulfilledOf({ fulfillments }: z.infer<typeof Order>) {
  const byLine = new Map<string, NonNullable<OrderLineSaying['fulfilled']>>();
  for (const { location_id: externalLocation, status, line_items: lines } of fulfillments) {
    if (!externalLocation || NOTHING_SENT.has(status ?? '')) continue;
    for (const { id, quantity } of lines)
      byLine.set(id, [...(byLine.get(id) ?? []), { externalLocation, quantity }]);
  }
  return byLine;
}

function refundLines(refund: z.infer<typeof Refund>): RefundLine[] {
  return refund.refund_line_items.map((line) => ({
    externalId: line.id,
    lineId: line.line_item_id,
    quantity: line.quantity,
    kind:
      line.restock_type === 'cancel'
        ? 'never-left'
        : line.restock_type === 'no_restock'
          ? 'kept'
          : 'returned',
    at: refund.created_at,
    ...(line.location_id && { externalLocation: line.location_id }),
  }));
}

function productEvent(product: z.infer<typeof Product>): ChannelEvent {
  return {
    ...silentEvent(product),
    items: product.variants.flatMap((variant) => {
      const item = variant.inventory_item_id;
      if (!item) return [];
      return [
        {
          externalId: item,
          productId: productIdOf(variant.sku, 'shopify', variant.id),
          name: nameOf(product.title, variant.title) ?? variant.sku ?? variant.id,
          category: product.product_type,
          brand: product.vendor,
          price: variant.price,
          at: product.updated_at,
        },
      ];
    }),
  };
}

const nameOf = (title: string | null, variant: string | null): string | null =>
  title === null || variant === null || variant === 'Default Title' ? title : `${title} - ${variant}`;

const sum = (amounts: readonly number[]): number => amounts.reduce((total, one) => total + one, 0);
