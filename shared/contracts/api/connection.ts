import * as z from 'zod';
import { idInput } from './inputs.ts';

export const SHOP_SYSTEMS = ['shopify', 'woocommerce', 'square'] as const;
export type ShopSystem = (typeof SHOP_SYSTEMS)[number];

/** Most locations of a shop, and most items that one request names. */
const MOST_LOCATIONS = 200;
const MOST_ITEMS = 1000;

const secretText = z.string().trim().min(8).max(200);

/** A shop that shall tell us what happens in it. */
export const NewConnection = z.object({
  /** Becomes part of the shop's order ids; made from the system where it is left out. */
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,23}$/, 'must have 2 to 24 lower-case letters, digits or hyphens')
    .refine((id) => id !== 'subscriptions', 'is taken')
    .optional(),
  system: z.enum(SHOP_SYSTEMS),
  name: z.string().trim().min(1).max(100),
  /** Where orders leave from that name no location of ours. Default: the default location. */
  location_id: idInput(50).optional(),
  /** Our location by the shop's own id of it. Levels of other locations are not followed. */
  locations: z
    .record(z.string().min(1).max(64), idInput(50))
    .refine((map) => Object.keys(map).length <= MOST_LOCATIONS, `at most ${MOST_LOCATIONS}`)
    .default({}),
  /** What the shop signs with. WooCommerce lets you choose it: left out, one is made and shown once. */
  secret: secretText.optional(),
  /** Square only: lets us read the lines of an order, which its events leave out. */
  access_token: secretText.optional(),
  /** The address exactly as the shop knows it; only where a proxy makes it another than the one we see. */
  notification_url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
});
export type NewConnection = z.infer<typeof NewConnection>;

/** A connection as everybody may see it: without its secret. */
export const Connection = z.object({
  id: z.string(),
  system: z.enum(SHOP_SYSTEMS),
  name: z.string(),
  location_id: z.string(),
  locations: z.record(z.string(), z.string()),
  notification_url: z.string().nullable(),
  /** false: whatever comes by it is refused with 401. */
  is_active: z.boolean(),
  created_by: z.string(),
  created_at: z.string(),
});
export type Connection = z.infer<typeof Connection>;

export const MadeConnection = Connection.extend({
  /** Where the shop shall post to. */
  path: z.string(),
  /** Only where we made it: this answer is the one place where it stands. */
  secret: z.string().optional(),
});

/** PUT /connections/{id}/secret */
export const NewSecret = z.object({
  /** As of a new connection. */
  secret: secretText.optional(),
  /** Square only. Left out, the one that is known stays; null is none. */
  access_token: secretText.nullable().optional(),
});
export type NewSecret = z.infer<typeof NewSecret>;

/** Our product by the shop's own id of an item, for shops whose events name no product. */
export const NewItems = z.object({
  items: z
    .record(z.string().min(1).max(64), idInput(64))
    .refine((map) => Object.keys(map).length <= MOST_ITEMS, `at most ${MOST_ITEMS}`),
});

export const InboundEvent = z.object({
  connection_id: z.string(),
  event_id: z.string(),
  topic: z.string(),
  status: z.enum(['applied', 'waiting', 'stale', 'ignored']),
  detail: z.string().nullable(),
  payload_sha256: z.string(),
  received_at: z.string(),
});
