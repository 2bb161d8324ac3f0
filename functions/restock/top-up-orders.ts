import { lineAmount } from '../../shared/core/inventory/line-amount.ts';
import { MOST_COVER_DAYS } from '../../shared/core/inventory/policies/round-order.ts';
import { type TopUpLine, topUpToMinimum, worthOfUnits } from '../../shared/core/inventory/policies/top-up.ts';
import { readFittedSeries } from '../../shared/data/forecasts/forecast-store.ts';
import { type SeriesKey, seriesName } from '../../shared/data/forecasts/series-store.ts';
import { mirrorDrafts } from '../../shared/data/purchasing/purchase-order-store.ts';
import { type SupplierItem, unitCostAt } from '../../shared/data/purchasing/supplier-item-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import {
  readStandingSuggestions,
  type StandingSuggestion,
} from '../../shared/data/suggestions/suggestion-store.ts';
import {
  type DraftPlace,
  type DraftToRaise,
  type LineToRaise,
  readDraftToRaise,
  readLinesToRaise,
  saveTopUps,
} from '../../shared/data/suggestions/top-up-store.ts';
import { type Assessment, assessSeries, avertableUnits, type SeriesInput } from './assess-series.ts';
import { shareOf } from './explain-purchase.ts';
import { marginOf } from './margin-of.ts';
import { type ReadProductsOptions, readProducts } from './read-products.ts';

/** Lines of one draft that may be raised: those at the highest risk. */
const MOST_LINES = 250;
const YEAR_DAYS = 365;

export type TopUpOptions = Omit<ReadProductsOptions, 'standing'>;

/**
 * Raises drafts to their supplier's minimum where one more pack is worth most, if what that costs to keep is less than
 * what would not be earned without the order; else the shortfall is left to be said. What a person edited is not touched, and
 * what was added before and is not needed any more is taken back. The same again changes nothing.
 */
export async function topUpOrders(
  tx: Statements,
  places: readonly DraftPlace[],
  options: TopUpOptions,
): Promise<void> {
  for (const place of places) {
    const draft = await readDraftToRaise(tx, place);
    if (!draft) continue;
    const lines = await readLinesToRaise(tx, draft, MOST_LINES);
    const levels = await readLevels(tx, draft, lines, options);
    const added = addedTo(draft, lines, levels);
    const changed = lines.flatMap((line) => {
      const topUp = added.get(String(line.suggestionId)) ?? 0;
      const item = levels.get(seriesName(line))?.item;
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
  /** Of the supplier whose draft it is. */
  readonly item: SupplierItem;
  readonly assessment: Assessment;
  /** Inventory position with what is to come from other locations. */
  readonly position: number;
}

async function readLevels(
  tx: Statements,
  { supplierId }: DraftPlace,
  keys: readonly SeriesKey[],
  options: TopUpOptions,
): Promise<Map<string, Level>> {
  const levels = new Map<string, Level>();
  const fitted = await readFittedSeries(tx, options.runId, keys);
  const standing = await readStandingSuggestions(tx, keys);
  for (const { series, items } of await readProducts(tx, fitted, { ...options, standing })) {
    const item = items.find((one) => one.supplierId === supplierId);
    if (!item) continue;
    for (const input of series) {
      const assessment = assessSeries(input, item);
      const position = assessment.position + unitsFromElsewhere(input.series, standing);
      levels.set(seriesName(input.series), { input, item, assessment, position });
    }
  }
  return levels;
}

function unitsFromElsewhere(
  { productId, locationId }: SeriesKey,
  standing: ReadonlyMap<string, StandingSuggestion>,
): number {
  let units = 0;
  for (const one of standing.values()) {
    const isHere = one.productId === productId && one.locationId === locationId;
    if (isHere && one.kind === 'transfer' && one.status === 'open') units += one.quantity;
  }
  return units;
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
  let risk = 0;
  for (const line of lines) {
    const level = levels.get(seriesName(line));
    if (!level) continue;
    risk += marginAtRisk(line, level);
    if (line.isEdited) continue;
    raised.push(lineOf(line, level));
    others -= lineAmount(line.quantity, line.unitCost);
  }
  const result = topUpToMinimum(raised, { value: draft.minimum - others });
  return result.reached && result.worth + risk >= 0 ? result.added : new Map();
}

/** What the units of a line earn that would not be sold without them. */
function marginAtRisk({ quantity }: LineToRaise, { input, item, assessment, position }: Level): number {
  const fromElsewhere = position - assessment.position;
  const margin = marginOf(input, item, Number(unitCostAt(item, quantity)));
  return margin * avertableUnits(assessment) * shareOf(quantity, quantity + fromElsewhere);
}

/**
 * What more units of a line are worth: the sales that they save before the next order is there and what a price break
 * saves, less keeping them until they are used, which is after half of the time that they last.
 */
function lineOf(line: LineToRaise, { input, item, assessment, position }: Level): TopUpLine {
  const { protection, dailyDemand, timing } = assessment;
  const priceAt = (units: number): number => Number(unitCostAt(item, units));
  const cost = priceAt(line.quantity);
  const days = timing.leadTime.meanDays + timing.protectionDays;
  const level = position + line.quantity;
  const holdingADay = (input.settings.holding_rate * cost) / YEAR_DAYS;
  const saved = { shortage: marginOf(input, item, cost), holding: holdingADay * days };
  const highest = Math.min(MOST_COVER_DAYS * dailyDemand, input.policy.maximum ?? Number.POSITIVE_INFINITY);
  const most = line.quantity + Math.max(0, Math.floor(highest - level));
  return {
    id: String(line.suggestionId),
    quantity: line.quantity,
    orderMultiple: item.orderMultiple,
    unitCostAt: priceAt,
    maximumQuantity: Math.max(line.quantity, Math.min(item.maximumQuantity ?? most, most)),
    worth: (units) =>
      worthOfUnits(protection, level, units, saved) +
      line.quantity * (cost - priceAt(line.quantity + units)) -
      (holdingADay * units * units) / (2 * dailyDemand || 1),
  };
}
