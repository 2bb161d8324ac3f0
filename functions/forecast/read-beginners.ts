import { classifyDemand } from '../../shared/core/forecast/classify.ts';
import type { NewItem } from '../../shared/core/forecast/launch/forecast-launch.ts';
import { type LaunchPool, launchPool } from '../../shared/core/forecast/launch/launch-pool.ts';
import { demandFrom, type History } from '../../shared/data/demand/history-store.ts';
import { readTraits } from '../../shared/data/demand/trait-store.ts';
import { readUnsold } from '../../shared/data/demand/unsold-store.ts';
import { type SeriesKey, seriesName } from '../../shared/data/forecasts/series-store.ts';
import { readStockouts } from '../../shared/data/ledger/stockout-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import { panelSeries } from './panel-series.ts';

/** A series that its own history says too little of. */
export interface Beginner extends NewItem {
  /** Units that it began with; null once it has been sold. */
  readonly initialStock: number | null;
}

export interface ChunkHistories {
  /** Of every series of the chunk that there is something to say of, in the order of the keys. */
  readonly histories: readonly History[];
  /** Those of them that have just begun, by `seriesName`. */
  readonly beginners: ReadonlyMap<string, Beginner>;
  /** What they are like where the run has no model: the other series of the chunk. */
  readonly pool: LaunchPool;
}

/**
 * The series of a chunk that have just begun, and products in stock that were never sold besides: those have weeks of
 * no demand since they came, but for those without stock.
 */
export async function readBeginners(
  db: Statements,
  keys: readonly SeriesKey[],
  sold: readonly History[],
  asOf: string,
): Promise<ChunkHistories> {
  const soldByName = new Map(sold.map((history) => [seriesName(history), history]));
  const silent = keys.filter((key) => !soldByName.has(seriesName(key)));
  const unsold = await readUnsold(db, silent, asOf);
  const isNew = ({ quantities }: History): boolean => classifyDemand(quantities).demandClass === 'new';
  if (unsold.size === 0 && !sold.some(isNew)) return { histories: sold, beginners: new Map(), pool: [] };
  const stockouts = await readStockouts(
    db,
    silent.filter((key) => unsold.has(seriesName(key))),
    asOf,
  );
  const traits = await readTraits(
    db,
    keys.map((key) => key.productId),
  );
  const traitsOf = ({ productId }: SeriesKey) => traits.get(productId) ?? { category: null, price: null };
  const beginners = new Map<string, Beginner>();
  const histories = keys.flatMap((key): History[] => {
    const name = seriesName(key);
    const history = soldByName.get(name);
    const never = unsold.get(name);
    if (history) {
      const { quantities } = history;
      if (isNew(history)) beginners.set(name, { id: name, ...traitsOf(key), quantities, initialStock: null });
      return [history];
    }
    if (!never) return [];
    const quantities = demandFrom(new Array<number>(never.weeks).fill(0), stockouts.get(name));
    beginners.set(name, { id: name, ...traitsOf(key), quantities, initialStock: never.initialStock });
    return [{ ...key, quantities }];
  });
  const byName = new Map(keys.map((key) => [seriesName(key), key]));
  const series = sold.map((history) => panelSeries(history, asOf));
  return { histories, beginners, pool: launchPool(series, ({ id }) => traitsOf(byName.get(id)!)) };
}
