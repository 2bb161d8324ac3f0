import * as z from 'zod';
import { addDays } from '../../core/calendar/add-days.ts';
import { deadWords } from '../../core/inventory/waste/waste-words.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { date, type Statements } from '../sql/database.ts';
import { type RatePriors, readRatePriors, readStockOutlooks } from './stock-outlook-store.ts';
import { readWasteSettings, type WasteSettings } from './waste-settings.ts';

/** Stock that nobody wants any more. */
export interface DeadStock {
  /** The day of its last sale, or on which it came where it never sold. */
  readonly since: string;
  /** What says so. */
  readonly words: string;
}

/** Those of at most 2,000 series whose stock is dead, by `seriesName`. */
export type ReadDeadStock = (keys: readonly SeriesKey[]) => Promise<ReadonlyMap<string, DeadStock>>;

/**
 * Tells what the lists of waste call dead as of a day, by their settings: only the sales of the quiet ones of the series
 * asked about are read, and once those of the items that all are compared with. `db` is no transaction, as several reads
 * go on at once.
 */
export function deadStockReader(db: Statements, asOf: string): ReadDeadStock {
  let known: { readonly settings: WasteSettings; readonly rates: RatePriors } | undefined;
  return async (asked) => {
    const keys = asked.length > 0 ? await quietOf(db, asked, asOf) : [];
    if (keys.length === 0) return new Map();
    known ??= { settings: await readWasteSettings(db), rates: await readRatePriors(db, asOf) };
    const { settings, rates } = known;
    const outlooks = await readStockOutlooks(db, asOf, settings, { keys, rates }, false);
    const dead = outlooks.filter(({ judgement }) => judgement.verdict === 'dead');
    return new Map(
      dead.map((one) => [
        seriesName(one),
        { since: one.lastSale ?? one.firstDay, words: deadWords(one.facts, one.judgement) },
      ]),
    );
  };
}

/** What was sold in so many days is not dead: of what sells every day one in a thousand is silent for as long. */
const QUIET_DAYS = 7;
const Quiet = z.object({ n: z.int() });

/** Those of the series that were not sold lately; one look at the end of an index each, however long they have been sold. */
async function quietOf(db: Statements, keys: readonly SeriesKey[], asOf: string): Promise<SeriesKey[]> {
  const rows = await db.select(
    Quiet,
    `SELECT k.n
       FROM JSON_TABLE(:keys, '$[*]' COLUMNS (n FOR ORDINALITY, ${KEY_COLUMNS})) AS k
      WHERE COALESCE((SELECT d.date
                        FROM demand d FORCE INDEX (PRIMARY)
                       WHERE d.product_id = k.product_id AND d.location_id = k.location_id
                         AND d.date <= :asOf AND d.quantity > 0
                       ORDER BY d.date DESC
                       LIMIT 1), '1000-01-01') <= :quiet`,
    { keys: keysJson(keys), asOf: date(asOf), quiet: date(addDays(asOf, -QUIET_DAYS)) },
  );
  return rows.map(({ n }) => keys[n - 1]!);
}
