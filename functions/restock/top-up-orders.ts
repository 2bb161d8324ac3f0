import { type TopUpLine, topUpToMinimum, worthOfUnits } from '../../shared/core/inventory/policies/top-up.ts';
import type { Statements } from '../../shared/data/database.ts';
import { readFittedSeries } from '../../shared/data/forecast-store.ts';
import { mirrorDrafts } from '../../shared/data/purchase-order-store.ts';
import { type SeriesKey, seriesName } from '../../shared/data/series-store.ts';
import { type SupplierItem, unitCostAt } from '../../shared/data/supplier-item-store.ts';
import {
  type DraftToRaise,
  type LineToRaise,
  readDraftsToRaise,
  readLinesToRaise,
  saveTopUps,
} from '../../shared/data/top-up-store.ts';
import type { SeriesInput } from './assess-series.ts';
import { judgeSeries } from './need-of.ts';
import { type ReadProductsOptions, readProducts } from './read-products.ts';

/** Lines of one draft that may be raised: those at the highest risk. */
const MOST_LINES = 250;
const YEAR_DAYS = 365;

/**
 * Raises drafts to their supplier's minimum where one more pack is worth most, if what that costs to keep is less than
 * what is at risk without the order; else the shortfall is left to be said. What a person edited is not touched, and
 * what was added before and is not needed any more is taken back.
 */
export async function topUpOrders(
  tx: Statements,
  runId: string,
  options: ReadProductsOptions,
): Promise<void> {
  for (const draft of await readDraftsToRaise(tx)) {
    const lines = await readLinesToRaise(tx, draft, MOST_LINES);
    const series = await readLevels(tx, runId, lines, options);
    const added = addedTo(draft, lines, series);
    const changed = lines.flatMap((line) => {
      const topUp = added.get(String(line.suggestionId)) ?? 0;
      const item = series.get(seriesName(line))?.item;
      if (topUp === line.topUp || !item) return [];
      return [{ ...line, topUp, unitCost: unitCostAt(item, line.quantity + topUp) }];
    });
    if (changed.length === 0) continue;
    await saveTopUps(tx, changed);
    await mirrorDrafts(tx, changed);
  }
}

interface Level {
  readonly input: SeriesInput;
  readonly item: SupplierItem;
  /** Demand over the protection interval, ascending, and its days. */
  readonly protection: Float64Array;
  readonly days: number;
  readonly position: number;
  readonly dailyDemand: number;
}

async function readLevels(
  tx: Statements,
  runId: string,
  keys: readonly SeriesKey[],
  options: ReadProductsOptions,
): Promise<Map<string, Level>> {
  const levels = new Map<string, Level>();
  const fitted = await readFittedSeries(tx, runId, keys);
  for (const { series, items } of await readProducts(tx, fitted, options)) {
    for (const input of series) {
      const verdict = judgeSeries(input, items);
      if (!verdict) continue;
      const { assessment, item } = verdict.purchase;
      const { leadTime, protectionDays } = assessment.timing;
      levels.set(seriesName(input.series), {
        input,
        item,
        protection: assessment.protection,
        days: leadTime.meanDays + protectionDays,
        position: assessment.position,
        dailyDemand: assessment.dailyDemand,
      });
    }
  }
  return levels;
}

/** Units that are added to each line, by its suggestion; none where that costs more than doing without the order. */
function addedTo(
  draft: DraftToRaise,
  lines: readonly LineToRaise[],
  levels: ReadonlyMap<string, Level>,
): ReadonlyMap<string, number> {
  const raised: TopUpLine[] = [];
  // what is not raised counts at the price that it has, what is at that of its quantity before
  let others = draft.value;
  for (const line of lines) {
    const level = levels.get(seriesName(line));
    if (!level || line.isEdited) continue;
    raised.push(lineOf(line, level));
    others -= line.quantity * line.unitCost;
  }
  const result = topUpToMinimum(raised, { value: draft.minimum - others });
  return result.reached && result.worth + draft.moneyAtRisk >= 0 ? result.added : new Map();
}

/** What is added lasts no longer than this with all the rest: further ahead a forecast is a guess. */
const MOST_COVER_DAYS = 180;

/**
 * What more units of a line are worth: the sales that they save before the next order is there, less keeping them until
 * they are used, which is after half of the time that they last.
 */
function lineOf(
  line: LineToRaise,
  { input, item, protection, days, position, dailyDemand }: Level,
): TopUpLine {
  const cost = Number(unitCostAt(item, line.quantity));
  const price = input.price ?? 2 * cost;
  const level = position + line.quantity;
  const holdingADay = (input.settings.holding_rate * cost) / YEAR_DAYS;
  const saved = { shortage: Math.max(0, price - cost), holding: holdingADay * days };
  const most = line.quantity + Math.max(0, Math.floor(MOST_COVER_DAYS * dailyDemand - level));
  return {
    id: String(line.suggestionId),
    quantity: line.quantity,
    orderMultiple: item.orderMultiple,
    unitCost: cost,
    maximumQuantity: Math.max(line.quantity, Math.min(item.maximumQuantity ?? most, most)),
    worth: (units) =>
      worthOfUnits(protection, level, units, saved) - (holdingADay * units * units) / (2 * dailyDemand || 1),
  };
}
