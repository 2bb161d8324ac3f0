import type { Queue } from '../../shared/aws/queue.ts';
import type { SourceRequested } from '../../shared/contracts/messages.ts';
import { lockSerials } from '../../shared/data/catalogue/product-serial-store.ts';
import { claim } from '../../shared/data/messages/inbox-store.ts';
import { announce } from '../../shared/data/messages/outbox-store.ts';
import { momentOf, readBusinessDay } from '../../shared/data/planning/business-day.ts';
import {
  type CategoryOutcome,
  closeCategory,
  endSourcing,
  isWaiting,
  openSourcing,
  readKnownSources,
  skipWaiting,
  takeSearch,
} from '../../shared/data/sourcing/sourcing-store.ts';
import type { Database, Statements } from '../../shared/data/sql/database.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';
import { createProducts } from './create-products.ts';
import { type Finds, findOffers } from './find-offers.ts';
import type { ProductSource } from './product-source.ts';

export interface SourceNeeds {
  readonly database: Database;
  readonly sourceQueue: Queue;
  readonly source: ProductSource;
  now(): Date;
}

type SourceDelivery = { readonly logger: Pick<Delivery['logger'], 'info' | 'warn'> };

/**
 * Looks for the products of one category, makes those that are new with their first stock, and hands the rest of the
 * sourcing on. A category happens once, however often its message comes; one whose search fails is skipped and says
 * why, and a failure that the next search would meet as well ends the sourcing.
 */
export async function sourceCategory(
  { database, sourceQueue, source, now }: SourceNeeds,
  message: SourceRequested,
  { logger }: SourceDelivery,
): Promise<void> {
  const { sourcingId, position, requestedBy, order } = message;
  const { engine, country, perCategory } = order;
  const category = order.categories[position];
  if (category === undefined) throw new RangeError(`sourcing ${sourcingId} has no category ${position}`);
  // the request that asked may not be committed yet
  await database.transaction((tx) => openSourcing(tx, sourcingId, requestedBy, order));
  // only to save searches: what makes the category happen once is the claim below
  if (await isWaiting(database, sourcingId, position)) {
    const finds = await findOffers(
      source,
      { engine, country, category, count: perCategory },
      (ids) => readKnownSources(database, engine, country, ids),
      () => takeSearch(database, sourcingId),
    );
    if (finds.failure) logger.warn('search failed', { sourcingId, category, reason: finds.failure.reason });
    // read before the transaction: inside, its first plain read must come after the lock, to see what others made
    const moment = momentOf(await readBusinessDay(database), now());
    const outcome = await database.transaction((tx) => conclude(tx, message, finds, moment));
    logger.info('source', { sourcingId, category, ...outcome });
  }
  if (position + 1 < order.categories.length && (await isWaiting(database, sourcingId, position + 1)))
    await sourceQueue.send([{ ...message, position: position + 1 } satisfies SourceRequested]);
}

async function conclude(
  tx: Statements,
  message: SourceRequested,
  finds: Finds,
  moment: string,
): Promise<CategoryOutcome | undefined> {
  const { sourcingId, position, order } = message;
  if (!(await claim(tx, 'source', `${sourcingId}:${position}`))) return undefined;
  // from here on sourcings of a country take turns: what is known stays so until the end
  await lockSerials(tx, order.country, moment.slice(0, 10));
  const made = await createProducts(tx, message, finds.usable, moment);
  const outcome = outcomeOf(message, finds, made);
  await closeCategory(tx, sourcingId, position, outcome);
  if (finds.failure?.isFinal) await skipWaiting(tx, sourcingId, finds.failure.reason);
  const sums = await endSourcing(tx, sourcingId);
  if (sums) await announce(tx, 'sourcing.completed', { sourcingId, ...sums }, { correlationId: sourcingId });
  return outcome;
}

interface Made {
  readonly products: number;
  readonly known: number;
  readonly heldBack: number;
}

function outcomeOf(
  { position, order }: SourceRequested,
  { results, sponsored, unusable, unreadable, failure, usable }: Finds,
  { products, known, heldBack }: Made,
): CategoryOutcome {
  const counts = { results, sponsored, unusable, known, products, stock: order.stock[position]!, heldBack };
  const status = products > 0 ? 'done' : 'skipped';
  if (failure) return { status, reason: failure.reason, ...counts };
  if (products === order.perCategory) return { status, reason: null, ...counts };
  if (results === 0) return { status, reason: 'Nothing was found', ...counts };
  const why = unreadable === undefined ? '' : ` (${unreadable})`;
  const reason =
    usable.length === 0
      ? `None of ${results} results can be used${why}`
      : products === 0
        ? 'All that was found is known already'
        : `Only ${products} new products were found${why}`;
  return { status, reason, ...counts };
}
