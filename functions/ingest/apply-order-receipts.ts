import type { MovementFact } from '../../shared/core/inventory/book-movements.ts';
import { mostToReceive } from '../../shared/core/inventory/most-to-receive.ts';
import { EXPECTING } from '../../shared/core/inventory/purchase-order-states.ts';
import type { LateReject } from '../../shared/data/imports/import-store.ts';
import { generationKey, importedMovements } from '../../shared/data/imports/imported-movements.ts';
import { recordMovements } from '../../shared/data/ledger/ledger-store.ts';
import {
  type HeldPurchase,
  type HeldPurchaseLine,
  holdPurchases,
  linesOfPurchases,
  settlePurchases,
} from '../../shared/data/purchasing/purchase-line-store.ts';
import { readReceiptTolerance } from '../../shared/data/purchasing/purchase-receipt-store.ts';
import {
  countReceived,
  insertReceiptLines,
  insertReceipts,
  receiptHash,
  receiptHashes,
} from '../../shared/data/purchasing/receipt-line-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import { findLotConflicts, recordLots } from '../../shared/data/waste/lot-store.ts';
import { type Applied, type ChunkSource, daySpan } from './apply-chunk.ts';
import { lotOf, WRONG_LOT } from './apply-movements.ts';
import type { FileReceipt } from './apply-receipts.ts';

/** The purchase orders of some receipts, held, and the lines of each. */
export interface HeldOrders {
  of(row: FileReceipt): HeldPurchase | undefined;
  linesOf(order: HeldPurchase): Map<string, HeldPurchaseLine>;
}

/** Holds the purchase orders that receipts name. */
export async function holdOrders(tx: Statements, rows: readonly FileReceipt[]): Promise<HeldOrders> {
  const named = rows.map((row) => row.order);
  const orders = await holdPurchases(tx, {
    ids: named.filter((name) => typeof name === 'number'),
    references: named.filter((name) => typeof name === 'string'),
  });
  const byName = new Map<number | string, HeldPurchase>();
  for (const order of orders) {
    byName.set(order.id, order);
    if (order.reference !== null) byName.set(order.reference, order);
  }
  const lines = new Map(orders.map((order) => [order.id, new Map<string, HeldPurchaseLine>()]));
  for (const line of await linesOfPurchases(tx, [...lines.keys()]))
    lines.get(line.purchaseOrderId)!.set(line.productId, line);
  return { of: (row) => byName.get(row.order!), linesOf: (order) => lines.get(order.id)! };
}

interface Came {
  readonly row: FileReceipt;
  readonly order: HeldPurchase;
  readonly hash: string;
  readonly fact: MovementFact;
}

/**
 * Books goods that came for purchase orders: what `receivePurchase` does for one receipt, for many. The rows are taken
 * in the order of the file, so that what comes too much is rejected however the file is cut. A receipt that is known
 * changes nothing; one that an undo took away is booked again.
 */
export async function applyOrderReceipts(
  tx: Statements,
  rows: readonly FileReceipt[],
  orders: HeldOrders,
  source: ChunkSource,
): Promise<Applied> {
  const rejects: LateReject[] = [];
  const known: number[] = [];
  const reject = (line: number, field: string, reason: string) => void rejects.push({ line, field, reason });
  const all: Came[] = [];
  for (const row of rows) {
    const order = orders.of(row);
    const field = typeof row.order === 'number' ? 'purchase_order_id' : 'order_reference';
    if (order === undefined) reject(row.line, field, 'is no known purchase order');
    else all.push(cameFor(row, order));
  }
  const hashes = await receiptHashes(
    tx,
    all.map(({ row }) => row.receiptId),
  );
  const earlier = await importedMovements(
    tx,
    all.flatMap(({ row, fact }) => [fact, row.fact]),
  );
  const tolerance = await readReceiptTolerance(tx);
  const fresh = new Map<string, Came>();
  const wrongLots = await findLotConflicts(
    tx,
    all.map(({ row, fact }) => lotOf({ ...row, fact })),
  );
  for (const [i, one] of all.entries()) {
    const { row, order, hash, fact } = one;
    if (wrongLots.has(i)) {
      reject(row.line, ...WRONG_LOT);
      continue;
    }
    const recorded = fresh.get(row.receiptId)?.hash ?? hashes.get(row.receiptId);
    if (recorded === hash) known.push(row.line);
    else if (recorded !== undefined) reject(row.line, '', 'already recorded with other values');
    else if (isStanding(earlier.get(row.fact.key)))
      reject(row.line, 'receipt_id', 'is recorded already, and for no order');
    else {
      const fault = faultOf(row, order, orders.linesOf(order), tolerance);
      if (fault !== undefined) {
        reject(row.line, ...fault);
        continue;
      }
      const generation = earlier.get(fact.key)?.generation ?? 1;
      fresh.set(row.receiptId, { ...one, fact: { ...fact, key: generationKey(fact.key, generation) } });
      const lines = orders.linesOf(order);
      const line = lines.get(fact.productId)!;
      lines.set(fact.productId, { ...line, received: line.received + fact.quantityChange });
    }
  }
  return { rejects, known, counts: await book(tx, [...fresh.values()], known.length, source) };
}

