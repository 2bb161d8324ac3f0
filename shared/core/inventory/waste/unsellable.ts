import { addDays, daysBetween } from '../../calendar/add-days.ts';
import { byExpiry, type Lot } from './fefo.ts';

/** A lot and what is left of it. */
export interface LotLeft extends Lot {
  readonly left: number;
}

/** Units of one lot that nobody will have bought on its last day; a fraction is an expectation. */
export interface Unsellable {
  readonly lotId: number;
  readonly expiryDate: string;
  readonly quantity: number;
}

/** Expected units a day from the day after `asOf` on: one number for every day, or one per day, of which the last goes on. */
export type DailyDemand = number | ArrayLike<number>;

/**
 * What will expire unsold of these lots when demand comes as expected and takes the first expired first:
 *   sold_i = min(left_i, D(e_i) - sold_1 - ... - sold_i-1),   unsellable_i = left_i - sold_i
 * with D(e) the demand from the day after `asOf` to day e. The day `asOf` is over: what ends on it or before is waste.
 * Nothing is sold after its day, and only lots with a day can expire. 10 left until the 3rd, 10 until the 6th, asOf
 * the 1st, 2 a day: the first sells 4, the second 6: 6 and 4 are wasted.
 */
export function unsellable(lots: readonly LotLeft[], demand: DailyDemand, asOf: string): Unsellable[] {
  let used = 0;
  const wasted: Unsellable[] = [];
  for (const lot of [...lots].sort(byExpiry)) {
    if (lot.expiryDate === null || !(lot.left > 0)) continue;
    const sold = Math.min(
      lot.left,
      Math.max(0, demandUpTo(demand, daysBetween(asOf, lot.expiryDate)) - used),
    );
    used += sold;
    const quantity = lot.left - sold;
    if (quantity > 0) wasted.push({ lotId: lot.lotId, expiryDate: lot.expiryDate, quantity });
  }
  return wasted;
}

/** What is left of all lots with the same last day, and when it sells. */
export interface ExpiryTurn {
  readonly expiryDate: string;
  readonly left: number;
  readonly unsellable: number;
  /** Days after `asOf` on which earlier lots sell in its place; from the next on it is its turn, for so many days. */
  readonly wait: number;
  readonly days: number;
}

/**
 * The lots that can still be sold, by their last day, each in the days that earlier ones leave it, at so many units a day: no
 * day sells for two of them, and none sells after its own. 20 left until the 5th, 15 until the 9th, asOf the 1st, 2 a
 * day: the first sells for 4 days and 12 are wasted; the second waits for them, sells for 4 and 7 are.
 */
export function expiryTurns(lots: readonly LotLeft[], perDay: number, asOf: string): ExpiryTurn[] {
  const wasted = new Map(unsellable(lots, perDay, asOf).map(({ lotId, quantity }) => [lotId, quantity]));
  const dated = lots.filter(({ expiryDate, left }) => expiryDate !== null && expiryDate > asOf && left > 0);
  let used = 0;
  return [...Map.groupBy(dated.sort(byExpiry), ({ expiryDate }) => expiryDate!)].map(([expiryDate, same]) => {
    const left = same.reduce((sum, lot) => sum + lot.left, 0);
    const lost = same.reduce((sum, { lotId }) => sum + (wasted.get(lotId) ?? 0), 0);
    const wait = used > 0 ? Math.ceil(used / perDay - 1e-9) : 0;
    used += left - lost;
    return { expiryDate, left, unsellable: lost, wait, days: daysBetween(asOf, expiryDate) - wait };
  });
}

/**
 * `unsellable` as an average over simulated futures, each with its demand per day: more than that of the average future,
 * because a good week does not make up for a lot that has expired in a bad one.
 */
export function unsellableOfPaths(
  lots: readonly LotLeft[],
  paths: readonly ArrayLike<number>[],
  asOf: string,
): Unsellable[] {
  if (paths.length === 0) throw new RangeError('an average over no futures');
  const sums = new Map<number, { lotId: number; expiryDate: string; quantity: number }>();
  for (const path of paths) {
    for (const one of unsellable(lots, path, asOf)) {
      const sum = sums.get(one.lotId) ?? { ...one, quantity: 0 };
      sum.quantity += one.quantity / paths.length;
      sums.set(one.lotId, sum);
    }
  }
  return [...sums.values()].sort((a, b) => (a.expiryDate < b.expiryDate ? -1 : 1));
}

/**
 * A day-by-day projection of the same rule, for pictures: what is sold and what expires on each day. `other` = units
 * that keep. Every unit of the beginning is sold, expired or left at the end, and none is sold after its day.
 */
export function projectExpiry(
  lots: readonly LotLeft[],
  other: number,
  demand: DailyDemand,
  asOf: string,
  days: number,
): readonly {
  readonly day: string;
  readonly sold: number;
  readonly expired: number;
  readonly left: number;
}[] {
  const ordered = [...lots].sort(byExpiry).map((lot) => ({ ...lot }));
  let keeps = Math.max(0, other);
  const rows = [];
  for (let i = 1; i <= days; i++) {
    const day = addDays(asOf, i);
    let expired = 0;
    for (const lot of ordered) {
      if (lot.expiryDate === null || lot.expiryDate >= day) continue;
      expired += lot.left;
      lot.left = 0;
    }
    let wanted = demandUpTo(demand, i) - demandUpTo(demand, i - 1);
    let sold = 0;
    const sell = (there: number) => {
      const units = Math.min(there, wanted);
      wanted -= units;
      sold += units;
      return units;
    };
    for (const lot of ordered) lot.left -= sell(lot.left);
    keeps -= sell(keeps);
    const left = keeps + ordered.reduce((sum, lot) => sum + lot.left, 0);
    rows.push({ day, sold, expired, left });
  }
  return rows;
}

function demandUpTo(demand: DailyDemand, days: number): number {
  if (days <= 0) return 0;
  if (typeof demand === 'number') return Math.max(0, demand) * days;
  if (demand.length === 0) return 0;
  let sum = 0;
  const known = Math.min(days, demand.length);
  for (let i = 0; i < known; i++) sum += Math.max(0, demand[i]!);
  return sum + Math.max(0, demand[demand.length - 1]!) * (days - known);
}
