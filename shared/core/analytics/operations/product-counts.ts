import { byName, type LedgerRow, type ProductRow } from './metric-data.ts';

/** How many goods there are. A product is stocked from its first movement on, in stock while units of it are there. */
export interface ProductCounts {
  readonly operation: 'product_counts';
  /** Last day that counts; null where there is no data. */
  readonly through: string | null;
  /** Products of the list, whatever moved. */
  readonly catalogue: number;
  readonly stocked: number;
  readonly in_stock: number;
  readonly out_of_stock: number;
  readonly units_on_hand: number;
  /** By name; products without a category last, as null. */
  readonly by_category: readonly CategoryCount[];
}

export interface CategoryCount {
  readonly category: string | null;
  readonly catalogue: number;
  readonly stocked: number;
  readonly in_stock: number;
  readonly out_of_stock: number;
  readonly units_on_hand: number;
}

/** Counts of products up to the end of a day, by category and together. */
export function productCounts(
  products: readonly ProductRow[],
  ledger: readonly LedgerRow[],
  through: string | null,
): ProductCounts {
  const units = new Map<string, number>();
  for (const row of ledger)
    if (through === null || row.date <= through)
      units.set(row.productId, (units.get(row.productId) ?? 0) + row.quantityChange);
  const categories = Map.groupBy(products, (product) => product.category);
  return sumCounts(
    [...categories].map(([category, members]) => {
      const stocked = members.flatMap(({ productId }) => units.get(productId) ?? []);
      const inStock = stocked.filter((level) => level > 0).length;
      return {
        category,
        catalogue: members.length,
        stocked: stocked.length,
        in_stock: inStock,
        out_of_stock: stocked.length - inStock,
        units_on_hand: stocked.reduce((sum, level) => sum + level, 0),
      };
    }),
    through,
  );
}

/** The answer, given what is counted of each category. */
export function sumCounts(categories: readonly CategoryCount[], through: string | null): ProductCounts {
  const sum = (count: (category: CategoryCount) => number) =>
    categories.reduce((total, category) => total + count(category), 0);
  return {
    operation: 'product_counts',
    through,
    catalogue: sum((category) => category.catalogue),
    stocked: sum((category) => category.stocked),
    in_stock: sum((category) => category.in_stock),
    out_of_stock: sum((category) => category.out_of_stock),
    units_on_hand: sum((category) => category.units_on_hand),
    by_category: categories.toSorted((a, b) => byName(a.category, b.category)),
  };
}
