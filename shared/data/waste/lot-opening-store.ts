import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import { fefo, fitsOpening } from '../../core/inventory/waste/fefo.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { date, json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';
import type { LotHistory } from './lot-history-store.ts';

/** Days before today that an opening leaves open: movements of them may still come without making it void. */
const OPEN_DAYS = 31;
/** A series gets a new opening when its last one, or its first lot, is older than this. */
const DUE_DAYS = 2 * OPEN_DAYS;

const KeyRow = z.object({ product_id: z.string(), location_id: z.string() });
const keyOf = (row: z.infer<typeof KeyRow>): SeriesKey => ({
  productId: row.product_id,
  locationId: row.location_id,
});

/** Series with a lot past its day of which something may be left, or due for an opening: a page of them after a key. */
export async function listSeriesToFold(
  db: Statements,
  asOf: string,
  after: SeriesKey | undefined,
  limit: number,
): Promise<SeriesKey[]> {
  const rows = await db.select(
    KeyRow,
    `SELECT s.product_id, s.location_id
       FROM stock_lot s FORCE INDEX (stock_lot_open)
       LEFT JOIN lot_opening o ON o.product_id = s.product_id AND o.location_id = s.location_id
      WHERE s.is_gone = 0
        AND s.product_id >= :productId
        AND (s.product_id > :productId OR s.location_id > :locationId)
        AND (s.expiry_date < :asOf OR COALESCE(o.through_day, s.received_date) < :due)
      GROUP BY s.product_id, s.location_id
      ORDER BY s.product_id, s.location_id
      LIMIT :limit`,
    {
      productId: after?.productId ?? '',
      locationId: after?.locationId ?? '',
      asOf: date(asOf),
      due: date(addDays(asOf, -DUE_DAYS)),
      limit,
    },
  );
  return rows.map(keyOf);
}

const StateRow = z.object({ n: z.int(), movements: z.int(), is_split: z.int() });

/**
 * Notes of those histories that are due what was left a month ago, and which of their lots were gone and are: from now on
 * they are read from there. Histories have to be those of this transaction.
 */
export async function keepOpenings(
  tx: Statements,
  histories: readonly LotHistory[],
  asOf: string,
): Promise<number> {
  const throughDay = addDays(asOf, -OPEN_DAYS);
  const due = histories.filter((history) => isDue(history, asOf));
  if (due.length === 0) return 0;
  const states = await readStates(tx, due, throughDay);
  const openings = due.flatMap((history, i) => {
    const before = history.flows.filter(({ day }) => day <= throughDay);
    const after = history.flows.filter(({ day }) => day > throughDay);
    const opening = fefo(history.lots, before, history.opening);
    const state = states.get(i);
    const isSound = state?.is_split !== 1 && fitsOpening(opening, after);
    return isSound ? [{ ...history, opening, after, movements: state?.movements ?? 0 }] : [];
  });
  await tx.write(
    `REPLACE INTO lot_opening (product_id, location_id, through_day, movements, unlotted)
     SELECT j.product_id, j.location_id, :throughDay, j.movements, j.unlotted
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (${KEY_COLUMNS},
              movements BIGINT PATH '$[2]', unlotted INT PATH '$[3]')) AS j`,
    {
      throughDay: date(throughDay),
      rows: json(
        openings.map(({ key, opening, movements }) => [
          key.productId,
          key.locationId,
          movements,
          opening.unlotted,
        ]),
      ),
    },
  );
  const lots = openings.flatMap(({ lots: own, opening, after }) => {
    const named = new Set(after.map(({ lotId }) => lotId));
    return own.map(({ lotId, receivedDate }) => {
      const units = opening.left.get(lotId)!;
      return [lotId, units, units === 0 && !named.has(lotId) && receivedDate <= throughDay ? 1 : 0];
    });
  });
  for (const rows of jsonChunks(lots))
    await tx.write(
      `UPDATE stock_lot s
         JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (
                lot_id BIGINT PATH '$[0]', units INT PATH '$[1]', gone INT PATH '$[2]')) AS j ON j.lot_id = s.lot_id
          SET s.opening_units = j.units, s.is_gone = j.gone`,
      { rows },
    );
  return openings.length;
}

