import type { PolicyEvaluationOrder } from '../../shared/contracts/messages.ts';
import { readHistories } from '../../shared/data/demand/history-store.ts';
import {
  HISTORY_PERIODS,
  SERIES_PER_READ,
  type SeriesKey,
  seriesName,
} from '../../shared/data/forecasts/series-store.ts';
import { readSeriesFacts } from '../../shared/data/policies/series-class-store.ts';
import { readSupplierItems } from '../../shared/data/purchasing/supplier-item-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import { marginOf } from '../restock/margin-of.ts';
import { readWorld } from '../restock/read-products.ts';

/** A series with what a replay needs to know of it. */
export interface Replayable {
  readonly id: string;
  /** Units asked for a week, oldest first; NaN where stock had run out. */
  readonly quantities: readonly number[];
  readonly unitCost: number;
  /** Money that a unit earns. */
  readonly marginUnit: number;
  readonly orderCost: number;
  readonly leadTimeDays: number;
}

/**
 * The series of these that have demand and a supplier who takes money for them, in their order. Of several suppliers it is
 * the first by priority: what a plan buys where quantities decide nothing.
 */
export async function readReplayable(
  db: Statements,
  keys: readonly SeriesKey[],
  { asOf, weeks }: Pick<PolicyEvaluationOrder, 'asOf' | 'weeks'>,
): Promise<Replayable[]> {
  if (keys.length === 0) return [];
  const { currency } = await readWorld(db);
  const facts = await readSeriesFacts(db, keys);
  const items = await readSupplierItems(
    db,
    keys.map(({ productId }) => productId),
  );
  const atOnce = Math.floor((SERIES_PER_READ * HISTORY_PERIODS) / weeks);
  const found: Replayable[] = [];
  for (let at = 0; at < keys.length; at += atOnce) {
    for (const history of await readHistories(db, keys.slice(at, at + atOnce), asOf, weeks)) {
      const id = seriesName(history);
      const item = items.get(history.productId)?.[0];
      const unitCost = Number(item?.unitCost ?? 0);
      if (!item || !(unitCost > 0)) continue;
      const price = facts.get(id)?.price ?? null;
      found.push({
        id,
        quantities: history.quantities,
        unitCost,
        marginUnit: marginOf({ price, currency }, item, unitCost),
        orderCost: Number(item.orderCost),
        leadTimeDays: item.leadTimeDays,
      });
    }
  }
  return found;
}
