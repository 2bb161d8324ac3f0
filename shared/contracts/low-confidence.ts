import * as z from 'zod';

/**
 * Why people should look at a forecast. `basis`: the products that it is like (same category and a like price, same
 * category, all), its own few periods alone, or nothing but the stock that it began with.
 */
export const LowConfidence = z.object({
  basis: z.enum(['category-and-price', 'category', 'all', 'own', 'initial-stock']),
  /** Products that it is like. */
  analogs: z.int().min(0),
  /** Weight of its own weeks, from 0 to 1; before the first sale of those that it lay in stock. */
  own_weight: z.number().min(0).max(1),
  /** Units that it began with, where its ledger says so. */
  initial_stock: z.int().nullable(),
});
export type LowConfidence = z.infer<typeof LowConfidence>;

const WHOM: Readonly<Record<'category-and-price' | 'category' | 'all', string>> = {
  'category-and-price': 'of its category at a like price',
  category: 'of its category',
  all: 'of all kinds',
};

/** The same in a sentence that a planner can read out. */
export function lowConfidenceInWords({ basis, analogs, own_weight, initial_stock }: LowConfidence): string {
  if (basis === 'initial-stock')
    return `Low confidence: it was never sold and there is no product to compare it with, so it is reordered at a quarter of the ${initial_stock} units that it began with.`;
  if (basis === 'own')
    return 'Low confidence: it was sold for a few weeks only, and there is no product to compare it with.';
  const others = `${analogs} ${analogs === 1 ? 'product' : 'products'} ${WHOM[basis]}`;
  if (own_weight === 0) return `Low confidence: it was never sold; the forecast is that of ${others}.`;
  const share = Math.round(own_weight * 100);
  if (initial_stock !== null)
    return `Low confidence: it was never sold; ${share} % of the forecast comes from its weeks in stock without a sale, the rest from ${others}.`;
  return `Low confidence: it is new; ${share} % of the forecast comes from its own sales, the rest from ${others}.`;
}
