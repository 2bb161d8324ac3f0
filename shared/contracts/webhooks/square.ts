import * as z from 'zod';
import { type ChannelEvent, type OrderStatement, silentEvent } from './channel-event.ts';
import { externalId, instant, madeId, units, words } from './payload-parts.ts';

/** Amounts come in the smallest unit of the currency; in most that is a hundredth. */
const Money = z
  .object({ amount: z.int().nullish(), currency: z.string().default('USD') })
  .nullish()
  .transform((money) => (money ? Math.round((money.amount ?? 0) * unitOf(money.currency)) : 0));

const WITHOUT_CENTS = new Set(['JPY', 'KRW', 'VND', 'CLP', 'ISK', 'UGX', 'XAF', 'XOF', 'XPF', 'PYG', 'RWF']);
const unitOf = (currency: string): number => (WITHOUT_CENTS.has(currency) ? 10_000 : 100);

const Order = z.object({
  id: externalId,
  location_id: externalId,
  created_at: instant,
  updated_at: instant.nullish(),
  state: z.string(),
  customer_id: externalId.nullish(),
  line_items: z
    .array(
      z.object({
        uid: externalId,
        catalog_object_id: externalId.nullish(),
        name: words(200),
        variation_name: words(50),
        // a decimal in text; what is sold by weight has decimals and is no whole unit
        quantity: units,
        base_price_money: Money,
        total_discount_money: Money,
        total_tax_money: Money,
      }),
    )
    .max(1000)
    .default([]),
});

/** An order's event without its lines, as Square sends it: they are asked for by the order's id. */
const OrderChanged = z.object({ order_id: externalId });

const Envelope = z.object({
  type: z.string(),
  event_id: externalId.optional(),
  created_at: instant,
  data: z.object({ object: z.record(z.string(), z.unknown()).default({}) }).optional(),
});

const Counts = z.object({
  inventory_counts: z
    .array(
      z.object({
        calculated_at: instant,
        catalog_object_id: externalId,
        location_id: externalId,
        quantity: units,
        state: z.string(),
      }),
    )
    .max(1000),
});

/** Topic and id of a Square event, which stand in its body. */
export function squareTitle(payload: unknown): { topic: string; eventId: string | undefined } {
  const { type, event_id: eventId } = Envelope.parse(payload);
  return { topic: type, eventId };
}

/** The order whose lines an event leaves out; undefined where it brings them or is about something else. */
export function squareOrderToAsk(topic: string, payload: unknown): string | undefined {
  if (topic !== 'order.created' && topic !== 'order.updated') return undefined;
  const object = Envelope.parse(payload).data?.object ?? {};
  if ('order' in object) return undefined;
  return OrderChanged.parse(object[topic.replace('.', '_')]).order_id;
}

/**
 * A Square webhook by its topic, with the order where it had to be asked for; undefined for topics that we do not
 * follow. Throws ZodError on a wrong payload.
 */
export function readSquare(topic: string, payload: unknown, asked?: unknown): ChannelEvent | undefined {
  const { created_at: createdAt, data } = Envelope.parse(payload);
  const object = data?.object ?? {};
  if (topic === 'inventory.count.updated') {
    const counts = Counts.parse(object);
    return {
      ...silentEvent(counts),
      levels: counts.inventory_counts
        .filter((count) => count.state === 'IN_STOCK')
        .map((count) => ({
          externalItem: count.catalog_object_id,
          externalLocation: count.location_id,
          quantity: count.quantity,
          at: count.calculated_at,
        })),
    };
  }
  if (topic !== 'order.created' && topic !== 'order.updated') return undefined;
  const given = asked ?? object.order;
  if (given === undefined) return silentEvent(OrderChanged.parse(object[topic.replace('.', '_')]));
  const order = Order.parse(given);
  return {
    ...silentEvent(order),
    orders: [
      {
        externalId: order.id,
        statement: {
          updatedAt: order.updated_at ?? createdAt,
          placedAt: order.created_at,
          status: STATUS[order.state] ?? 'pending',
          externalLocation: order.location_id,
          customer: order.customer_id ?? null,
          country: null,
          lines: order.line_items.map((line) => ({
            externalId: line.uid,
            externalItem: line.catalog_object_id ?? null,
            productId: line.catalog_object_id ?? madeId('square', order.id, line.uid),
            name: [line.name, line.variation_name].filter(Boolean).join(' - ') || line.uid,
            quantity: line.quantity,
            price: line.base_price_money,
            discount: line.total_discount_money,
            tax: line.total_tax_money,
          })),
        },
        refunds: [],
      },
    ],
  };
}

const STATUS: Readonly<Record<string, OrderStatement['status']>> = {
  // stock leaves a Square shop when the order is paid
  OPEN: 'pending',
  COMPLETED: 'placed',
  CANCELED: 'cancelled',
};
