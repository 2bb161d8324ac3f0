import type { RowOf } from '../../shared/contracts/csv/csv-format.ts';
import type { receipts } from '../../shared/contracts/csv/receipts.ts';
import { lockStock, type Position } from '../../shared/data/ledger/ledger-store.ts';
import { receiptHashes } from '../../shared/data/purchasing/receipt-line-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import { type Applied, type ChunkSource, daySpan } from './apply-chunk.ts';
import { applyMovements, type FileMovement } from './apply-movements.ts';
import { applyOrderReceipts, holdOrders } from './apply-order-receipts.ts';

/** Goods received from a file. */
export interface FileReceipt extends FileMovement {
  readonly receiptId: string;
  readonly supplierId: string | null;
  /** Where the row says that they lie; null where it says nothing. */
  readonly statedLocation: string | null;
  /** The purchase order that they came for, by our id or by its reference. */
  readonly order: number | string | null;
}

/** A row of the receipts template as goods received. */
export function receiptOf(row: RowOf<typeof receipts>, line: number, defaultLocation: string): FileReceipt {
  return {
    line,
    receiptId: row.receipt_id,
    supplierId: row.supplier_id,
    statedLocation: row.location_id,
    order: row.purchase_order_id ?? row.order_reference,
    isSynthetic: row.is_synthetic,
    ...((row.lot_code !== null || row.expiry_date !== null) && {
      lot: { code: row.lot_code, expiryDate: row.expiry_date?.slice(0, 10) ?? null },
    }),
    fact: {
      key: `receipt:${row.receipt_id}`,
      productId: row.product_id,
      locationId: row.location_id ?? defaultLocation,
      date: row.date,
      quantityChange: row.quantity,
      type: 'receipt',
      reason: row.supplier_id === null ? null : `from supplier ${row.supplier_id}`,
      referenceId: row.reference_id,
    },
  };
}

/** Books goods received: those for a purchase order as its receipts, the others as they are. */
export async function applyReceipts(
  tx: Statements,
  rows: readonly FileReceipt[],
  source: ChunkSource,
): Promise<Applied> {
  const ordered = rows.filter((row) => row.order !== null);
  const others = rows.filter((row) => row.order === null);
  // Orders before stock, as every receipt takes them; then all stock at once.
  const orders = await holdOrders(tx, ordered);
  const places = ordered.flatMap((row): Position[] => {
    const order = orders.of(row);
    return order ? [{ productId: row.fact.productId, locationId: order.locationId }] : [];
  });
  await lockStock(tx, [
    ...places,
    ...others.map((row) => row.fact).filter(({ locationId }) => source.locations.has(locationId)),
  ]);
  const parts: Applied[] = [];
  for (const some of groupsOf(rows, others, ordered))
    parts.push(
      some[0]!.order === null
        ? await applyPlain(tx, some, source)
        : await applyOrderReceipts(tx, some, orders, source),
    );
  const sum = (count: 'imported' | 'duplicates' | 'shortages') =>
    parts.reduce((all, { counts }) => all + counts[count], 0);
  return {
    rejects: parts.flatMap((part) => part.rejects),
    known: parts.flatMap((part) => part.known),
    counts: {
      imported: sum('imported'),
      duplicates: sum('duplicates'),
      excluded: 0,
      shortages: sum('shortages'),
      kinds: {},
      ...daySpan(
        parts.flatMap(({ counts }) => [counts.firstDate, counts.lastDate].filter((day) => day !== null)),
      ),
    },
  };
}

/** Rows that are booked together: in the order of the file where an id stands with and without an order. */
function groupsOf(
  rows: readonly FileReceipt[],
  others: readonly FileReceipt[],
  ordered: readonly FileReceipt[],
): FileReceipt[][] {
  const ids = new Set(ordered.map((row) => row.receiptId));
  if (!others.some((row) => ids.has(row.receiptId)))
    return [[...others], [...ordered]].filter((group) => group.length > 0);
  const groups: FileReceipt[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last !== undefined && (last[0]!.order === null) === (row.order === null)) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

async function applyPlain(
  tx: Statements,
  rows: readonly FileReceipt[],
  source: ChunkSource,
): Promise<Applied> {
  const recorded = await receiptHashes(
    tx,
    rows.map((row) => row.receiptId),
  );
  const rejects = rows
    .filter((row) => recorded.has(row.receiptId))
    .map(({ line }) => ({ line, field: 'receipt_id', reason: 'is recorded already, for a purchase order' }));
  const applied = await applyMovements(
    tx,
    rows.filter((row) => !recorded.has(row.receiptId)),
    source,
  );
  return { ...applied, rejects: [...rejects, ...applied.rejects] };
}
