import * as z from 'zod';
import { EVENT_DATA } from '../events.ts';

const MOST_TYPES = 50;
/** Sent by POST /webhooks/subscriptions/{id}/ping, and to nobody else. */
export const PING = 'ping';

/** Somebody who wants to hear of events by webhook. */
export const NewSubscription = z.object({
  url: z.url({ protocol: /^https?$/ }).max(500),
  /** `*` is every type. */
  event_types: z
    .array(z.enum(['*', ...Object.keys(EVENT_DATA)]))
    .min(1)
    .max(MOST_TYPES),
});
export type NewSubscription = z.infer<typeof NewSubscription>;

export const Subscription = z.object({
  id: z.int(),
  url: z.string(),
  event_types: z.array(z.string()),
  /** suspended: so many deliveries in a row were given up that nothing is sent any more */
  status: z.enum(['active', 'suspended', 'deleted']),
  created_by: z.string(),
  created_at: z.string(),
});
export type Subscription = z.infer<typeof Subscription>;

/** The one answer in which the secret stands. */
export const MadeSubscription = Subscription.extend({ secret: z.string() });

export const WebhookDelivery = z.object({
  id: z.int(),
  subscription_id: z.int(),
  event_id: z.string(),
  event_type: z.string(),
  status: z.enum(['pending', 'delivered', 'dead']),
  attempts: z.int(),
  /** HTTP status of the last attempt; null where none came. */
  last_status: z.int().nullable(),
  last_error: z.string().nullable(),
  next_attempt_at: z.string().nullable(),
  created_at: z.string(),
  ended_at: z.string().nullable(),
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;
