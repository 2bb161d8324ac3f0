import { positionKey } from '../../shared/core/inventory/book-movements.ts';
import { listAlertsOfType, openAlert, settleAlert } from '../../shared/data/alert-store.ts';
import { momentOf, readBusinessDay } from '../../shared/data/business-day.ts';
import type { Database } from '../../shared/data/database.ts';
import { lockStock, recordMovements } from '../../shared/data/ledger-store.ts';
import { type LotKey, listPastLots, nameLot } from '../../shared/data/lot-store.ts';
import { readSeriesLots } from '../../shared/data/series-lots-store.ts';
import { type SeriesKey, seriesName } from '../../shared/data/series-store.ts';
import { toSqlTime } from '../../shared/data/sql-time.ts';
import { readExpireLots } from '../../shared/data/waste-settings.ts';

/** Type, and beginning of the key, of alerts that goods are past their last day. */
export const EXPIRED_STOCK = 'expired_stock';
/** Lots of one transaction, and transactions of one night. */
const PAGE = 200;
const MAX_PAGES = 5_000;

/** Units past their day, and of them those that left stock now. */
export interface ExpiredLots {
  readonly lots: number;
  readonly units: number;
  readonly written: number;
}

/**
 * Tells of what is past its last day and still there, in one alert a location; with the setting `expire_lots` it leaves
 * stock by a movement for each lot. A lot leaves once however often this runs: what is gone is not left.
 */
export async function expireLots(database: Database, now: Date): Promise<ExpiredLots> {
  const businessDay = await readBusinessDay(database);
  const date = toSqlTime(momentOf(businessDay, now));
  const day = [date.slice(0, 10), businessDay ?? ''].sort().at(-1)!;
  const isTaken = await readExpireLots(database);
  const byPlace = new Map<string, { lots: number; units: number; examples: string[] }>();
  let after = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const lots = await listPastLots(database, day, after, PAGE);
    const past = await database.transaction(async (tx) => {
      if (isTaken) await lockStock(tx, lots);
      const left = await leftOf(tx, lots, day);
      if (isTaken && left.length > 0) {
        const facts = left.map(({ lot, units }) => ({
          key: `lot-expiry:${lot.lotId}:${day}`,
          productId: lot.productId,
          locationId: lot.locationId,
          date,
          quantityChange: -units,
          type: 'expiry' as const,
          reason: `lot ${lot.lotCode} was good until ${lot.expiryDate}`,
          referenceId: `lot:${lot.lotId}`,
        }));
        await recordMovements(tx, facts, { actor: 'night' });
        await nameLot(
          tx,
          left.map(({ lot }, i) => ({ movementKey: facts[i]!.key, lotId: lot.lotId })),
        );
      }
      return left;
    });
    for (const { lot, units } of past) {
      const place = byPlace.get(lot.locationId) ?? { lots: 0, units: 0, examples: [] };
      place.lots++;
      place.units += units;
      if (place.examples.length < 5) place.examples.push(`${lot.productId} lot ${lot.lotCode}: ${units}`);
      byPlace.set(lot.locationId, place);
    }
    if (lots.length < PAGE) break;
    after = lots.at(-1)!.lotId;
  }
  await tellOf(database, byPlace, isTaken);
  const sum = (of: 'lots' | 'units') => [...byPlace.values()].reduce((all, place) => all + place[of], 0);
  return { lots: sum('lots'), units: sum('units'), written: isTaken ? sum('units') : 0 };
}

async function leftOf(
  db: Parameters<typeof readSeriesLots>[0],
  lots: readonly LotKey[],
  day: string,
): Promise<{ readonly lot: LotKey; readonly units: number }[]> {
  const keys = new Map<string, SeriesKey>(lots.map((lot) => [positionKey(lot), lot]));
  const series = await readSeriesLots(db, [...keys.values()], day);
  return lots.flatMap((lot) => {
    const units = series.get(seriesName(lot))?.lots.find(({ lotId }) => lotId === lot.lotId)?.left ?? 0;
    return units > 0 ? [{ lot, units }] : [];
  });
}

async function tellOf(
  database: Database,
  byPlace: ReadonlyMap<
    string,
    { readonly lots: number; readonly units: number; readonly examples: readonly string[] }
  >,
  isTaken: boolean,
): Promise<void> {
  await database.transaction(async (tx) => {
    for (const { key, isOpen } of await listAlertsOfType(tx, EXPIRED_STOCK)) {
      if (isOpen && !byPlace.has(key.slice(EXPIRED_STOCK.length + 1))) await settleAlert(tx, key);
    }
    for (const [locationId, { lots, units, examples }] of byPlace)
      await openAlert(tx, {
        key: `${EXPIRED_STOCK}:${locationId}`,
        type: EXPIRED_STOCK,
        level: 'warning',
        title: `Goods past their last day at ${locationId}`,
        message:
          `${units} units of ${lots} lots ${isTaken ? 'left stock as expired' : 'are still in stock: write them off'}. ${examples.join('; ')}`.slice(
            0,
            1000,
          ),
      });
  });
}
