import type { CanonicalRow } from '../foreign-format.ts';
import { amount, type Cells, canonical, fail, foreignFormat } from './cells.ts';
import { variantId, variantName } from './shopify-variant.ts';

/** What the first row of a product says of all its variants. */
interface Product {
  readonly handle: string;
  readonly title: string;
  readonly category: string;
  readonly brand: string;
  readonly isActive: boolean | undefined;
  readonly isService: boolean;
}

/** Where each thing stands in files of the older and of the newer headers. */
const COLUMNS = {
  handle: ['handle', 'url handle'],
  sku: ['variant sku', 'sku'],
  price: ['variant price', 'price'],
  quantity: ['variant inventory qty', 'inventory quantity'],
  policy: ['variant inventory policy', 'continue selling when out of stock'],
  tracker: ['variant inventory tracker', 'inventory tracker'],
} as const;

/**
 * Products as Shopify exports them, with the headers of both generations: a row a variant, grouped by handle, what is
 * true of the product in its first row only. Rows that only add a picture are left out. Quantities are in the file of
 * shops with one location; they are counted at the default location.
 */
export const shopifyProducts = foreignFormat({
  name: 'shopify_products',
  signatures: [
    ['handle', 'title', 'variant sku', 'variant price'],
    ['url handle', 'title', 'sku', 'price', 'option1 name'],
  ],
  open(file) {
    let product: Product | undefined;
    return (row) => {
      const handle = row.text(...COLUMNS.handle) || fail('handle', 'is empty');
      if (product?.handle !== handle) product = productOf(row, handle);
      const sku = row.text(...COLUMNS.sku);
      const isVariant = sku !== '' || row.text(...COLUMNS.price, 'option1 value') !== '';
      if (!isVariant) return { excluded: 'only a picture' };
      const id = sku || variantId(row, 'sku');
      const imputed = sku === '' ? ['product_id from handle and options: the variant has no SKU'] : [];
      const rows: CanonicalRow[] = [
        canonical('products', {
          product_id: id,
          product_name: variantName(row, product.title),
          category: product.category,
          brand: product.brand,
          unit_price: amount(row.money(...COLUMNS.price)),
          cost: amount(row.money('cost per item')),
          is_service: product.isService,
          backorders_allowed: backordersOf(row),
          is_active: product.isActive,
        }),
      ];
      const isTracked = row.text(...COLUMNS.tracker) !== '';
      const units = isTracked ? row.units(...COLUMNS.quantity) : undefined;
      if (units !== undefined && !product.isService) {
        if (units < 0) imputed.push('quantity 0 for stock below zero');
        rows.push(
          canonical('stock_on_hand', { product_id: id, quantity: Math.max(units, 0), date: file.droppedAt }),
        );
      }
      return { rows, imputed };
    };
  },
});

function productOf(row: Cells, handle: string): Product {
  const taxonomy = row.text('product category').split('>').at(-1)!.trim();
  const status = row.text('status').toLowerCase();
  return {
    handle,
    title: row.text('title') || fail('title', 'is empty in the first row of its handle'),
    category: (row.text('type', 'custom product type') || taxonomy).slice(0, 100),
    brand: row.text('vendor').slice(0, 100),
    isActive: status === '' ? undefined : status === 'active',
    isService: row.text('gift card').toLowerCase() === 'true',
  };
}

/** `continue` or `deny` in older files, `TRUE` or `FALSE` in newer ones. */
function backordersOf(row: Cells): boolean | undefined {
  const policy = row.text(...COLUMNS.policy).toLowerCase();
  return policy === '' ? undefined : policy === 'continue' || policy === 'true';
}
