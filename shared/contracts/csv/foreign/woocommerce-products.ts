import type { CanonicalRow } from '../foreign-format.ts';
import { amount, type Cells, canonical, fail, foreignFormat, MEMORY } from './cells.ts';

/** What variations take from their parent. */
interface Parent {
  readonly sku: string;
  readonly category: string;
  readonly brand: string;
}

/**
 * Products as WooCommerce exports them: parents of variations are no products that lie anywhere, variations are.
 * An empty stock is one that the shop does not manage: no count. Stock that is managed at the parent is shared by its
 * variations and belongs to none of them.
 */
export const woocommerceProducts = foreignFormat({
  name: 'woocommerce_products',
  signatures: [['id', 'type', 'sku', 'name', 'in stock?', 'stock', 'regular price']],
  open(file) {
    const parents = new Map<string, Parent>();
    return (row) => {
      const id = row.text('id');
      const types = row.text('type').toLowerCase().split(/,\s*/);
      const sku = row.text('sku');
      if (types.includes('variable')) {
        const parent = { sku, category: categoryOf(row), brand: row.text('brands').split(',')[0]!.trim() };
        if (parents.size < MEMORY) {
          if (id !== '') parents.set(`id:${id}`, parent);
          if (sku !== '') parents.set(sku, parent);
        }
        return { excluded: 'parent of variations' };
      }
      if (types.includes('grouped')) return { excluded: 'group of products' };
      if (types.includes('external')) return { excluded: 'sold by somebody else' };

      const parent = types.includes('variation') ? parents.get(row.text('parent')) : undefined;
      // A variation without a SKU of its own shows that of its parent.
      const ownSku = sku === parent?.sku ? '' : sku;
      if (ownSku === '' && id === '') fail('sku', 'is empty, and so is the ID');
      const product_id = ownSku || `woo-${id}`;
      const imputed = ownSku === '' ? ['product_id from the ID: the product has no SKU'] : [];
      const backorders = row.text('backorders allowed?').toLowerCase();
      const isService = types.includes('virtual') || types.includes('downloadable');
      const rows: CanonicalRow[] = [
        canonical('products', {
          product_id,
          product_name: row.text('name').slice(0, 255),
          category: categoryOf(row) || parent?.category,
          brand: row.text('brands').split(',')[0]!.trim().slice(0, 100) || parent?.brand,
          unit_price: amount(row.money('regular price')),
          is_service: isService,
          backorders_allowed: backorders === '' ? undefined : backorders === '1' || backorders === 'notify',
          is_active: activeOf(row),
        }),
      ];
      const stock = row.text('stock');
      if (stock !== '' && stock.toLowerCase() !== 'parent' && !isService) {
        const units = row.units('stock')!;
        if (units < 0) imputed.push('quantity 0 for stock below zero');
        rows.push(
          canonical('stock_on_hand', { product_id, quantity: Math.max(units, 0), date: file.droppedAt }),
        );
      }
      return { rows, imputed };
    };
  },
});

/** The last step of the first category: `Clothing > Shirts, Sale` are shirts. */
function categoryOf(row: Cells): string {
  const [first] = row.text('categories').split(/(?<!\\),/);
  return first!.split('>').at(-1)!.replaceAll('\\,', ',').trim().slice(0, 100);
}

/** 1 published, 0 private, -1 draft. */
function activeOf(row: Cells): boolean | undefined {
  const published = row.text('published');
  return published === '' ? undefined : published !== '-1';
}
