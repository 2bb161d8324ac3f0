import type { NewSignal, SignalValues } from '../../shared/contracts/api/signal.ts';
import type { RowOf } from '../../shared/contracts/csv/csv-format.ts';
import type { signalValues } from '../../shared/contracts/csv/signal-values.ts';
import { Fault } from '../../shared/contracts/fault.ts';
import { ensureSignal, saveSignalValues } from '../../shared/data/demand/signal-store.ts';
import type { LateReject } from '../../shared/data/imports/import-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import { type Applied, type ChunkSource, daySpan, type ValidRow } from './apply-chunk.ts';

type SignalRow = ValidRow<RowOf<typeof signalValues>>;

/** Kinds that are planned; nobody plans the weather. */
const PLANNED = ['price', 'promotion', 'event'];

/**
 * Sets values of signals, and makes those that are not there yet. A value replaces that of its day, so the same file
 * again changes nothing. What the signal refuses (another kind, an unknown product) rejects its rows.
 */
export async function applySignals(
  tx: Statements,
  rows: readonly SignalRow[],
  { actor }: ChunkSource,
): Promise<Applied> {
  const groups = Map.groupBy(rows, ({ row }) => JSON.stringify(signalOf(row)));
  const rejects: LateReject[] = [];
  const dates: string[] = [];
  // In the order of what is locked, so that two files at once lock alike; of a name that is two things, the first stands.
  const place = (group: readonly SignalRow[]): string => {
    const { name, scope, scope_key } = signalOf(group[0]!.row);
    return JSON.stringify([name, scope, scope_key]);
  };
  const sorted = [...groups.values()].sort((a, b) =>
    place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0,
  );
  for (const group of sorted) {
    try {
      const id = await ensureSignal(tx, signalOf(group[0]!.row), actor);
      const values = group.map(({ row }): SignalValues['values'][number] => ({
        day: row.date,
        value: row.value,
      }));
      await saveSignalValues(tx, id, values);
      dates.push(...values.map(({ day }) => day));
    } catch (error) {
      if (!(error instanceof Fault) || (error.kind !== 'conflict' && error.kind !== 'invalid')) throw error;
      rejects.push(...group.map(({ line }) => ({ line, field: 'signal', reason: error.message })));
    }
  }
  const counts = { imported: dates.length, duplicates: 0, excluded: 0, shortages: 0, kinds: {} };
  return { rejects, known: [], counts: { ...counts, ...daySpan(dates) } };
}

/** The narrowest of the columns that are filled says what a signal is attached to. */
function signalOf({ signal, kind, future, product_id, category, location_id }: SignalRow['row']): NewSignal {
  const scope = product_id ? 'product' : category ? 'category' : location_id ? 'location' : 'all';
  return {
    name: signal,
    kind,
    scope,
    scope_key: product_id ?? category ?? location_id,
    future: future ?? (PLANNED.includes(kind) ? 'known' : 'lagged'),
  };
}
