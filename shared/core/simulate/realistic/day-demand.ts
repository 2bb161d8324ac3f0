import { drawDemand } from './draw-demand.ts';
import type { CategoryTraits, MarketItem, MarketTraits } from './market-traits.ts';
import { discountOn, upliftOf } from './promotion.ts';

/** What is wanted on a day, by item, whatever there is. */
export interface WantedDay {
  readonly units: Int32Array;
  /** What `units` are on average, given the day's shocks. */
  readonly expected: Float64Array;
  /** Price cuts. */
  readonly discount: Float64Array;
}

const DAYS_PER_YEAR = 365.25;

/**
 * Demand of every item on a day: level x growth x week x year x promotion x shocks, and a draw around that.
 * `shocks` are logarithms, the first for all items; `calendarDay` counts from 1970-01-01, `day` from the start.
 */
export function demandOfDay(
  { items, products, categories }: MarketTraits,
  shocks: readonly number[],
  calendarDay: number,
  day: number,
): WantedDay {
  const season = categories.map(
    (category, c) => seasonOn(category, calendarDay) * Math.exp(shocks[0]! + shocks[c + 1]!),
  );
  const cuts = Float64Array.from(products, ({ key }) => discountOn(key, day));
  const units = new Int32Array(items.length);
  const expected = new Float64Array(items.length);
  const discount = new Float64Array(items.length);
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    const cut = cuts[item.product]!;
    const lift = cut === 0 ? 1 : upliftOf(cut, products[item.product]!.elasticity);
    const mean = item.level * growthOn(item, day) * season[item.category]! * lift;
    expected[i] = mean;
    discount[i] = cut;
    units[i] = drawDemand(item.law, mean, item.key, day);
  }
  return { units, expected, discount };
}

/** Growth since the start: exp(trend years). */
export const growthOn = ({ trend }: Pick<MarketItem, 'trend'>, day: number): number =>
  Math.exp((trend * day) / DAYS_PER_YEAR);

/** Factor of the day of the week times that of the year: 1 + a cos(2 pi (day - peak) / 365.25). */
export function seasonOn({ week, yearAmplitude, yearPeak }: CategoryTraits, calendarDay: number): number {
  // 1970-01-01 was a Thursday
  const weekDay = (((calendarDay + 4) % 7) + 7) % 7;
  const angle = (2 * Math.PI * (calendarDay - yearPeak)) / DAYS_PER_YEAR;
  return week[weekDay]! * (1 + yearAmplitude * Math.cos(angle));
}
