import { type Claim, type FairShareRule, shareShortage } from './share-shortage.ts';

/** One product at one of the locations that may help each other. */
export interface RebalanceSite {
  readonly id: string;
  /** Inventory position. */
  readonly position: number;
  /** Units that stand there and are promised to nobody. */
  readonly available: number;
  /** Its own order-up-to level: only what is above is given away. */
  readonly orderUpTo: number;
  /** Whole units that it wants now; 0 for none. */
  readonly need: number;
  readonly dailyDemand: number;
  readonly demand?: Float64Array;
}

export interface RebalanceMove {
  readonly from: string;
  readonly to: string;
  readonly quantity: number;
}

export interface RebalanceOptions {
  /** Units that travel together. Default 1. */
  readonly transferMultiple?: number;
  /** Fewest units that are worth a transfer. Default 1. */
  readonly leastQuantity?: number;
  /** Cost of a lane, less is preferred; null: no lane. Default: all lanes cost the same. */
  readonly laneCost?: (from: string, to: string) => number | null;
  /** How a surplus that is not enough is shared. */
  readonly sharedBy?: FairShareRule;
}

/**
 * Transfers before purchases: surplus above the giver's own order-up-to level goes to those who are in need, by fair
 * share where it is not enough, over the cheapest lanes first. Units are conserved, nobody gives what is promised or
 * not there, no giver falls below its order-up-to level, and nobody gets more than the need rounded up to a multiple.
 */
export function rebalance(sites: readonly RebalanceSite[], options: RebalanceOptions = {}): RebalanceMove[] {
  const { transferMultiple = 1, leastQuantity = 1, laneCost = () => 0, sharedBy = 'days-of-cover' } = options;
  if (!(Number.isSafeInteger(transferMultiple) && transferMultiple > 0))
    throw new RangeError(`packs of ${transferMultiple}`);
  const packs = (units: number): number => Math.floor(units / transferMultiple + 1e-9);
  // Whoever is in need gives nothing, whatever else is said of it.
  const surplus = sites.map((site) =>
    site.need > 0 ? 0 : Math.max(0, packs(Math.min(site.available, site.position - site.orderUpTo))),
  );
  const claims = sites.map((site): Claim => inPacks(site, transferMultiple));
  const total = surplus.reduce((sum, units) => sum + units, 0);
  const wanted = shareShortage(total, claims, sharedBy);
  const lanes = lanesOf(sites, surplus, claims, laneCost);
  const sent = new Array<number>(lanes.length).fill(0);
  const unmet = claims.map((claim) => claim.need);
  // First the fair shares; then what no lane could bring to one goes to others that are still in need.
  for (const limit of [wanted, unmet]) {
    for (const [at, { giver, taker }] of lanes.entries()) {
      const count = Math.min(surplus[giver]!, limit[taker]!, unmet[taker]!);
      // A transfer too small to be worth it leaves its units to the next lane.
      if (count <= 0 || (sent[at]! + count) * transferMultiple < leastQuantity) continue;
      sent[at]! += count;
      surplus[giver]! -= count;
      unmet[taker]! -= count;
      if (limit !== unmet) limit[taker]! -= count;
    }
  }
  return lanes.flatMap(({ giver, taker }, at) =>
    sent[at]! > 0
      ? [{ from: sites[giver]!.id, to: sites[taker]!.id, quantity: sent[at]! * transferMultiple }]
      : [],
  );
}

/** The claim counted in packs, so that shares are whole packs. */
function inPacks(site: RebalanceSite, multiple: number): Claim {
  if (!(site.need >= 0)) throw new RangeError('a need is not negative');
  return {
    need: Math.ceil(site.need / multiple - 1e-9),
    position: site.position / multiple,
    dailyDemand: site.dailyDemand / multiple,
    ...(site.demand ? { demand: site.demand.map((units) => units / multiple) } : {}),
  };
}

function lanesOf(
  sites: readonly RebalanceSite[],
  surplus: readonly number[],
  claims: readonly Claim[],
  laneCost: (from: string, to: string) => number | null,
): { giver: number; taker: number }[] {
  const lanes: { giver: number; taker: number; cost: number }[] = [];
  for (let giver = 0; giver < sites.length; giver++) {
    if (surplus[giver]! <= 0) continue;
    for (let taker = 0; taker < sites.length; taker++) {
      if (taker === giver || claims[taker]!.need <= 0) continue;
      const cost = laneCost(sites[giver]!.id, sites[taker]!.id);
      if (cost !== null) lanes.push({ giver, taker, cost });
    }
  }
  // Of equal lanes those of the largest surplus and need, so that there are few moves.
  return lanes.sort(
    (a, b) =>
      a.cost - b.cost ||
      surplus[b.giver]! - surplus[a.giver]! ||
      claims[b.taker]!.need - claims[a.taker]!.need ||
      a.giver - b.giver ||
      a.taker - b.taker,
  );
}
