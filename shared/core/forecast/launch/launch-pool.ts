import type { PanelSeries, Regressor } from '../panel.ts';
import type { Analog, LaunchItem } from './choose-analogs.ts';

/** What new items are compared with: small enough to be kept beside a model. */
export type LaunchPool = readonly Analog[];

/** Periods that are kept of each item: the first of a launch, the newest of an item older than the records. */
const KEPT_PERIODS = 26;
/** Known periods that an item must have, and periods that the records must begin before a launch that they saw. */
const FEWEST_PERIODS = 8;
/** Names of regressors that tell what a product is, and what it costs; the first that is there counts. */
const CATEGORY = ['category', 'product_category', 'department', 'dept', 'family', 'group', 'class'];
const PRICE = ['price', 'unit_price', 'sell_price', 'list_price'];
/** Digits of a quantity that is not whole. */
const DIGITS = 5;

/** The items of a panel that are old enough to tell of a launch or a level, whatever their order. */
export function launchPool(
  panel: readonly PanelSeries[],
  traits: (series: PanelSeries) => Omit<LaunchItem, 'id'> = traitsOf,
): LaunchPool {
  const longest = panel.reduce((most, { quantities }) => Math.max(most, quantities.length), 0);
  return panel.flatMap((series): Analog[] => {
    const live = fromFirstDemand(series.quantities);
    const known = live.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
    if (known < FEWEST_PERIODS || live.some((value) => value < 0)) return [];
    const isLaunch = live.length <= longest - FEWEST_PERIODS;
    const kept = isLaunch ? live.subarray(0, KEPT_PERIODS) : live.subarray(-KEPT_PERIODS);
    return [{ id: series.id, ...traits(series), quantities: Array.from(kept, short), isLaunch }];
  });
}

/** What the regressors of a series, up to its origin, say of the product. */
export function traitsOf({ regressors, quantities }: PanelSeries): Omit<LaunchItem, 'id'> {
  const newest = <T>(
    names: readonly string[],
    known: (column: Regressor, t: number) => T | null,
  ): T | null => {
    const found = names.find((name) => regressors[name] !== undefined);
    if (found === undefined) return null;
    for (let t = quantities.length - 1; t >= 0; t--) {
      const value = known(regressors[found]!, t);
      if (value !== null) return value;
    }
    return null;
  };
  return {
    category: newest(CATEGORY, (column, t) => {
      const value = column[t];
      return value === undefined || value === null || Number.isNaN(value) ? null : String(value);
    }),
    price: newest(PRICE, (column, t) => {
      const value = column[t];
      return typeof value === 'number' && value > 0 ? value : null;
    }),
  };
}

/** Quantities from the first demand on; none when there was none. */
export function fromFirstDemand(quantities: Float64Array): Float64Array {
  const first = quantities.findIndex((value) => value !== 0 && !Number.isNaN(value));
  return first < 0 ? quantities.subarray(quantities.length) : quantities.subarray(first);
}

/** A pool that went through JSON, where an unknown quantity is null. */
export function launchPoolOf(stored: LaunchPool): LaunchPool {
  return stored.map((analog) => ({
    ...analog,
    quantities: Array.from(analog.quantities as ArrayLike<number | null>, (value) => value ?? Number.NaN),
  }));
}

function short(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
}
