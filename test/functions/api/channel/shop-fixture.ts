import { createHmac, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Api } from '../api-fixture.ts';

/** A payload of a shop with its topic, not yet signed. */
export interface Told {
  readonly topic: string;
  readonly body: unknown;
  readonly eventId?: string;
}

/** Posts as Shopify does. */
export function postShopify(api: Api, connection: string, secret: string, told: Told) {
  const text = JSON.stringify(told.body);
  return api.ask('POST', `/webhooks/${connection}`, {
    text,
    headers: {
      'x-shopify-topic': told.topic,
      'x-shopify-webhook-id': told.eventId ?? randomUUID(),
      'x-shopify-hmac-sha256': createHmac('sha256', secret).update(text).digest('base64'),
    },
  });
}

/** Connects a shop; answers what the API answered. */
export async function connect(api: Api, body: object) {
  const made = await api.ask('POST', '/connections', { as: 'admin', body });
  if (made.status !== 201) throw new Error(made.text);
  return made.json as { id: string; secret?: string; path: string };
}

/** Level of each position by `product@location`, without empty ones that never moved. */
export async function stockOf(api: Api, productPrefix = ''): Promise<Record<string, number>> {
  const rows = await api.database.select(
    z.object({ product_id: z.string(), location_id: z.string(), stock_level: z.int() }),
    'SELECT product_id, location_id, stock_level FROM stock WHERE product_id LIKE :p ORDER BY product_id, location_id',
    { p: `${productPrefix}%` },
  );
  return Object.fromEntries(rows.map((row) => [`${row.product_id}@${row.location_id}`, row.stock_level]));
}

const at = (second: number): string => new Date(Date.UTC(2011, 11, 9, 8, 0, second)).toISOString();

export interface ShopifyLine {
  readonly id: number;
  readonly sku: string;
  readonly quantity: number;
}

/** An order as Shopify tells it, with the buyer's data that nobody may keep. */
export function shopifyOrder(
  id: number,
  lines: readonly ShopifyLine[],
  more: { placed?: number; updated?: number; cancelled?: number; refunds?: unknown[] } = {},
) {
  return {
    id,
    created_at: at(more.placed ?? 0),
    updated_at: at(more.updated ?? more.placed ?? 0),
    cancelled_at: more.cancelled === undefined ? null : at(more.cancelled),
    email: 'ann@example.com',
    location_id: null,
    customer: { id: 77, first_name: 'Ann', email: 'ann@example.com' },
    shipping_address: { name: 'Ann Buyer', address1: 'Long Street 5', country: 'France' },
    line_items: lines.map((line) => ({
      id: line.id,
      variant_id: line.id + 1000,
      sku: line.sku,
      title: `Article ${line.sku}`,
      variant_title: null,
      quantity: line.quantity,
      price: '10.00',
      total_discount: '0.00',
      discount_allocations: [],
      tax_lines: [{ price: '1.20' }],
    })),
    refunds: more.refunds ?? [],
  };
}

export const shopifyRefund = (
  id: number,
  orderId: number,
  second: number,
  lines: readonly { id: number; line: number; quantity: number; restock: string }[],
) => ({
  id,
  order_id: orderId,
  created_at: at(second),
  refund_line_items: lines.map((line) => ({
    id: line.id,
    line_item_id: line.line,
    quantity: line.quantity,
    restock_type: line.restock,
    location_id: null,
  })),
});

export const shopifyLevel = (item: number, location: number, available: number, second: number) => ({
  inventory_item_id: item,
  location_id: location,
  available,
  updated_at: at(second),
});

export const shopifyProduct = (item: number, sku: string, second: number) => ({
  id: item + 5000,
  title: `Article ${sku}`,
  vendor: 'House',
  product_type: 'Candles',
  updated_at: at(second),
  variants: [{ id: item + 1000, inventory_item_id: item, sku, title: 'Default Title', price: '10.00' }],
});
