import {
  type RebalanceMove,
  type RebalanceSite,
  rebalance,
} from '../../shared/core/inventory/policies/rebalance.ts';
import type { FreeStock, Site } from '../../shared/data/catalogue/location-sites.ts';
import { seriesName } from '../../shared/data/forecasts/series-store.ts';
import type { SupplierItem } from '../../shared/data/purchasing/supplier-item-store.ts';
import {
  type Need,
  needName,
  type StandingSuggestion,
} from '../../shared/data/suggestions/suggestion-store.ts';
import type { DeadStock } from '../../shared/data/waste/dead-stock-store.ts';
import type { SeriesInput } from './assess-series.ts';
import { answeredUnits } from './decide-changes.ts';
import { shareOf } from './explain-purchase.ts';
import { judgeSeries, type Verdict } from './need-of.ts';
import type { Purchase } from './purchase.ts';
import { spareUnits } from './spare-units.ts';
import { canWait, noSupplier, type Offer, transferNeed } from './transfer-need.ts';

/** One product with all its series of a chunk. */
export interface ProductInput {
  readonly series: readonly SeriesInput[];
  readonly items: readonly SupplierItem[];
  /** Free stock at these locations, and at any that nobody else asks for it. */
  readonly freeStock: readonly FreeStock[];
  readonly sites: ReadonlyMap<string, Site>;
  /** What is suggested already for these series, and what people said to it; by `needName`. */
  readonly standing: ReadonlyMap<string, StandingSuggestion>;
  /** Series that a person has set a rule for, and those whose stock is dead; by `seriesName`. */
  readonly ruled?: ReadonlySet<string>;
  readonly dead?: ReadonlyMap<string, DeadStock>;
}

/** What is made of one series: what to buy for it, and what to bring from elsewhere. */
export interface SeriesVerdict extends Verdict {
  readonly transfers: readonly Need[];
}

/**
 * What to order of one product for all its locations: goods that lie too many elsewhere in the same tree of locations
 * are brought first, by fair share where they are not enough, and the rest is bought. By location. Where nobody supplies
 * it, goods are brought all the same, and what gets none has no verdict.
 */
export function judgeProduct(product: ProductInput): Map<string, SeriesVerdict> {
  const { series, items } = product;
  const inputs = new Map(series.map((input) => [input.series.locationId, input]));
  const verdicts = new Map<string, SeriesVerdict>();
  if (items.length === 0 && product.freeStock.length === 0) return verdicts;
  for (const input of series) {
    const dead = product.dead?.get(seriesName(input.series));
    const verdict = judgeSeries(input, items.length > 0 ? items : [noSupplier(input)], dead);
    if (verdict) verdicts.set(input.series.locationId, { ...verdict, transfers: [] });
  }
  for (const [taker, { offers, units }] of transfersOf(product, inputs, verdicts)) {
    const input = inputs.get(taker)!;
    const verdict = verdicts.get(taker)!;
    const helped = verdict.helpedBy(Math.min(units, canWait(input, verdict.purchase)));
    const all = (items.length > 0 ? helped.purchase.quantity : 0) + units;
    const transfers = offers.map((offer) =>
      // what somebody refused would be part of the same
      transferNeed(input, verdict.purchase, offer, shareOf(offer.units || offer.move.quantity, all)),
    );
    verdicts.set(taker, { ...helped, transfers });
  }
  return items.length > 0 ? verdicts : unsupplied(verdicts);
}

/** Nothing is bought, and only who gets something has a verdict. */
function unsupplied(verdicts: ReadonlyMap<string, SeriesVerdict>): Map<string, SeriesVerdict> {
  const helped = [...verdicts].filter(([, { transfers }]) => transfers.length > 0);
  return new Map(
    helped.map(([locationId, verdict]) => {
      const explain = () => verdict.transfers[0]!.explanation;
      return [locationId, { ...verdict, need: undefined, explain }];
    }),
  );
}

interface Help {
  /** The planner's transfers to a location, those that people answered among them. */
  readonly offers: (Offer & { readonly units: number })[];
  /** Units that they bring, as people answered. */
  units: number;
}

/**
 * Transfers by the location that takes them. A lane to which somebody gave an answer brings what that says, also where
 * that is nothing; what is missed then is looked for on the other lanes. Each round settles one lane or is the last.
 */
function transfersOf(
  product: ProductInput,
  inputs: ReadonlyMap<string, SeriesInput>,
  verdicts: ReadonlyMap<string, Verdict>,
): Map<string, Help> {
  const help = new Map<string, Help>();
  const spareAt = spareUnitsOf(product, inputs, verdicts);
  const settled: RebalanceMove[] = [];
  const keep = (offer: Offer, units: number): void => {
    const others = help.get(offer.move.to) ?? { offers: [], units: 0 };
    others.offers.push({ ...offer, units });
    others.units += units;
    help.set(offer.move.to, others);
  };
  for (let round = 0; round <= product.standing.size; round++) {
    const offers = movesOf(product, verdicts, spareAt, settled).map((move): Offer => {
      return { move, surplus: spareAt(move.from) - unitsOf(settled, 'from', move.from) };
    });
    const answers = offers.map((offer) => {
      const { to } = offer.move;
      const need = transferNeed(inputs.get(to)!, verdicts.get(to)!.purchase, offer, 1);
      return answeredUnits(need, product.standing.get(needName(need)));
    });
    const isLast = answers.every((units) => units === undefined);
    for (const [i, offer] of offers.entries()) {
      const units = answers[i];
      if (isLast) keep(offer, offer.move.quantity);
      if (units === undefined) continue;
      keep(offer, units);
      settled.push({ ...offer.move, quantity: units });
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
    const purchase = verdicts.get(input.series.locationId)?.purchase;
    if (purchase) places.push(siteOf(input, purchase, spareAt, settled));
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
  purchase: Purchase,
  spareAt: (locationId: string) => number,
  settled: readonly RebalanceMove[],
): RebalanceSite {
  const id = input.series.locationId;
  const given = unitsOf(settled, 'from', id);
  const { assessment } = purchase;
  const most = canWait(input, purchase);
  const taken = Math.min(most, unitsOf(settled, 'to', id));
  return {
    id,
    position: assessment.position + taken - given,
    // whoever is in need gives nothing
    available: assessment.wanted > 0 ? 0 : Math.max(0, spareAt(id) - given),
    orderUpTo: assessment.orderUpTo,
    need: most - taken,
    dailyDemand: assessment.dailyDemand,
    demand: assessment.protection,
  };
}

/** Units that each location can give, looked for once. */
function spareUnitsOf(
  { freeStock }: ProductInput,
  inputs: ReadonlyMap<string, SeriesInput>,
  verdicts: ReadonlyMap<string, Verdict>,
): (locationId: string) => number {
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
