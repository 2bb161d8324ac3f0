import type { SupplierItem } from '../../shared/data/purchasing/supplier-item-store.ts';
import type { SeriesInput } from './assess-series.ts';

/**
 * What a unit brings when it is sold, beyond what it costs. Without a price in the currency of the supplier that is not
 * known, and taken to be as much as it costs.
 */
export function marginOf(
  { price, currency }: Pick<SeriesInput, 'price' | 'currency'>,
  item: Pick<SupplierItem, 'currency'>,
  unitCost: number,
): number {
  return price === null || currency !== item.currency ? unitCost : Math.max(0, price - unitCost);
}
