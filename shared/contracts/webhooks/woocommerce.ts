import * as z from 'zod';
import { type ChannelEvent, type OrderStatement, silentEvent } from './channel-event.ts';
import { amount, externalId, productIdOf, skuText, units, utcInstant, words } from './payload-parts.ts';

const Order = z.object({
  id: externalId,
  status: z.string(),
  date_created_gmt: utcInstant,
  date_modified_gmt: utcInstant,
  customer_id: externalId.nullish(),
  // of the buyer nothing but an opaque id and the country is read, so nothing else is kept
  shipping: z.object({ country: words(100) }).nullish(),
  line_items: z
    .array(
      z.object({
        id: externalId,
        name: words(255),
        product_id: externalId,
        variation_id: externalId.nullish(),
        sku: skuText,
        quantity: units,
        // before and after discounts, both for the line
        subtotal: amount,
        total: amount,
        total_tax: amount,
      }),
    )
    .max(1000),
});

const Product = z.object({
  id: externalId,
  name: words(255),
  sku: skuText,
  regular_price: amount,
  date_modified_gmt: utcInstant,
  // "parent": a variation whose stock is its parent's
  manage_stock: z.union([z.boolean(), z.literal('parent')]).default(false),
  stock_quantity: units.nullish(),
  categories: z
    .array(z.object({ name: words(100) }))
    .max(100)
    .default([]),
});

/** Stock leaves a WooCommerce shop when an order is paid or waits for the payment that the shop trusts in. */
const STATUS: Readonly<Record<string, OrderStatement['status']>> = {
  processing: 'placed',
  'on-hold': 'placed',
  completed: 'placed',
  refunded: 'returned',
  cancelled: 'cancelled',
  failed: 'cancelled',
  trash: 'cancelled',
};

/** A WooCommerce webhook by its topic; undefined for topics that we do not follow. Throws ZodError on a wrong payload. */
export function readWooCommerce(topic: string, payload: unknown): ChannelEvent | undefined {
  if (topic === 'order.created' || topic === 'order.updated' || topic === 'order.restored')
    return orderEvent(Order.parse(payload));
  if (topic === 'product.created' || topic === 'product.updated') return productEvent(Product.parse(payload));
  return undefined;
}

function orderEvent(order: z.infer<typeof Order>): ChannelEvent {
  return {
    ...silentEvent(order),
    orders: [
      {
        externalId: order.id,
        statement: {
          updatedAt: order.date_modified_gmt,
          placedAt: order.date_created_gmt,
          status: STATUS[order.status] ?? 'pending',
          externalLocation: null,
          // 0 is a guest
          customer: order.customer_id === '0' ? null : (order.customer_id ?? null),
          country: order.shipping?.country ?? null,
          lines: order.line_items.map((line) => {
            const item = line.variation_id && line.variation_id !== '0' ? line.variation_id : line.product_id;
            return {
              externalId: line.id,
              externalItem: item,
              productId: productIdOf(line.sku, 'woocommerce', item),
              name: line.name ?? line.sku ?? item,
              quantity: line.quantity,
              price: line.quantity === 0 ? 0 : Math.round(line.subtotal / line.quantity),
              discount: Math.max(0, line.subtotal - line.total),
              tax: line.total_tax,
            };
          }),
        },
        // WooCommerce tells what a refund was worth, not what came back
        refunds: [],
      },
    ],
  };
}

function productEvent(product: z.infer<typeof Product>): ChannelEvent {
  const at = product.date_modified_gmt;
  const isCounted = product.manage_stock === true && typeof product.stock_quantity === 'number';
  return {
    ...silentEvent(product),
    items: [
      {
        externalId: product.id,
        productId: productIdOf(product.sku, 'woocommerce', product.id),
        name: product.name ?? product.sku ?? product.id,
        category: product.categories[0]?.name ?? null,
        brand: null,
        price: product.regular_price === 0 ? null : product.regular_price,
        at,
      },
    ],
    levels: isCounted
      ? [{ externalItem: product.id, externalLocation: null, quantity: product.stock_quantity!, at }]
      : [],
  };
}
