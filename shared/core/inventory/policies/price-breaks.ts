/** From this quantity on a unit costs this; of incremental prices, each unit beyond it. */
export interface PriceBreak {
  readonly from: number;
  readonly unitCost: number;
}

/** Whether the price of a break holds for all units of the order or only for those from the break on. */
export type PriceBreakKind = 'all-units' | 'incremental';

export interface PriceBreakInput {
  /** Ascending, the first from 0 or 1; prices fall. */
  readonly breaks: readonly PriceBreak[];
  readonly kind: PriceBreakKind;
  /** Above 0: without it units come one at a time, and no quantity is economic. */
  readonly perOrder: number;
  /** Share of a unit's cost that keeping it for one time costs. */
  readonly holdingRate: number;
  /** Units a time, above 0. */
  readonly demand: number;
}

export interface PriceBreakChoice {
  readonly quantity: number;
  /** Place of the break whose price it reaches. */
  readonly region: number;
  /** Money a time: buying, ordering, keeping. */
  readonly cost: number;
}

/**
 * The order quantity of least cost under quantity discounts, region by region:
 *   all units    Q_j = max(sqrt(2 K lambda / (i c_j)), b_j), looked at when below the next break
 *   incremental  Q_j = sqrt(2 (K + C_j) lambda / (i c_j)), C_j = what the first b_j units cost above c_j each
 * Snyder & Shen (2019), section 3.4: 500 units at 472,900, and 1,481.89 at 222,762.81.
 */
export function quantityWithPriceBreaks(input: PriceBreakInput): PriceBreakChoice {
  const { breaks, kind, perOrder, holdingRate, demand } = input;
  assertPriceBreaks(breaks);
  if (!(perOrder > 0) || !(holdingRate > 0) || !(demand > 0))
    throw new RangeError('costs and demand are positive');
  let best: PriceBreakChoice | undefined;
  for (let region = 0; region < breaks.length; region++) {
    const { from, unitCost } = breaks[region]!;
    const extra = kind === 'incremental' ? extraCost(breaks, region) : 0;
    const holding = holdingRate * unitCost;
    const economic = Math.sqrt((2 * (perOrder + extra) * demand) / holding);
    const quantity = kind === 'all-units' ? Math.max(economic, from) : economic;
    const next = breaks[region + 1]?.from ?? Number.POSITIVE_INFINITY;
    if (!(quantity >= from && quantity < next && quantity > 0)) continue;
    const cost =
      unitCost * demand +
      (holdingRate * extra) / 2 +
      ((perOrder + extra) * demand) / quantity +
      (holding * quantity) / 2;
    if (best === undefined || cost < best.cost) best = { quantity, region, cost };
  }
  return best!;
}

/** What so many units cost under these prices. */
export function purchaseCost(quantity: number, breaks: readonly PriceBreak[], kind: PriceBreakKind): number {
  let region = 0;
  while (region + 1 < breaks.length && quantity >= breaks[region + 1]!.from) region++;
  const extra = kind === 'incremental' ? extraCost(breaks, region) : 0;
  return extra + quantity * breaks[region]!.unitCost;
}

/** RangeError unless the breaks rise, the first holds from the first unit on, and prices are not negative. */
export function assertPriceBreaks(breaks: readonly PriceBreak[]): void {
  if (!(breaks.length > 0 && breaks[0]!.from <= 1))
    throw new RangeError('the first price holds from the first unit on');
  for (let i = 0; i < breaks.length; i++) {
    if (!(breaks[i]!.unitCost >= 0)) throw new RangeError('a price is not negative');
    if (i > 0 && !(breaks[i]!.from > breaks[i - 1]!.from)) throw new RangeError('price breaks rise');
  }
}

/** What the units below the break of this region cost above its own price. */
function extraCost(breaks: readonly PriceBreak[], region: number): number {
  let sum = 0;
  for (let i = 0; i < region; i++)
    sum += breaks[i]!.unitCost * (breaks[i + 1]!.from - (i === 0 ? 0 : breaks[i]!.from));
  return region === 0 ? 0 : sum - breaks[region]!.unitCost * breaks[region]!.from;
}
