import { chanceAt } from './chance-at.ts';

/** Days in which a product has at most one promotion. */
const BLOCK = 28;
/** Chance of a promotion in a block: about three a year. */
const CHANCE = 0.25;
const SHORTEST = 7;
const LONGEST = 14;
const DISCOUNTS = [0.1, 0.2, 0.3] as const;

/** Price cut of a product on a day, 0 without a promotion. `key` is the product's. */
export function discountOn(key: number, day: number): number {
  const block = Math.floor(day / BLOCK);
  if (chanceAt(key, block, 30) >= CHANCE) return 0;
  const days = SHORTEST + Math.floor(chanceAt(key, block, 31) * (LONGEST - SHORTEST + 1));
  const first = Math.floor(chanceAt(key, block, 32) * (BLOCK - days + 1));
  const at = day - block * BLOCK;
  if (at < first || at >= first + days) return 0;
  return DISCOUNTS[Math.floor(chanceAt(key, block, 33) * DISCOUNTS.length)]!;
}

/** What a price cut does to demand: (1 - discount)^-elasticity. A cut of 20 % at elasticity 2: 1.5625. */
export const upliftOf = (discount: number, elasticity: number): number => (1 - discount) ** -elasticity;
