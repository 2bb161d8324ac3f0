import { deadWords } from '../../core/inventory/waste/waste-words.ts';
import { type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import type { Statements } from '../sql/database.ts';
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
 * Tells what the lists of waste call dead as of a day, by their settings: only the sales of the series asked about are read,
 * and once those of the items that all are compared with. `db` is no transaction, as several reads go on at once.
 */
export function deadStockReader(db: Statements, asOf: string): ReadDeadStock {
  let known: { readonly settings: WasteSettings; readonly rates: RatePriors } | undefined;
  return async (keys) => {
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
