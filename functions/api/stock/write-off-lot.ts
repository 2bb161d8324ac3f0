import type { BookedMovements } from '../../../shared/contracts/api/ledger.ts';
import type { NewWriteOff } from '../../../shared/contracts/api/waste.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { seriesName } from '../../../shared/data/forecasts/series-store.ts';
import { listMovements } from '../../../shared/data/ledger/ledger-reads.ts';
import { lockStock, recordMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { announceAll } from '../../../shared/data/messages/outbox-store.ts';
import { databaseErrorNumber } from '../../../shared/data/sql/data-api-errors.ts';
import { StaleRead, type Statements } from '../../../shared/data/sql/database.ts';
import { findLot, nameLot } from '../../../shared/data/waste/lot-store.ts';
import { readSeriesLots } from '../../../shared/data/waste/series-lots-store.ts';
import { effectiveTime } from '../http/effective-time.ts';
import { found } from '../http/found.ts';
import { stockAnnouncements } from './stock-announcements.ts';

const DUPLICATE_KEY = 1062;

/**
 * Takes units of a lot out of stock, because they expired or broke: a movement that names the lot. The same id is the
 * same write-off. Fault `missing` without such a lot, `conflict` when so much of it is not left.
 */
export async function writeOffLot(
  tx: Statements,
  lotId: number,
  asked: NewWriteOff,
  { actor, now }: { readonly actor: string; readonly now: Date },
): Promise<BookedMovements> {
  // Held before anything is read plainly: what was read before the wait would be of before.
  const lot = found(await findLot(tx, lotId), 'lot', lotId);
  const stock = await lockStock(tx, [lot]);
  const key = `lot-write-off:${asked.id}`;
  const [known] = (await listMovements(tx, { movementKeys: [key] }, { limit: 1 })).movements;
  if (known) {
    const isSame =
      known.reference_id === referenceOf(lotId) &&
      known.type === asked.type &&
      (asked.quantity === undefined || known.quantity_change === -asked.quantity);
    if (!isSame) throw new Fault('conflict', `There is another write-off ${asked.id}`);
    return { data: [known], is_repeated: true };
  }
  const date = await effectiveTime(tx, undefined, now);
  const series = (await readSeriesLots(tx, [lot])).get(seriesName(lot));
  const left = series?.lots.find((one) => one.lotId === lotId)?.left ?? 0;
  const quantity = asked.quantity ?? left;
  if (quantity === 0 || quantity > left)
    throw new Fault('conflict', `Of lot ${lot.lotCode} of ${lot.productId}, ${left} are left`);
  const booked = await recordMovements(
    tx,
    [
      {
        key,
        productId: lot.productId,
        locationId: lot.locationId,
        date,
        quantityChange: -quantity,
        type: asked.type,
        reason:
          asked.reason ??
          (asked.type === 'expiry' ? `lot ${lot.lotCode} expired` : `lot ${lot.lotCode} damaged`),
        referenceId: referenceOf(lotId),
      },
    ],
    { actor },
    stock,
  ).catch((error: unknown) => {
    throw databaseErrorNumber(error) === DUPLICATE_KEY ? new StaleRead(key) : error;
  });
  await nameLot(tx, [{ movementKey: key, lotId }]);
  await announceAll(tx, stockAnnouncements(booked, asked.reason ?? asked.type), { userId: actor });
  const { movements } = await listMovements(tx, { movementKeys: [key] }, { limit: 1 });
  return { data: movements, is_repeated: false };
}

const referenceOf = (lotId: number): string => `lot:${lotId}`;
