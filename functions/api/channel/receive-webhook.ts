import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Vault } from '../../../shared/aws/vault.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import type { ChannelEvent } from '../../../shared/contracts/webhooks/channel-event.ts';
import { readShopify } from '../../../shared/contracts/webhooks/shopify.ts';
import { readSquare, squareOrderToAsk, squareTitle } from '../../../shared/contracts/webhooks/square.ts';
import { readWooCommerce } from '../../../shared/contracts/webhooks/woocommerce.ts';
import { insertProductStubs, type ProductStub } from '../../../shared/data/catalogue/product-store.ts';
import { WEBHOOK_ACTOR } from '../../../shared/data/channels/channel-ledger.ts';
import { missingProducts, serviceIds } from '../../../shared/data/channels/channel-products.ts';
import { readItems } from '../../../shared/data/channels/channel-store.ts';
import {
  findConnection,
  type KeptConnection,
  keepEvent,
} from '../../../shared/data/channels/connection-store.ts';
import { claim } from '../../../shared/data/messages/inbox-store.ts';
import { raiseAlert } from '../../../shared/data/planning/alert-store.ts';
import type { Database, Statements } from '../../../shared/data/sql/database.ts';
import { applyLevels } from './apply-levels.ts';
import { applyOrder } from './apply-order.ts';
import { readShopSecret } from './shop-secret.ts';
import { hasRightSignature, type SignedRequest } from './verify-signature.ts';

/** Larger than any order of a shop; what is larger is no webhook. */
const MOST_BYTES = 1_048_576;
const MOST_EVENT_ID = 100;
/** Of a read payload; beyond it only the hash is kept. */
const MOST_KEPT = 500_000;

export interface ReceiveNeeds {
  readonly database: Database;
  readonly vault: Vault;
  /** The order of this id with its lines, as Square's API tells it. */
  readonly askSquare: (orderId: string, accessToken: string) => Promise<unknown>;
}

export interface Received {
  readonly status: 'applied' | 'waiting' | 'stale' | 'ignored' | 'repeated' | 'pong';
}

/**
 * Follows one webhook of a shop: checks who sent it, then books what it says in one transaction together with its id,
 * so that the same event does nothing again. Fault `unauthenticated` leaves no trace; `invalid` says what is wrong.
 */
export async function receiveWebhook(
  { database, vault, askSquare }: ReceiveNeeds,
  connectionId: string,
  request: SignedRequest,
): Promise<Received> {
  const { headers, body } = request;
  if (body.length > MOST_BYTES) throw new Fault('invalid', `More than ${MOST_BYTES} bytes are no webhook`);
  // what WooCommerce posts, unsigned, when a webhook is made: it wants to know whether somebody is there. Answered to
  // everybody alike, before we look: nobody shall find out which connections there are
  if (/^webhook_id=\d{1,20}$/.test(body.toString('latin1', 0, 32))) return { status: 'pong' };
  const connection = await findConnection(database, connectionId);
  // the same answer as to a wrong signature
  if (!connection?.shown.is_active) throw new Fault('unauthenticated', WRONG);
  const { system } = connection.shown;
  const secret = await readShopSecret(vault, connection);
  const url = connection.shown.notification_url ?? request.url;
  if (!hasRightSignature(system, secret.signing, { ...request, url }))
    throw new Fault('unauthenticated', WRONG);

  const payload = readJson(body);
  const hash = createHash('sha256').update(body).digest('hex');
  const { topic, eventId } = titleOf(system, headers, payload, hash);
  const toAsk = system === 'square' ? wellFormed(() => squareOrderToAsk(topic, payload)) : undefined;
  const asked =
    toAsk !== undefined && secret.accessToken !== undefined
      ? { order: await askSquare(toAsk, secret.accessToken) }
      : undefined;
  const event = wellFormed(() => READERS[system](topic, payload, asked?.order));
  const message = { connection, topic, eventId, hash, event };
  const context = event && (await prepare(database, connection, event));
  return await database.transaction((tx) => follow(tx, message, context));
}

const WRONG = 'The signature is not that of this connection';

const READERS = {
  shopify: readShopify,
  woocommerce: readWooCommerce,
  square: readSquare,
} satisfies Record<string, (topic: string, payload: unknown, asked?: unknown) => ChannelEvent | undefined>;

interface Message {
  readonly connection: KeptConnection;
  readonly topic: string;
  readonly eventId: string;
  readonly hash: string;
  readonly event: ChannelEvent | undefined;
}

interface Context {
  readonly items: ReadonlyMap<string, string>;
  readonly services: ReadonlySet<string>;
}

