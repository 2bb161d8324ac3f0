import type { RowOf } from '../../shared/contracts/csv/csv-format.ts';
import type { movements } from '../../shared/contracts/csv/movements.ts';
import type { receipts } from '../../shared/contracts/csv/receipts.ts';
import type { MovementFact } from '../../shared/core/inventory/book-movements.ts';
import type { Statements } from '../../shared/data/database.ts';
import type { LateReject } from '../../shared/data/import-store.ts';
import { recordedMovements } from '../../shared/data/ledger-queries.ts';
import { lockStock, recordMovements } from '../../shared/data/ledger-store.ts';
import { type Applied, type ChunkSource, daySpan } from './apply-chunk.ts';

/** A stock movement from a file. */
export interface FileMovement {
  readonly line: number;
  readonly fact: MovementFact;
  readonly isSynthetic: boolean;
}

/** A row of the movements template as a movement. */
export function movementOf(
  row: RowOf<typeof movements>,
  line: number,
  defaultLocation: string,
): FileMovement {
  return {
    line,
    isSynthetic: row.is_synthetic,
    fact: {
      key: `movement:${row.movement_id}`,
      productId: row.product_id,
      locationId: row.location_id ?? defaultLocation,
      date: row.date,
      quantityChange: row.quantity_change,
      type: row.change_type,
      reason: row.reason,
      referenceId: row.reference_id,
    },
  };
}

/** A row of the receipts template as a movement. */
export function receiptOf(row: RowOf<typeof receipts>, line: number, defaultLocation: string): FileMovement {
  return {
    line,
    isSynthetic: row.is_synthetic,
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

/** Books movements. One that is recorded changes nothing; with other values it is rejected. */
export async function applyMovements(
  tx: Statements,
  rows: readonly FileMovement[],
  source: ChunkSource,
): Promise<Applied> {
  const rejects: LateReject[] = [];
  const located = rows.filter((row) => {
    const isKnown = source.locations.has(row.fact.locationId);
    if (!isKnown) rejects.push({ line: row.line, field: 'location_id', reason: 'is no known location' });
    return isKnown;
  });
  const stock = await lockStock(
    tx,
    located.map((row) => row.fact),
  );
  const recorded = await recordedMovements(
    tx,
    located.map((row) => row.fact),
  );
  const fresh = new Map<string, FileMovement>();
  let duplicates = 0;
  for (const row of located) {
    const twin = fresh.get(row.fact.key);
    const isSame = twin === undefined ? recorded.get(row.fact.key) : sameValues(twin.fact, row.fact);
    if (isSame === undefined) fresh.set(row.fact.key, row);
    else if (isSame) duplicates++;
    else rejects.push({ line: row.line, field: '', reason: 'already recorded with other values' });
  }
  let levels = stock;
  let shortages = 0;
  for (const isSynthetic of [false, true]) {
    const facts = [...fresh.values()].filter((row) => row.isSynthetic === isSynthetic).map((row) => row.fact);
    if (facts.length === 0) continue;
    const booked = await recordMovements(tx, facts, { actor: source.actor, isSynthetic }, levels);
    levels = booked.stock;
    shortages += booked.shortages.length;
  }
  const dates = [...fresh.values()].map((row) => row.fact.date);
  const counts = { imported: fresh.size, duplicates, excluded: 0, shortages, kinds: {}, ...daySpan(dates) };
  return { rejects, counts };
}

function sameValues(a: MovementFact, b: MovementFact): boolean {
  return (
    a.productId === b.productId &&
    a.locationId === b.locationId &&
    a.date === b.date &&
    a.quantityChange === b.quantityChange &&
    a.type === b.type
  );
}
