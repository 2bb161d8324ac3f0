import {
  type CountedLines,
  MAX_SHEET_LINES,
  type NewCount,
  type StockCountDetail,
} from '../../../shared/contracts/api/stock-count.ts';
import { Fault, type FaultDetail } from '../../../shared/contracts/fault.ts';
import type { MovementFact } from '../../../shared/core/inventory/book-movements.ts';
import { readLocations } from '../../../shared/data/catalogue/location-store.ts';
import { levelsAt, newestMovements } from '../../../shared/data/ledger/ledger-queries.ts';
import { lockStock, recordMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { findCount } from '../../../shared/data/ledger/stock-count-reads.ts';
import {
  countedLines,
  endCount,
  holdCount,
  keepExpected,
  noteCounted,
  openSheet,
} from '../../../shared/data/ledger/stock-count-store.ts';
import { announceAll } from '../../../shared/data/messages/outbox-store.ts';
import {
  isHistory,
  lastDayAllowed,
  momentOf,
  readBusinessDay,
} from '../../../shared/data/planning/business-day.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { toSqlTime } from '../../../shared/data/sql/sql-time.ts';
import type { User } from '../http/route.ts';
import type { OrderAsking } from '../orders/create-order.ts';
import { stockAnnouncements } from './stock-announcements.ts';

/** Whether somebody may see what should be there while a blind count is open. */
export const seesExpected = ({ roles }: Pick<User, 'roles'>): boolean =>
  roles.some((role) => role === 'planner' || role === 'admin');

/** Opens a count sheet. Fault `missing` for an unknown location or product, `invalid` for too many or no products. */
export async function openCount(tx: Statements, asked: NewCount, openedBy: string): Promise<number> {
  const locations = await readLocations(tx);
  const locationId = asked.location_id ?? locations.defaultId;
  if (!locations.ids.has(locationId)) throw new Fault('missing', `There is no location ${locationId}`);
  const { countId, lines } = await openSheet(tx, {
    locationId,
    productIds: asked.product_ids,
    category: asked.category,
    isBlind: asked.blind,
    tolerancePercent: asked.tolerance_percent,
    openedBy,
    mostLines: MAX_SHEET_LINES,
  });
  const named = asked.product_ids && new Set(asked.product_ids).size;
  if (named !== undefined && asked.category === undefined && lines < named)
    throw new Fault('missing', `${named - lines} of the ${named} products do not exist or are services`);
  if (lines === 0) throw new Fault('invalid', 'No product is to be counted');
  if (lines > MAX_SHEET_LINES)
    throw new Fault('invalid', `More than ${MAX_SHEET_LINES} products: name a category`);
  return countId;
}

/**
 * Notes what was counted, and when; the later request of a product holds. Without a time it was now, or, in data that
 * ended long ago, after all that is known to have happened to the product there. Fault `conflict` after the end of the
 * count.
 */
export async function countLines(
  tx: Statements,
  countId: number,
  { lines }: CountedLines,
  { actor, now }: OrderAsking,
): Promise<void> {
  const { location_id: locationId, status } = await holdCount(tx, countId);
  mustBeOpen(countId, status);
  const businessDay = await readBusinessDay(tx);
  const last = lastDayAllowed(businessDay, now);
  const moment = toSqlTime(momentOf(businessDay, now));
  const timeless = lines.flatMap((line) => (line.counted_at === undefined ? [line.product_id] : []));
  const newest = isHistory(businessDay, now) ? await newestMovements(tx, locationId, timeless) : undefined;
  const faults: FaultDetail[] = [];
  const byProduct = new Map(
    lines.map((line, i) => {
      const after = newest?.get(line.product_id) ?? moment;
      const at =
        line.counted_at === undefined ? (after > moment ? after : moment) : toSqlTime(line.counted_at);
      if (line.counted_at !== undefined && at.slice(0, 10) > last)
        faults.push({ field: `lines.${i}.counted_at`, reason: 'is in the future' });
      return [line.product_id, { productId: line.product_id, counted: line.counted, at }] as const;
    }),
  );
  if (faults.length > 0) throw new Fault('invalid', 'Nobody can have counted then', { details: faults });
  const noted = await noteCounted(tx, countId, [...byProduct.values()], actor);
  if (noted < byProduct.size)
    throw new Fault('missing', `${byProduct.size - noted} of the products are not on sheet ${countId}`);
}

/**
 * Closes a count: the difference of each counted product to the ledger's level at the time of counting is booked, so
 * what was sold since stays sold. What was not counted stays as it is; what agrees books nothing and is accurate.
 * Closing twice changes nothing. Fault `conflict` after it was cancelled, or when nothing was counted.
 */
export async function closeCount(tx: Statements, countId: number, actor: string): Promise<void> {
  const { location_id: locationId, status } = await holdCount(tx, countId);
  if (status === 'closed') return;
  mustBeOpen(countId, status);
  const counted = await countedLines(tx, countId, MAX_SHEET_LINES);
  if (counted.length === 0) throw new Fault('conflict', `Nothing of count ${countId} was counted`);
  const moments = counted.map(({ productId, at }) => ({ productId, locationId, date: at }));
  const stock = await lockStock(tx, moments);
  const levels = await levelsAt(tx, moments);
  await keepExpected(
    tx,
    countId,
    counted.map(({ productId }, n) => ({ productId, expected: levels[n]!.level })),
  );
  const facts = counted.flatMap(({ productId, counted: units, at }, n): MovementFact[] => {
    const quantityChange = units - levels[n]!.level;
    if (quantityChange === 0) return [];
    return [
      {
        key: `stock-count:${countId}:${productId}`,
        productId,
        locationId,
        date: at,
        quantityChange,
        type: 'count',
        reason: `count ${countId}`,
        referenceId: `count:${countId}`,
      },
    ];
  });
  const booked = facts.length > 0 ? await recordMovements(tx, facts, { actor }, stock) : undefined;
  await endCount(tx, countId, { status: 'closed', actor, reason: null });
  await announceAll(tx, stockAnnouncements(booked, `count ${countId}`), { userId: actor });
}

/** Gives a count up: nothing is booked. Cancelling twice changes nothing; a closed count stays closed. */
export async function cancelCount(
  tx: Statements,
  countId: number,
  reason: string,
  actor: string,
): Promise<void> {
  const { status } = await holdCount(tx, countId);
  if (status === 'cancelled') return;
  mustBeOpen(countId, status);
  await endCount(tx, countId, { status: 'cancelled', actor, reason });
}

function mustBeOpen(countId: number, status: string): void {
  if (status !== 'open') throw new Fault('conflict', `Count ${countId} is ${status}`);
}

/** The count as the asker may see it. */
export async function showCount(db: Statements, countId: number, user: User): Promise<StockCountDetail> {
  const count = await findCount(db, countId, seesExpected(user));
  if (!count) throw new Fault('missing', `There is no count ${countId}`);
  return count;
}
