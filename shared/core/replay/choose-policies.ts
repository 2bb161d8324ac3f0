import { totalCost } from './measures.ts';
import type { Tally } from './replay-stock.ts';

/** One series as the chooser sees it: its class, and what each candidate came to on earlier data; null: too short to tell. */
export interface ChooserEntry {
  readonly id: string;
  /** Such as `smooth A`: demand class and class of value. */
  readonly group: string;
  readonly tallies: readonly Tally[] | null;
}

/** The choice for one class, and what it is based on. */
export interface ClassChoice {
  readonly group: string;
  /** Index of the candidate. */
  readonly candidate: number;
  /** Series of the class that were long enough for a trial. */
  readonly series: number;
  /** Of the choice on the data that it was made on; null where no series of the class was tried. */
  readonly cost: number | null;
  readonly fillRate: number | null;
  readonly cycleService: number | null;
}

/** Series whose weight the figures of all series have against those of a class. */
const PRIOR_SERIES = 150;
/** Services this close to the best one count as reaching what can be reached. */
const SLACK = 0.002;

/**
 * Chooses a candidate for each class: the least simulated cost among those whose fill rate and cycle service reach the
 * service level on the same data; where none does, among those that come closest. Costs and services of a class lean
 * towards those of all series, by as much as 150 series would weigh, so that a class of a few series is no lottery.
 * Where nothing at all was tried, every class takes `untried`, the index of a candidate.
 */
export function choosePolicies(
  entries: readonly ChooserEntry[],
  candidates: number,
  serviceLevel: number,
  untried: number,
): ReadonlyMap<string, ClassChoice> {
  const told = entries.flatMap(({ group, tallies }) => (tallies ? [{ group, tallies }] : []));
  const all = pooled(
    told.map(({ tallies }) => tallies),
    candidates,
  );
  const found = new Map<string, ClassChoice>();
  for (const group of new Set(entries.map((entry) => entry.group))) {
    const own = told.filter((entry) => entry.group === group).map(({ tallies }) => tallies);
    const pool = pooled(own, candidates);
    const candidate = told.length === 0 ? untried : bestOf(pool, all, own.length, serviceLevel);
    const isTried = own.length > 0;
    found.set(group, {
      ...{ group, candidate, series: own.length },
      cost: isTried ? pool.cost[candidate]! : null,
      fillRate: isTried ? pool.fill[candidate]! : null,
      cycleService: isTried ? pool.cycle[candidate]! : null,
    });
  }
  return found;
}

interface Pool {
  readonly cost: Float64Array;
  readonly fill: Float64Array;
  readonly cycle: Float64Array;
}

function pooled(tallies: readonly (readonly Tally[])[], candidates: number): Pool {
  const cost = new Float64Array(candidates);
  const fill = new Float64Array(candidates);
  const cycle = new Float64Array(candidates);
  for (let c = 0; c < candidates; c++) {
    let demand = 0;
    let served = 0;
    let cycles = 0;
    let short = 0;
    for (const one of tallies) {
      const tally = one[c]!;
      cost[c]! += totalCost(tally);
      demand += tally.demand;
      served += tally.served;
      cycles += tally.cycles;
      short += tally.cyclesShort;
    }
    fill[c] = demand > 0 ? served / demand : 1;
    cycle[c] = cycles > 0 ? 1 - short / cycles : 1;
  }
  return { cost, fill, cycle };
}

function bestOf(own: Pool, all: Pool, series: number, serviceLevel: number): number {
  const share = series / (series + PRIOR_SERIES);
  const ownLeast = leastOf(own.cost);
  const allLeast = leastOf(all.cost);
  const mix = (mine: number, theirs: number): number => share * mine + (1 - share) * theirs;
  const reach = own.cost.map((_, c) =>
    Math.min(mix(own.fill[c]!, all.fill[c]!), mix(own.cycle[c]!, all.cycle[c]!)),
  );
  // Averages of shares are rounded.
  const needed = Math.min(serviceLevel - 1e-9, Math.max(...reach) - SLACK);
  let candidate = -1;
  let least = Number.POSITIVE_INFINITY;
  reach.forEach((service, c) => {
    const score = mix(relative(own.cost[c]!, ownLeast), relative(all.cost[c]!, allLeast));
    if (service >= needed && score < least) {
      least = score;
      candidate = c;
    }
  });
  return candidate;
}

function leastOf(costs: Float64Array): number {
  return costs.reduce((least, cost) => Math.min(least, cost), Number.POSITIVE_INFINITY);
}

function relative(cost: number, least: number): number {
  return least > 0 ? cost / least : 1 + cost;
}
