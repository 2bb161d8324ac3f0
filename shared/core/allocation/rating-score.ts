import type { Popularity } from '../sourcing/cold-allocation.ts';

/**
 * How much a product's stars speak for it, 0 to about 1.5:
 *   score = rating / 5 * log10(reviews + 1) / 4        4.7 stars of 59 reviews: 0.4179
 * Found from three printed scores; ten thousand reviews at five stars make 1.
 */
export function ratingScore({ rating, reviews }: Popularity): number {
  return ((rating ?? 0) / 5) * (Math.log10((reviews ?? 0) + 1) / 4);
}

/** Bounds of its first allocation from a category's stock: floor(0.1 score total) to floor(0.8 score total). */
export function ratingBounds(
  product: Popularity,
  total: number,
): { readonly lower: number; readonly upper: number } {
  const weighed = ratingScore(product) * total;
  return { lower: Math.floor(0.1 * weighed), upper: Math.floor(0.8 * weighed) };
}
