import { readFittedSeries } from '../../../shared/data/forecasts/forecast-store.ts';
import type { SeriesKey } from '../../../shared/data/forecasts/series-store.ts';
import { readPlanTiming } from '../../../shared/data/planning/plan-timing.ts';
import { readPlanSettings } from '../../../shared/data/planning/setting-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import {
  readStandingSuggestions,
  type StandingSuggestion,
} from '../../../shared/data/suggestions/suggestion-store.ts';
import { deadStockReader } from '../../../shared/data/waste/dead-stock-store.ts';
import type { SeriesVerdict } from '../../restock/judge-product.ts';
import { judgeWithDead } from '../../restock/judge-with-dead.ts';
import { readProducts, readWorld } from '../../restock/read-products.ts';

export interface JudgedNow {
  /** By location; without those that nobody can supply. */
  readonly verdicts: ReadonlyMap<string, SeriesVerdict>;
  readonly standing: ReadonlyMap<string, StandingSuggestion>;
}

/** What the planner makes of the series of one product by the data of now and the forecasts of a run. */
export async function judgeProductNow(
  db: Statements,
  { runId, asOf }: { readonly runId: string; readonly asOf: string },
  keys: readonly SeriesKey[],
): Promise<JudgedNow> {
  const settings = await readPlanSettings(db);
  const standing = await readStandingSuggestions(db, keys);
  const [product] = await readProducts(db, await readFittedSeries(db, runId, keys), {
    ...(await readWorld(db)),
    settings,
    asOf,
    timing: await readPlanTiming(db, { runId, asOf }),
    runId,
    standing,
  });
  const [verdicts] = product ? await judgeWithDead([product], deadStockReader(db, asOf)) : [];
  return { verdicts: verdicts ?? new Map(), standing };
}
