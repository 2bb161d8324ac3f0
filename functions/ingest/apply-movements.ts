import type { RowOf } from '../../shared/contracts/csv/csv-format.ts';
import type { movements } from '../../shared/contracts/csv/movements.ts';
import type { MovementFact } from '../../shared/core/inventory/book-movements.ts';
import type { LateReject } from '../../shared/data/imports/import-store.ts';
import { generationKey, importedMovements } from '../../shared/data/imports/imported-movements.ts';
import { lockStock, recordMovements } from '../../shared/data/ledger/ledger-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import { findLotConflicts, recordLots } from '../../shared/data/waste/lot-store.ts';
import { type Applied, type ChunkSource, daySpan } from './apply-chunk.ts';
import { endUndoShortages } from './end-undo-shortages.ts';

/** A stock movement from a file. */
export interface FileMovement {
  readonly line: number;
  readonly fact: MovementFact;
  readonly isSynthetic: boolean;
  /** The lot of the goods, if the file names one. */
  readonly lot?: { readonly code: string | null; readonly expiryDate: string | null };
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
    ...((row.lot_code !== null || row.expiry_date !== null) && {
      lot: { code: row.lot_code, expiryDate: row.expiry_date?.slice(0, 10) ?? null },
    }),
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
  const wrongLots = await findLotConflicts(tx, located.map(lotOf));
  const recorded = await importedMovements(
    tx,
    located.map((row) => row.fact),
  );
  const fresh = new Map<string, FileMovement>();
  const known: number[] = [];
  for (const [i, row] of located.entries()) {
    if (wrongLots.has(i)) {
      rejects.push({ line: row.line, field: WRONG_LOT[0], reason: WRONG_LOT[1] });
      continue;
    }
    const { key } = row.fact;
    const twin = fresh.get(key);
    const earlier = recorded.get(key);
    const isSame = twin === undefined ? earlier?.isSame : sameValues(twin.fact, row.fact);
    // One that an undo took back is booked anew, under a key of its own.
    if (isSame === undefined) {
      fresh.set(key, { ...row, fact: { ...row.fact, key: generationKey(key, earlier?.generation ?? 1) } });
    } else if (isSame) known.push(row.line);
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
  await recordLots(
    tx,
    [...fresh.values()].map((row) => ({ movementKey: row.fact.key, ...lotOf(row) })),
    source.actor,
  );
  const again = [...fresh.keys()].map((key) => ({ key, generation: recorded.get(key)?.generation ?? 1 }));
  await endUndoShortages(tx, again, source.actor, levels);
  const dates = [...fresh.values()].map((row) => row.fact.date);
  const counts = {
    imported: fresh.size,
    duplicates: known.length,
    excluded: 0,
    shortages,
    kinds: {},
    ...daySpan(dates),
  };
  return { rejects, known, counts };
}

/** Field and reason of a row that tells another last day of a lot than is known. */
export const WRONG_LOT = ['expiry_date', 'is not that of the same lot'] as const;

/** The lot of a row as lots are looked up. */
export const lotOf = ({ fact, lot }: FileMovement) => ({
  productId: fact.productId,
  locationId: fact.locationId,
  lotCode: lot?.code ?? null,
  expiryDate: lot?.expiryDate ?? null,
});

/** Whether two facts say the same. */
export function sameValues(a: MovementFact, b: MovementFact): boolean {
  return (
    a.productId === b.productId &&
    a.locationId === b.locationId &&
    a.date === b.date &&
    a.quantityChange === b.quantityChange &&
    a.type === b.type
  );
}
