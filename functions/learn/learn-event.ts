import { EVENT_DATA, type EventType } from '../../shared/contracts/events.ts';
import { addDays } from '../../shared/core/calendar/add-days.ts';
import { type LearntKey, readBehindKeys } from '../../shared/data/forecasts/live-store.ts';
import { type SeriesKey, seriesName } from '../../shared/data/forecasts/series-store.ts';
import { readBusinessDay } from '../../shared/data/planning/business-day.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import { onceABatch } from '../../shared/runtime/once-a-batch.ts';
import type { Batch, Delivery } from '../../shared/runtime/queue-handler.ts';
import type { BusEvent } from '../notify/tell-listeners.ts';
import { learnSeries } from './learn-series.ts';
import { watchStock } from './watch-stock.ts';

/** Series of one transaction: all days of the most that a series learns again are read in a few pages. */
const PAGE = 20;
/** Pages after one import. What is left learns with its next event, or with the next import, being furthest behind. */
const MOST_PAGES = 100;
/** With less time than this left, no page is begun. */
const RESERVE_MS = 20_000;

export interface LearnNeeds {
  readonly database: Database;
}

type LearnDelivery = Pick<Delivery, 'remainingMs'> & {
  readonly batch: Batch;
  readonly logger: Pick<Delivery['logger'], 'info'>;
};

/**
 * Moves the online models on: after a movement of stock that of its series, after an import or a simulation those that
 * have learnt before and have demand to learn. What a model says is a function of the demand that is stored, not of
 * events: events in any order, or twice, leave the same.
 */
export async function learnEvent(
  { database }: LearnNeeds,
  { detail }: BusEvent,
  { logger, remainingMs, batch }: LearnDelivery,
): Promise<void> {
  if (detail.event_type === 'stock.updated') {
    try {
      await learnMoved(database, detail.event_type, batch);
    } catch (error) {
      if (batch.messages.length === 1) throw error;
      // what fails together may go well alone
      await learn(database, [movedBy(detail)], true);
    }
    return;
  }
  if (detail.event_type !== 'import.completed' && detail.event_type !== 'simulation.completed') return;
  const asOf = await readBusinessDay(database);
  if (asOf === undefined) return;
  let learnt = 0;
  let last: LearntKey | undefined;
  for (let page = 0; page < MOST_PAGES && remainingMs() > RESERVE_MS; page++) {
    const keys = await readBehindKeys(database, addDays(asOf, -1), PAGE, last);
    if (keys.length > 0) await learn(database, keys);
    learnt += keys.length;
    if (keys.length < PAGE) break;
    last = keys.at(-1);
  }
  logger.info('learn', { cause: detail.event_type, series: learnt });
}

/** All series that the events of a batch have moved, at once. */
const learnMoved = onceABatch((database: Database, type: EventType, { messages }) => {
  const events = (messages as readonly BusEvent[]).filter(({ detail }) => detail.event_type === type);
  const moved = new Map(events.map(({ detail }) => [seriesName(movedBy(detail)), movedBy(detail)]));
  // in one order, as another batch takes its locks too
  const keys = [...moved].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
  return learn(database, keys, true);
});

const movedBy = ({ data }: BusEvent['detail']): SeriesKey => {
  const { productId, locationId } = EVENT_DATA['stock.updated'].parse(data);
  return { productId, locationId };
};

/** Learns first; whether stock is low is asked of what was learnt. */
async function learn(database: Database, keys: readonly SeriesKey[], isStockMoved = false): Promise<void> {
  await database.transaction((tx) => learnSeries(tx, keys));
  if (isStockMoved) await database.transaction((tx) => watchStock(tx, keys));
}
