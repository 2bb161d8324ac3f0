import {
  type BookedMovement,
  bookMovements,
  positionKey,
  type StockPosition,
} from '../inventory/book-movements.ts';
import type { DayEvents } from './day-events.ts';

/** Columns of a ledger as text. */
export const LEDGER_HEADER =
  'log_id,date,product_id,location_id,type,quantity_change,stock_level,reference,reason,movement_id';

/** One movement as a line of text without its end; `n` counts from 1. Texts of simulated worlds need no quotes. */
export const ledgerLine = (n: number, movement: BookedMovement): string =>
  `${n},${movement.date},${movement.productId},${movement.locationId},${movement.type},${movement.quantityChange},${movement.level},${movement.referenceId ?? ''},${movement.reason ?? ''},${movement.key}`;

/** A ledger in memory: the rule by which the database books, over levels that stay here. */
export interface MemoryLedger {
  /** Books a day. Throws where the world sold what the ledger did not have: that is a bug of the world. */
  book(events: DayEvents): readonly BookedMovement[];
  /** Units on hand by position, in the order of the first movement. */
  levels(): Iterable<StockPosition>;
}

export function openMemoryLedger(): MemoryLedger {
  const stock = new Map<string, StockPosition>();
  return {
    book({ movements: facts, date }) {
      const { movements, shortages } = bookMovements(stock, facts);
      if (shortages > 0) throw new Error(`the ledger is short by ${shortages} movements on ${date}`);
      for (const { productId, locationId, level } of movements)
        stock.set(positionKey({ productId, locationId }), {
          productId,
          locationId,
          level,
          committed: 0,
          backordersAllowed: false,
        });
      return movements;
    },
    levels: () => stock.values(),
  };
}