function cameFor(row: FileReceipt, order: HeldPurchase): Came {
  const { productId, quantityChange: quantity } = row.fact;
  return {
    row,
    order,
    hash: receiptHash({ purchaseOrderId: order.id, lines: [{ productId, quantity, damaged: 0 }] }),
    fact: {
      ...row.fact,
      key: `po-receipt:${row.receiptId}:1`,
      locationId: order.locationId,
      reason: `purchase order ${order.id}`,
      referenceId: row.receiptId,
    },
  };
}

const isStanding = (recorded: { readonly isSame: boolean | undefined } | undefined): boolean =>
  recorded?.isSame !== undefined;

/** Why goods cannot have come for this order. */
function faultOf(
  { fact, statedLocation, supplierId }: FileReceipt,
  order: HeldPurchase,
  lines: ReadonlyMap<string, HeldPurchaseLine>,
  tolerance: number,
): [string, string] | undefined {
  if (statedLocation !== null && statedLocation !== order.locationId)
    return ['location_id', `is not ${order.locationId}, where the order goes to`];
  if (supplierId !== null && supplierId !== order.supplierId)
    return ['supplier_id', `is not ${order.supplierId}, of whom the order is`];
  const line = lines.get(fact.productId);
  if (line === undefined) return ['product_id', 'is not on the order'];
  const isWhole = [...lines.values()].every(
    ({ status, received, quantity }) => status !== 'open' || received >= quantity,
  );
  const status = !isWhole || !OPEN.has(order.status) ? order.status : 'received';
  if (!OPEN.has(status)) return ['', `the order is ${status}: nothing of it is expected`];
  if (line.status !== 'open')
    return ['product_id', `is ${line.status} on the order: nothing more of it is expected`];
  const total = line.received + fact.quantityChange;
  return total > mostToReceive(line.quantity, tolerance)
    ? ['quantity', `${total} come in all, ${line.quantity} are ordered`]
    : undefined;
}

const OPEN: ReadonlySet<string> = new Set<string>(EXPECTING);

async function book(
  tx: Statements,
  came: readonly Came[],
  duplicates: number,
  { actor }: ChunkSource,
): Promise<Applied['counts']> {
  const lines = came.map(({ row, order, fact }) => ({
    receiptId: row.receiptId,
    purchaseOrderId: order.id,
    productId: fact.productId,
    quantity: fact.quantityChange,
    damaged: 0,
  }));
  await insertReceipts(
    tx,
    came.map(({ row, order, hash, fact }) => ({
      receiptId: row.receiptId,
      purchaseOrderId: order.id,
      date: fact.date,
      actor,
      acceptOver: false,
      contentHash: hash,
    })),
  );
  await insertReceiptLines(tx, lines);
  await countReceived(tx, lines);
  await settlePurchases(
    tx,
    lines.map((line) => line.purchaseOrderId),
    { actor, reason: 'the rest is not expected' },
  );
  let shortages = 0;
  for (const isSynthetic of [false, true]) {
    const some = came.filter(({ row }) => row.isSynthetic === isSynthetic).map(({ fact }) => fact);
    if (some.length === 0) continue;
    const booked = await recordMovements(tx, some, { actor, isSynthetic });
    shortages += booked.shortages.length;
  }
  await recordLots(
    tx,
    came.map(({ row, fact }) => ({ movementKey: fact.key, ...lotOf({ ...row, fact }) })),
    actor,
  );
  return {
    imported: came.length,
    duplicates,
    excluded: 0,
    shortages,
    kinds: {},
    ...daySpan(came.map(({ fact }) => fact.date)),
  };
}
