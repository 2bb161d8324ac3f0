import { addDays } from '../../shared/core/calendar/add-days.ts';
import { needInWords, explanationNumber as number } from '../../shared/core/inventory/explain-need.ts';
import {
  type RebalanceMove,
  type RebalanceSite,
  rebalance,
} from '../../shared/core/inventory/policies/rebalance.ts';
import type { FreeStock, Site } from '../../shared/data/catalogue/location-sites.ts';
import type { SupplierItem } from '../../shared/data/purchasing/supplier-item-store.ts';
import {
  type Need,
  needName,
  type StandingSuggestion,
} from '../../shared/data/suggestions/suggestion-store.ts';
import type { Assessment, SeriesInput } from './assess-series.ts';
import { answeredUnits } from './decide-changes.ts';
import { explainLevel, explainRisk } from './explain-purchase.ts';
import { judgeSeries, riskOf, type Verdict } from './need-of.ts';
import { spareUnits } from './spare-units.ts';

/** One product with all its series of a chunk. */
export interface ProductInput {
  readonly series: readonly SeriesInput[];
  readonly items: readonly SupplierItem[];
  /** Free stock at these locations, and at any that nobody else asks for it. */
  readonly freeStock: readonly FreeStock[];
  readonly sites: ReadonlyMap<string, Site>;
  /** What is suggested already for these series, and what people said to it; by `needName`. */
  readonly standing: ReadonlyMap<string, StandingSuggestion>;
}

/** What is made of one series: what to buy for it, and what to bring from elsewhere. */
export interface SeriesVerdict extends Verdict {
  readonly transfers: readonly Need[];
}

/**
 * What to order of one product for all its locations: goods that lie too many elsewhere in the same tree of locations
 * are brought first, by fair share where they are not enough, and the rest is bought. By location.
 */
export function judgeProduct(product: ProductInput): Map<string, SeriesVerdict> {
  const { series, items } = product;
  const verdicts = new Map<string, SeriesVerdict>();
  for (const input of series) {
    const verdict = judgeSeries(input, items);
    if (verdict) verdicts.set(input.series.locationId, { ...verdict, transfers: [] });
  }
  for (const [taker, { needs, units }] of transfersOf(product, verdicts)) {
    verdicts.set(taker, { ...verdicts.get(taker)!.helpedBy(units), transfers: needs });
  }
  return verdicts;
}

interface Help {
  /** The planner's transfers to a location, those that people answered among them. */
  readonly needs: Need[];
  /** Units that they bring, as people answered. */
  units: number;
}

/**
 * Transfers by the location that takes them. A lane to which somebody gave an answer brings what that says, also where
 * that is nothing; what is missed then is looked for on the other lanes. Each round settles one lane or is the last.
 */
function transfersOf(product: ProductInput, verdicts: ReadonlyMap<string, Verdict>): Map<string, Help> {
  const inputs = new Map(product.series.map((input) => [input.series.locationId, input]));
  const help = new Map<string, Help>();
  const spareAt = spareUnitsOf(product, verdicts);
  const settled: RebalanceMove[] = [];
  const keep = (need: Need, units: number): void => {
    const others = help.get(need.locationId) ?? { needs: [], units: 0 };
    others.needs.push(need);
    others.units += units;
    help.set(need.locationId, others);
  };
  for (let round = 0; round <= product.standing.size; round++) {
    const needs = movesOf(product, verdicts, spareAt, settled).map((move) => {
      const { assessment, item } = verdicts.get(move.to)!.purchase;
      const surplus = spareAt(move.from) - unitsOf(settled, 'from', move.from);
      return transferNeed(inputs.get(move.to)!, assessment, item, move, surplus);
    });
    const answers = needs.map((need) => answeredUnits(need, product.standing.get(needName(need))));
    const isLast = answers.every((units) => units === undefined);
    for (const [i, need] of needs.entries()) {
      const units = answers[i];
      if (isLast) keep(need, need.quantity);
      if (units === undefined) continue;
      keep(need, units);
      settled.push({ from: need.fromLocation!, to: need.locationId, quantity: units });
    }
    if (isLast) break;
  }
  return help;
}

const unitsOf = (moves: readonly RebalanceMove[], way: 'from' | 'to', locationId: string): number =>
  moves.reduce((sum, move) => sum + (move[way] === locationId ? move.quantity : 0), 0);

/** Lanes within a tree: from what a location lies in first, then from its neighbours. */
const LANE_COST = { above: 0, beside: 1 };

/** Who could give what to whom, besides what is settled; a lane is settled once. */
function movesOf(
  { series, freeStock, sites }: ProductInput,
  verdicts: ReadonlyMap<string, Verdict>,
  spareAt: (locationId: string) => number,
  settled: readonly RebalanceMove[],
): RebalanceMove[] {
  if (series[0]?.settings.transfers !== 'suggest') return [];
  const isWanted = [...verdicts.values()].some(({ purchase }) => purchase.assessment.wanted > 0);
  if (!isWanted || freeStock.length === 0) return [];
  const places: RebalanceSite[] = [];
  for (const input of series) {
    const assessment = verdicts.get(input.series.locationId)?.purchase.assessment;
    if (assessment) places.push(siteOf(input, assessment, spareAt, settled));
  }
  const known = new Set(series.map((input) => input.series.locationId));
  for (const { locationId } of freeStock) {
    // what nobody sells there is free for others
    if (known.has(locationId)) continue;
    const left = Math.max(0, spareAt(locationId) - unitsOf(settled, 'from', locationId));
    places.push({ id: locationId, position: left, available: left, orderUpTo: 0, need: 0, dailyDemand: 0 });
  }
  return rebalance(places, {
    laneCost: (from, to) => {
      const [giver, taker] = [sites.get(from), sites.get(to)];
      if (!giver || !taker || giver.root !== taker.root) return null;
      if (settled.some((move) => move.from === from && move.to === to)) return null;
      return taker.parentId === from ? LANE_COST.above : LANE_COST.beside;
    },
  });
}

function siteOf(
  input: SeriesInput,
  assessment: Assessment,
  spareAt: (locationId: string) => number,
  settled: readonly RebalanceMove[],
): RebalanceSite {
  const id = input.series.locationId;
  const given = unitsOf(settled, 'from', id);
  const taken = Math.min(assessment.wanted, unitsOf(settled, 'to', id));
  return {
    id,
    position: assessment.position + taken - given,
    // whoever is in need gives nothing
    available: assessment.wanted > 0 ? 0 : Math.max(0, spareAt(id) - given),
    orderUpTo: assessment.orderUpTo,
    need: assessment.wanted - taken,
    dailyDemand: assessment.dailyDemand,
    demand: assessment.protection,
  };
}

/** Units that each location can give, looked for once. */
function spareUnitsOf(
  { series, freeStock }: ProductInput,
  verdicts: ReadonlyMap<string, Verdict>,
): (locationId: string) => number {
  const inputs = new Map(series.map((input) => [input.series.locationId, input]));
  const free = new Map(freeStock.map(({ locationId, units }) => [locationId, units]));
  const known = new Map<string, number>();
  return (locationId) => {
    const units =
      known.get(locationId) ??
      (inputs.has(locationId)
        ? spareUnits(inputs.get(locationId)!, verdicts.get(locationId)!.purchase)
        : (free.get(locationId) ?? 0));
    known.set(locationId, units);
    return units;
  };
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
    number(
      'giverSurplus',
      surplus,
      'units',
      'free there, above its own order-up-to level, and not needed before one of its arrivals',
    ),
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