function isDue({ lots, opening }: LotHistory, asOf: string): boolean {
  const since = lots.reduce((first, { receivedDate }) => (receivedDate < first ? receivedDate : first), asOf);
  return (opening?.throughDay ?? since) < addDays(asOf, -DUE_DAYS);
}

/** Movements up to that day, and whether one of them takes back what is of later. */
async function readStates(tx: Statements, histories: readonly LotHistory[], throughDay: string) {
  const rows = await tx.select(
    StateRow,
    `SELECT STRAIGHT_JOIN k.n, COUNT(*) AS movements,
            MAX(CASE WHEN r.date >= :after OR q.date >= :after THEN 1 ELSE 0 END) AS is_split
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (n FOR ORDINALITY, ${KEY_COLUMNS})) AS k
       JOIN inventory_log l FORCE INDEX (inventory_log_position)
         ON l.product_id = k.product_id AND l.warehouse = k.location_id AND l.date < :after
       LEFT JOIN inventory_log r ON r.log_id = l.reverses_log_id
       LEFT JOIN inventory_log q ON q.log_id = r.reverses_log_id
      GROUP BY k.n`,
    { keys: keysJson(histories.map(({ key }) => key)), after: date(addDays(throughDay, 1)) },
  );
  return new Map(rows.map((row) => [row.n - 1, row]));
}

/** Forgets the openings of these series: all of their lots are looked at again, from the beginning. */
export async function forgetOpenings(tx: Statements, keys: readonly SeriesKey[]): Promise<void> {
  const series = keysJson([...new Map(keys.map((key) => [seriesName(key), key])).values()]);
  const { updated } = await tx.write(
    `DELETE o
       FROM JSON_TABLE(:series, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
       STRAIGHT_JOIN lot_opening o FORCE INDEX (PRIMARY)
         ON o.product_id = k.product_id AND o.location_id = k.location_id`,
    { series },
  );
  if (updated === 0) return;
  await tx.write(
    `UPDATE JSON_TABLE(:series, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k
       STRAIGHT_JOIN stock_lot s FORCE INDEX (stock_lot_code)
         ON s.product_id = k.product_id AND s.location_id = k.location_id
        SET s.is_gone = 0, s.opening_units = 0`,
    { series },
  );
}

/** Openings that a movement of before has made void since, of a page of them after a key; `last`: the end of the page. */
export async function findVoidOpenings(
  db: Statements,
  after: SeriesKey | undefined,
  limit: number,
): Promise<{ readonly found: SeriesKey[]; readonly last: SeriesKey | undefined }> {
  const rows = await db.select(
    KeyRow.extend({ is_void: z.int() }),
    `SELECT o.product_id, o.location_id,
            CASE WHEN o.movements = (SELECT COUNT(*)
                                       FROM inventory_log l FORCE INDEX (inventory_log_position)
                                      WHERE l.product_id = o.product_id AND l.warehouse = o.location_id
                                        AND l.date < DATE_ADD(o.through_day, INTERVAL 1 DAY))
                 THEN 0 ELSE 1 END AS is_void
       FROM lot_opening o
      WHERE o.product_id >= :productId AND (o.product_id > :productId OR o.location_id > :locationId)
      ORDER BY o.product_id, o.location_id
      LIMIT :limit`,
    { productId: after?.productId ?? '', locationId: after?.locationId ?? '', limit },
  );
  return {
    found: rows.filter(({ is_void }) => is_void === 1).map(keyOf),
    last: rows.length < limit ? undefined : keyOf(rows.at(-1)!),
  };
}
