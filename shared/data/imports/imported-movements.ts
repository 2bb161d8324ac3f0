import * as z from 'zod';
import { type MovementFact, UNEXPLAINED_SHORTAGE } from '../../core/inventory/book-movements.ts';
import { recordedMovements } from '../ledger/ledger-queries.ts';
import { json, type Statements } from '../sql/database.ts';

/** What an import is named as in the ledger, and what takes it back. */
export const importActor = (importId: string): string => `import:${importId}`;
export const undoActor = (importId: string): string => `undo:${importId}`;

/** The key of a fact that is booked for the n-th time, because what it was booked as before was undone or corrected. */
export const generationKey = (key: string, generation: number): string =>
  generation === 1 ? key : `${key}#${generation}`;

/** Imported and undone more often than anybody does. */
const MAX_GENERATIONS = 100;

const Undone = z.object({ movement_key: z.string() });

/**
 * For each of these facts that was recorded, whether it was with the same values; or, where an undo of its import took
 * it back, `isSame` undefined and the generation under which it may be booked anew. At most 4,000 at once.
 */
export async function importedMovements(
  tx: Statements,
  facts: readonly MovementFact[],
): Promise<ReadonlyMap<string, { readonly isSame: boolean | undefined; readonly generation: number }>> {
  const found = new Map<string, { isSame: boolean | undefined; generation: number }>();
  let open = new Map(facts.map((fact) => [fact.key, fact]));
  for (let generation = 1; open.size > 0; generation++) {
    if (generation > MAX_GENERATIONS) throw new RangeError(`undone more than ${MAX_GENERATIONS} times`);
    const asked = new Map([...open].map(([key, fact]) => [generationKey(key, generation), { key, fact }]));
    const recorded = await recordedMovements(
      tx,
      [...asked].map(([key, { fact }]) => ({ ...fact, key })),
    );
    const undone = await undoneMovements(tx, [...recorded.keys()]);
    open = new Map();
    for (const [key, isSame] of recorded) {
      const original = asked.get(key)!;
      if (undone.has(key)) {
        found.set(original.key, { isSame: undefined, generation: generation + 1 });
        open.set(original.key, original.fact);
      } else {
        found.set(original.key, { isSame, generation });
      }
    }
  }
  return found;
}

/** Those of the movements that the undo of an import took back, by key. */
async function undoneMovements(tx: Statements, keys: readonly string[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const rows = await tx.select(
    Undone,
    `SELECT STRAIGHT_JOIN l.movement_key
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (movement_key VARCHAR(160) PATH '$')) AS j
       JOIN inventory_log l FORCE INDEX (inventory_log_movement_key) ON l.movement_key = j.movement_key
       JOIN inventory_log r FORCE INDEX (inventory_log_reverses) ON r.reverses_log_id = l.log_id
      WHERE r.actor LIKE 'undo:%'`,
    { keys: json(keys) },
  );
  return new Set(rows.map((row) => row.movement_key));
}

/** Adjustments for shortages of these movements that were taken back at least once, by the movement's key. */
export async function reversedShortages(
  tx: Statements,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (keys.length === 0) return new Map();
  const rows = await tx.select(
    z.object({ log_id: z.int(), movement_key: z.string() }),
    `SELECT STRAIGHT_JOIN l.log_id, l.movement_key
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (movement_key VARCHAR(160) PATH '$')) AS j
       JOIN inventory_log l FORCE INDEX (inventory_log_movement_key) ON l.movement_key = j.movement_key
       JOIN inventory_log r FORCE INDEX (inventory_log_reverses) ON r.reverses_log_id = l.log_id
      WHERE l.change_type = 'adjustment' AND l.reason = '${UNEXPLAINED_SHORTAGE}'`,
    { keys: json(keys.map((key) => `${key}:shortage`)) },
  );
  return new Map(rows.map((row) => [row.movement_key.slice(0, -':shortage'.length), row.log_id]));
}

/**
 * What was invented so that earlier bookings of these facts could be undone, when their goods were gone by then: it goes
 * when the goods are booked anew. Some of it may have gone already.
 */
export async function shortagesOfUndos(
  tx: Statements,
  facts: readonly { readonly key: string; readonly generation: number }[],
): Promise<number[]> {
  const keys = facts.flatMap(({ key, generation }) =>
    Array.from(
      { length: generation - 1 },
      (_, earlier) => `reversal:${generationKey(key, earlier + 1)}:shortage`,
    ),
  );
  if (keys.length === 0) return [];
  const rows = await tx.select(
    z.object({ log_id: z.int() }),
    `SELECT STRAIGHT_JOIN l.log_id
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (movement_key VARCHAR(160) PATH '$')) AS j
       JOIN inventory_log l FORCE INDEX (inventory_log_movement_key) ON l.movement_key = j.movement_key
      WHERE l.change_type = 'adjustment' AND l.reason = '${UNEXPLAINED_SHORTAGE}'`,
    { keys: json(keys) },
  );
  return rows.map((row) => row.log_id);
}
