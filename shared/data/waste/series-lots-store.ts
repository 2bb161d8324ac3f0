import { fefo } from '../../core/inventory/waste/fefo.ts';
import type { LotLeft } from '../../core/inventory/waste/unsellable.ts';
import { type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import type { Statements } from '../sql/database.ts';
import { type LotHistory, readLotHistories } from './lot-history-store.ts';

/** A lot of one product at one location, and what is left of it. */
export interface StockLot extends LotLeft {
  readonly lotCode: string;
  readonly unitCost: string | null;
}

/** What is on hand of a series, lot by lot: the sum of the lots' `left` and `unlotted`, always. */
export interface SeriesLots {
  readonly onHand: number;
  /** Lots that are gone for long are not among them. */
  readonly lots: readonly StockLot[];
  readonly unlotted: number;
}

/**
 * What is left of the lots of those series that have any, by `seriesName`: all movements that are recorded, as in the
 * stock itself, first expired, first out. A movement that was taken back counts as if it had not been.
 */
export async function readSeriesLots(
  db: Statements,
  keys: readonly SeriesKey[],
): Promise<Map<string, SeriesLots>> {
  const histories = await readLotHistories(db, keys);
  return new Map(histories.map((history) => [seriesName(history.key), lotsOf(history)]));
}

/** The lots of a series after all of its flows. */
export function lotsOf({ lots, flows, opening }: LotHistory): SeriesLots {
  const { left, unlotted } = fefo(lots, flows, opening);
  const all = lots.map((lot) => ({ ...lot, left: left.get(lot.lotId)! }));
  return { onHand: all.reduce((sum, lot) => sum + lot.left, unlotted), lots: all, unlotted };
}
