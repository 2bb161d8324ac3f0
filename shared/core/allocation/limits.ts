/** What may be scarce: money, units, space (volume) and load (weight). Each in any unit of the caller's, the same throughout. */
export const RESOURCES = ['budget', 'units', 'volume', 'weight'] as const;
export type Resource = (typeof RESOURCES)[number];

/** The most that may be used of each; what is left out is not limited. */
export type Limits = { readonly [resource in Resource]?: number | undefined };

/** What one unit of an item uses, and in which quantities it comes. */
export interface Lot {
  /** Money one unit costs. Default 0, as for volume and weight: it uses nothing of what it does not name. */
  readonly budget?: number | undefined;
  readonly volume?: number | undefined;
  readonly weight?: number | undefined;
  /** Least quantity, if any at all. Default: one multiple. */
  readonly minimum?: number | undefined;
  /** Default 1. */
  readonly multiple?: number | undefined;
  /** Never more than this, whatever is left. Default: no end. */
  readonly most?: number | undefined;
}

/** What one unit uses of a resource. */
export const perUnit = (lot: Lot, resource: Resource): number =>
  resource === 'units' ? 1 : (lot[resource] ?? 0);

/** The resources that are limited. */
export function limitedBy(limits: Limits): Resource[] {
  for (const resource of RESOURCES) {
    const limit = limits[resource];
    if (limit !== undefined && !(limit >= 0 && limit < Number.POSITIVE_INFINITY))
      throw new RangeError(`a ${resource} limit of ${limit}`);
  }
  return RESOURCES.filter((resource) => limits[resource] !== undefined);
}

/** Whether so much keeps a limit. The slack is that of adding fractions: whole numbers below 1e13 are compared exactly. */
export const keeps = (used: number, limit: number): boolean => used <= limit * (1 + 1e-13);

/** Smallest quantity above 0 that the lot allows; above `most` when it allows none. */
export function firstQuantity({ minimum = 0, multiple = 1 }: Lot): number {
  return Math.max(1, Math.ceil(minimum / multiple - 1e-9)) * multiple;
}

/** Largest allowed quantity that is not above `quantity`; 0 when that is below the first. */
export function floorToLot(quantity: number, lot: Lot): number {
  const { multiple = 1, most = Number.POSITIVE_INFINITY } = lot;
  const floor = Math.floor(Math.min(quantity, most) / multiple + 1e-9) * multiple;
  return floor < firstQuantity(lot) ? 0 : floor;
}

/** The next allowed quantity above an allowed one; infinite when there is none. */
export function nextQuantity(quantity: number, lot: Lot): number {
  const next = quantity === 0 ? firstQuantity(lot) : quantity + (lot.multiple ?? 1);
  return next > (lot.most ?? Number.POSITIVE_INFINITY) ? Number.POSITIVE_INFINITY : next;
}

/** Throws for a lot that says nothing sensible. */
export function assertLot(lot: Lot, name: string): void {
  const { minimum = 0, multiple = 1, most = Number.POSITIVE_INFINITY } = lot;
  if (!(Number.isSafeInteger(multiple) && multiple >= 1))
    throw new RangeError(`${name}: an order multiple of ${multiple}`);
  if (!(minimum >= 0 && minimum < Number.POSITIVE_INFINITY))
    throw new RangeError(`${name}: a minimum of ${minimum}`);
  if (!(most >= 0)) throw new RangeError(`${name}: a most of ${most}`);
  for (const resource of RESOURCES) {
    const use = perUnit(lot, resource);
    if (!(use >= 0 && use < Number.POSITIVE_INFINITY))
      throw new RangeError(`${name}: ${use} of ${resource} a unit`);
  }
}
