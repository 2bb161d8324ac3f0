/** How items sell by their age in periods, next to their own level: 1 on average over the curve's ages. */
export type LaunchCurve = readonly number[];

/** Rounds of the fit; it stops sooner when nothing moves. */
const MOST_ROUNDS = 100;
const STILL = 1e-10;
/** A flat curve counts as much as this many launches of the usual level: one item alone makes no curve. */
const FLAT_LAUNCHES = 1;

/**
 * The curve that launches have in common: quantity(item, age) = level(item) * curve(age), by the method of marginal totals
 * (Bailey 1963; maximum likelihood of Poisson counts), so that short-lived items count for the ages they have seen.
 * `launches` hold quantities from the launch on, NaN unknown; ages without any are like the one before.
 */
export function launchCurve(launches: readonly ArrayLike<number>[], ages: number): LaunchCurve {
  const curve = new Float64Array(ages).fill(1);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const levels = launches.map((quantities) => levelOn(quantities, curve));
    const prior = (FLAT_LAUNCHES * levels.reduce((sum, level) => sum + level, 0)) / launches.length;
    if (!(prior > 0)) break;
    let moved = 0;
    let before = 1;
    for (let age = 0; age < ages; age++) {
      let sold = prior;
      let expected = prior;
      launches.forEach((quantities, i) => {
        const value = quantities[age] ?? Number.NaN;
        if (Number.isNaN(value)) return;
        sold += value;
        expected += levels[i]!;
      });
      const value = expected > prior ? Math.max(0, sold / expected) : before;
      moved = Math.max(moved, Math.abs(value - curve[age]!));
      curve[age] = before = value;
    }
    const mean = curve.reduce((sum, value) => sum + value / ages, 0);
    for (let age = 0; age < ages; age++) curve[age]! /= mean;
    if (moved < STILL) break;
  }
  return Array.from(curve);
}

/** Level of an item by the ages it has seen: what it sold over what the curve says for a level of 1; 0 for none known. */
export function levelOn(quantities: ArrayLike<number>, curve: ArrayLike<number>): number {
  const exposure = exposureOn(quantities, curve);
  return exposure > 0 ? Math.max(0, soldOn(quantities)) / exposure : 0;
}

/** Sum of the curve over the known ages; past the end it is as at the end. */
export function exposureOn(quantities: ArrayLike<number>, curve: ArrayLike<number>): number {
  let exposure = 0;
  for (let age = 0; age < quantities.length; age++)
    if (!Number.isNaN(quantities[age]!)) exposure += curveAt(curve, age);
  return exposure;
}

export function soldOn(quantities: ArrayLike<number>): number {
  let sold = 0;
  for (let age = 0; age < quantities.length; age++) sold += quantities[age]! || 0;
  return sold;
}

/** The curve at an age; past its end as at its end. */
export function curveAt(curve: ArrayLike<number>, age: number): number {
  return curve[Math.min(age, curve.length - 1)]!;
}