/** Reads what the transaction needs, and makes products that nobody described yet: both harmless without it. */
async function prepare(database: Database, { shown }: KeptConnection, event: ChannelEvent): Promise<Context> {
  const lines = event.orders.flatMap((order) => order.statement?.lines ?? []);
  const items = await readItems(
    database,
    shown.id,
    lines.flatMap((line) => line.externalItem ?? []),
  );
  const stubs = new Map<string, ProductStub>();
  const describe = (productId: string, about: Omit<ProductStub, 'productId' | 'isService'>) =>
    stubs.set(productId, { productId, isService: false, ...about });
  for (const line of lines) {
    const about = { productName: line.name, category: null, brand: null, unitPrice: line.price };
    describe(items.get(line.externalItem ?? '') ?? line.productId, about);
  }
  for (const item of event.items)
    describe(item.productId, {
      productName: item.name,
      category: item.category,
      brand: item.brand,
      unitPrice: item.price,
    });
  if (stubs.size === 0) return { items, services: new Set() };
  const ids = [...stubs.keys()].sort();
  const missing = await missingProducts(database, ids);
  const rows = missing.map((id) => stubs.get(id)!);
  if (rows.length > 0) await database.transaction((tx) => insertProductStubs(tx, rows));
  return { items, services: await serviceIds(database, ids) };
}

async function follow(
  tx: Statements,
  { connection: { shown }, topic, eventId, hash, event }: Message,
  context: Context | undefined,
): Promise<Received> {
  // the claim and every lock come before the first plain read, which fixes what a transaction sees
  if (!(await claim(tx, 'webhook', `${shown.id}:${eventId}`))) return { status: 'repeated' };
  const actor = `${WEBHOOK_ACTOR}${shown.id}`;
  const source = { actor, connectionId: shown.id, eventId };
  const statuses: Received['status'][] = [];
  let shortages = 0;
  for (const order of event?.orders ?? []) {
    const done = await applyOrder(tx, order, {
      ...source,
      locationOf: (external) => (external && shown.locations[external]) || shown.location_id,
      productOf: (line) => context?.items.get(line.externalItem ?? '') ?? line.productId,
      isService: (productId) => context?.services.has(productId) ?? false,
    });
    statuses.push(done.status);
    shortages += done.shortages;
  }
  if (event && event.items.length + event.levels.length > 0) {
    const done = await applyLevels(tx, event, {
      ...source,
      // a shop without locations of its own has one: ours
      locationOf: (external) => (external === null ? shown.location_id : shown.locations[external]),
    });
    statuses.push(done.status);
    shortages += done.shortages;
  }
  if (shortages > 0) {
    await raiseAlert(tx, {
      key: `shortage:webhook:${shown.id}`,
      type: 'unexplained_shortage',
      level: 'warning',
      title: 'A shop sold more than the ledger knew of',
      message: `${shown.name} (${shown.id}) told of stock that was not there. It was booked after an adjustment with the reason "unexplained shortage", which goes again when a later message explains it.`,
    });
  }
  const status = ORDER_OF_STATUS.find((one) => statuses.includes(one)) ?? 'ignored';
  const kept = event ? JSON.stringify(event.kept) : null;
  await keepEvent(tx, {
    connectionId: shown.id,
    eventId,
    topic,
    status,
    detail: event ? null : 'this topic is not followed',
    payload: kept !== null && kept.length <= MOST_KEPT ? kept : null,
    payloadSha256: hash,
  });
  return { status };
}

const ORDER_OF_STATUS = ['applied', 'waiting', 'stale'] as const;

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new Fault('invalid', 'The body is not JSON', { cause });
  }
}

const Title = z.object({
  topic: z.string().min(1).max(60),
  eventId: z.string().min(1).max(MOST_EVENT_ID),
});

/** What an event is about and its id; where a shop sends no id of its own to each event, the bytes are part of it. */
function titleOf(
  system: KeptConnection['shown']['system'],
  headers: Readonly<Record<string, string>>,
  payload: unknown,
  hash: string,
): z.infer<typeof Title> {
  return wellFormed(() => {
    if (system === 'square') {
      const { topic, eventId } = squareTitle(payload);
      return Title.parse({ topic, eventId: eventId ?? hash });
    }
    if (system === 'shopify')
      return Title.parse({
        topic: headers['x-shopify-topic'],
        eventId: headers['x-shopify-webhook-id'] ?? hash,
      });
    // WooCommerce makes the id of a delivery of the webhook and the second: two events of one second share it
    const delivery = headers['x-wc-webhook-delivery-id']?.slice(0, MOST_EVENT_ID - hash.length - 1) ?? '';
    return Title.parse({ topic: headers['x-wc-webhook-topic'], eventId: `${delivery}:${hash}` });
  });
}

/** What a reader makes of a payload, or Fault `invalid` with each field that is wrong. */
function wellFormed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const details = error.issues.map((issue) => ({
      field: issue.path.join('.') || 'body',
      reason: issue.message,
    }));
    throw new Fault('invalid', 'The payload is not what this topic carries', { details });
  }
}
