import * as z from 'zod';
import type { MovementFact } from '../../shared/core/inventory/book-movements.ts';
import { type DemandChange, demandOf } from '../../shared/data/demand/demand-store.ts';
import type { LateReject } from '../../shared/data/imports/import-store.ts';
import { CORRECTED } from '../../shared/data/imports/import-undo-store.ts';
import { generationKey } from '../../shared/data/imports/imported-movements.ts';
import { describeOrders } from '../../shared/data/imports/imported-order-store.ts';
import {
  type FullLine,
  keepRevisions,
  lockLines,
  replaceLines,
  type StatusChange,
} from '../../shared/data/imports/imported-sales-store.ts';
import { reverseMovements } from '../../shared/data/ledger/ledger-reversals.ts';
import type { LockedStock } from '../../shared/data/ledger/ledger-store.ts';
import { orderHeaders } from '../../shared/data/orders/order-header-store.ts';
import { settledLines } from '../../shared/data/orders/settled-lines.ts';
import { json, type Statements } from '../../shared/data/sql/database.ts';
import type { ChunkSource } from './apply-chunk.ts';
import { factsOf } from './apply-order-lines.ts';
import type { OrderLine } from './order-line.ts';

/** What correcting lines leaves to be booked with the rest of the chunk. */
export interface Revision {
  readonly lines: readonly OrderLine[];
  readonly rejects: readonly LateReject[];
  readonly facts: readonly MovementFact[];
  readonly demand: readonly DemandChange[];
  readonly stock: LockedStock;
}

/**
 * Corrects recorded lines by a newer state of their orders. What the line was is kept; where stock moved otherwise, its
 * movements are taken back by linked reversals and booked anew under the key of its next generation.
 */
export async function reviseLines(
  tx: Statements,
  lines: readonly OrderLine[],
  source: ChunkSource,
  stock: LockedStock,
): Promise<Revision> {
  if (lines.length === 0) return { lines, rejects: [], facts: [], demand: [], stock };
  const saleIds = lines.map((line) => line.sale.saleId);
  const before = new Map((await lockLines(tx, saleIds)).map((line) => [line.sale.saleId, line]));
  const settled = await settledLines(tx, saleIds);
  // a shop that tells the cancellation too says nothing else than who cancelled
  const isSettled = ({ sale: { saleId, kind } }: OrderLine) =>
    before.get(saleId)!.cancelledBy !== null ||
    settled.returned.has(saleId) ||
    (settled.cancelled.has(saleId) && kind !== 'cancelled');
  const open = lines.filter((line) => !isSettled(line));
  const earlier = open.map((line) => before.get(line.sale.saleId)!);
  const booked = await bookedMovements(tx, earlier);

  const facts: MovementFact[] = [];
  const reversed: number[] = [];
  const replaced = open.map((line) => {
    const { generation } = before.get(line.sale.saleId)!;
    const old = booked.get(line.sale.saleId) ?? [];
    const sameGeneration = factsOf(line, generation);
    if (isSameStock(old, sameGeneration)) return { sale: line.sale, importNo: source.importNo, generation };
    reversed.push(...old.map((movement) => movement.log_id));
    facts.push(...factsOf(line, generation + 1));
    return { sale: line.sale, importNo: source.importNo, generation: generation + 1 };
  });
  const after = await takeBack(tx, reversed, source, stock);
  const orders = new Map(open.map(({ order }) => [order.orderId, order]));
  await keepRevisions(tx, earlier, await statusChanges(tx, orders), source.importNo);
  await replaceLines(tx, replaced);
  await describeOrders(tx, source.importId, [...orders.values()], { onlyUndone: false });
  return {
    lines: open,
    rejects: lines
      .filter(isSettled)
      .map(({ line }) => ({ line, field: '', reason: 'already recorded, and cancelled or returned since' })),
    facts,
    demand: [
      ...earlier.filter(({ sale }) => sale.kind === 'sale').map(takenDemand),
      ...open.filter(({ sale }) => sale.kind === 'sale').map(({ sale }) => demandOf(sale)),
    ],
    stock: after,
  };
}

async function statusChanges(
  tx: Statements,
  orders: ReadonlyMap<string, OrderLine['order']>,
): Promise<ReadonlyMap<string, StatusChange>> {
  const headers = await orderHeaders(tx, [...orders.keys()]);
  return new Map(
    [...headers].map(([id, { order_status: before }]) => [id, { before, told: orders.get(id)!.status }]),
  );
}

/** Movements of one call of reverseMovements. */
const REVERSALS = 2_000;

async function takeBack(
  tx: Statements,
  logIds: readonly number[],
  source: ChunkSource,
  stock: LockedStock,
): Promise<LockedStock> {
  let after = stock;
  for (let at = 0; at < logIds.length; at += REVERSALS) {
    const page = logIds.slice(at, at + REVERSALS);
    const reversed = await reverseMovements(tx, page, {
      actor: source.actor,
      reason: CORRECTED,
    });
    after = new Map([...after, ...reversed.stock]);
  }
  return after;
}

/** The demand of a line as it was, taken away. */
export const takenDemand = ({ sale }: Pick<FullLine, 'sale'>): DemandChange => {
  const demand = demandOf(sale);
  return { ...demand, quantity: -demand.quantity, saleLines: -1, revenue: -demand.revenue };
};

const Movement = z.object({
  log_id: z.int(),
  reference_id: z.string(),
  product_id: z.string(),
  warehouse: z.string(),
  date: z.string(),
  quantity_change: z.int(),
  change_type: z.string(),
  actor: z.string(),
});
type Movement = z.infer<typeof Movement>;
/** Lines of one question: each has at most two movements. */
const PAGE = 1_000;

/** The movements of lines that count, without adjustments for shortages: those go with the movement they cover. */
export async function bookedMovements(
  tx: Statements,
  lines: readonly Pick<FullLine, 'sale' | 'generation'>[],
): Promise<ReadonlyMap<string, Movement[]>> {
  const found: Movement[] = [];
  for (let at = 0; at < lines.length; at += PAGE) {
    const keys = lines
      .slice(at, at + PAGE)
      .flatMap(({ sale, generation }) =>
        ['sale', 'return', 'adjustment'].map((type) => generationKey(`${type}:${sale.saleId}`, generation)),
      );
    const rows = await tx.select(
      Movement,
      `SELECT STRAIGHT_JOIN l.log_id, l.reference_id, l.product_id, l.warehouse, l.date, l.quantity_change,
              l.change_type, l.actor
         FROM JSON_TABLE(:keys, '$[*]' COLUMNS (movement_key VARCHAR(160) PATH '$')) AS j
         JOIN inventory_log l FORCE INDEX (inventory_log_movement_key) ON l.movement_key = j.movement_key
         LEFT JOIN inventory_log r FORCE INDEX (inventory_log_reverses) ON r.reverses_log_id = l.log_id
        WHERE r.log_id IS NULL`,
      { keys: json(keys) },
    );
    found.push(...rows);
  }
  return Map.groupBy(found, (row) => row.reference_id);
}

/** Whether the movements that are booked are those that these facts would be. */
export function isSameStock(old: readonly Movement[], now: readonly MovementFact[]): boolean {
  const text = (parts: readonly unknown[]) => JSON.stringify(parts);
  const before = old
    .map((row) =>
      text([row.change_type, row.product_id, row.warehouse, row.date.slice(0, 19), row.quantity_change]),
    )
    .sort();
  const after = now
    .map((fact) =>
      text([fact.type, fact.productId, fact.locationId, fact.date.slice(0, 19), fact.quantityChange]),
    )
    .sort();
  return text(before) === text(after);
}
