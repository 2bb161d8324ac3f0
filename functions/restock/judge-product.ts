import { addDays } from '../../shared/core/calendar/add-days.ts';
import { needInWords, explanationNumber as number } from '../../shared/core/inventory/explain-need.ts';
import {
  type RebalanceMove,
  type RebalanceSite,
  rebalance,
} from '../../shared/core/inventory/policies/rebalance.ts';
import type { FreeStock, Site } from '../../shared/data/location-sites.ts';
import type { Need } from '../../shared/data/suggestion-store.ts';
import type { SupplierItem } from '../../shared/data/supplier-item-store.ts';
import type { Assessment, SeriesInput } from './assess-series.ts';
import { explainLevel, explainRisk } from './explain-purchase.ts';
import { judgeSeries, riskOf, type Verdict } from './need-of.ts';

/** One product with all its series of a chunk. */
export interface ProductInput {
  readonly series: readonly SeriesInput[];
  readonly items: readonly SupplierItem[];
  /** Free stock at any location, those of the series included. */
  readonly freeStock: readonly FreeStock[];
  readonly sites: ReadonlyMap<string, Site>;
}

/** What is made of one series: what to buy for it, and what to bring from elsewhere. */
export interface SeriesVerdict extends Verdict {
  readonly transfers: readonly Need[];
}

/**
 * What to order of one product for all its locations: goods that lie too many elsewhere in the same tree of locations
 * are brought first, by fair share where they are not enough, and the rest is bought. By location.
 */
export function judgeProduct({ series, items, freeStock, sites }: ProductInput): Map<string, SeriesVerdict> {
  const verdicts = new Map<string, SeriesVerdict>();
  for (const input of series) {
    const verdict = judgeSeries(input, items);
    if (verdict) verdicts.set(input.series.locationId, { ...verdict, transfers: [] });
  }
  const moves = movesOf(series, verdicts, freeStock, sites);
  if (moves.length === 0) return verdicts;
  for (const input of series) {
    const taker = input.series.locationId;
    const own = moves.filter(({ to }) => to === taker);
    if (own.length === 0) continue;
    const units = own.reduce((sum, { quantity }) => sum + quantity, 0);
    const verdict = judgeSeries(input, items, () => units)!;
    const { assessment, item } = verdict.purchase;
    verdicts.set(taker, {
      ...verdict,
      transfers: own.map((move) =>
        transferNeed(input, assessment, item, move, surplusOf(move.from, verdicts, freeStock)),
      ),
    });
  }
  return verdicts;
}

/** Lanes within a tree: from what a location lies in first, then from its neighbours. */
const LANE_COST = { above: 0, beside: 1 };

function movesOf(
  series: readonly SeriesInput[],
  verdicts: ReadonlyMap<string, Verdict>,
  freeStock: readonly FreeStock[],
  sites: ReadonlyMap<string, Site>,
): RebalanceMove[] {
  if (series[0]?.settings.transfers !== 'suggest') return [];
  const isWanted = [...verdicts.values()].some(({ purchase }) => purchase.assessment.wanted > 0);
  if (!isWanted || freeStock.length === 0) return [];
  const places: RebalanceSite[] = [];
  for (const input of series) {
    const assessment = verdicts.get(input.series.locationId)?.purchase.assessment;
    if (assessment) places.push(siteOf(input, assessment));
  }
  const known = new Set(series.map((input) => input.series.locationId));
  for (const { locationId, units } of freeStock) {
    // what nobody sells there is free for others
    if (!known.has(locationId))
      places.push({
        id: locationId,
        position: units,
        available: units,
        orderUpTo: 0,
        need: 0,
        dailyDemand: 0,
      });
  }
  return rebalance(places, {
    laneCost: (from, to) => {
      const [giver, taker] = [sites.get(from), sites.get(to)];
      if (!giver || !taker || giver.root !== taker.root) return null;
      return taker.parentId === from ? LANE_COST.above : LANE_COST.beside;
    },
  });
}

function siteOf(input: SeriesInput, assessment: Assessment): RebalanceSite {
  const { onHand, committed } = input.position;
  return {
    id: input.series.locationId,
    position: assessment.position,
    available: Math.max(0, onHand - committed - input.expiring),
    orderUpTo: assessment.orderUpTo,
    need: assessment.wanted,
    dailyDemand: assessment.dailyDemand,
    demand: assessment.protection,
  };
}

/** Units that a location has above what it needs itself. */
function surplusOf(
  locationId: string,
  verdicts: ReadonlyMap<string, Verdict>,
  freeStock: readonly FreeStock[],
): number {
  const free = freeStock.find((stock) => stock.locationId === locationId)?.units ?? 0;
  const assessment = verdicts.get(locationId)?.purchase.assessment;
  return assessment ? Math.max(0, Math.min(free, assessment.position - assessment.orderUpTo)) : free;
}

function transferNeed(
  input: SeriesInput,
  assessment: Assessment,
  item: SupplierItem,
  { from, quantity }: RebalanceMove,
  surplus: number,
): Need {
  const { asOf, settings, series } = input;
  const expectedDate = addDays(asOf, Math.ceil(settings.transfer_days));
  const numbers = [
    ...explainLevel(input, assessment),
    number('wanted', assessment.wanted, 'units', 'orderUpTo - position, by the policy'),
    number('fromLocation', from, 'name', 'of the same tree of locations'),
    number('giverSurplus', surplus, 'units', 'free there, above its own order-up-to level'),
    number(
      'givenTo',
      quantity,
      'units',
      'min(wanted, giverSurplus), in equal days of cover where several want it',
    ),
    number('quantity', quantity, 'units', 'givenTo'),
    ...explainRisk(input, assessment, Number(item.unitCost)),
    number('orderBy', asOf, 'date', 'today: it is there sooner than what is bought'),
    number('expectedDate', expectedDate, 'date', 'settings: transfer_days'),
  ];
  return {
    productId: series.productId,
    locationId: series.locationId,
    kind: 'transfer',
    supplierId: null,
    fromLocation: from,
    quantity,
    unitCost: '0',
    unitCostOf: () => '0',
    orderBy: asOf,
    explanation: {
      as_of: asOf,
      expected_date: expectedDate,
      renewed_on: addDays(
        asOf,
        Math.ceil(assessment.timing.leadTime.meanDays + assessment.timing.reviewDays),
      ),
      ...(series.lowConfidence && { confidence: 'low' as const }),
      numbers,
      words: needInWords(numbers),
    },
    ...riskOf(input, assessment, item),
  };
}
