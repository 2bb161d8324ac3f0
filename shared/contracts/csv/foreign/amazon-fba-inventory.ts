import type { CanonicalRow } from '../foreign-format.ts';
import { FBA, FBA_UNSELLABLE } from './amazon-places.ts';
import { amount, canonical, fail, foreignFormat, MEMORY, Mentioned } from './cells.ts';

/**
 * What lies at Amazon by condition, as its report of fulfilled inventory counts it. A SKU may have several rows of one
 * place, by label and kind of damage: each counts with those before it.
 */
export const amazonAfnInventory = foreignFormat({
  name: 'amazon_afn_inventory',
  isUnquoted: true,
  signatures: [['seller-sku', 'fulfillment-channel-sku', 'warehouse-condition-code', 'quantity available']],
  open(file) {
    const mentioned = new Mentioned();
    const sums = new Map<string, number>();
    return (row) => {
      const product_id = row.text('seller-sku') || fail('seller-sku', 'is empty');
      const stated = row.units('quantity available') ?? fail('quantity available', 'is empty');
      const isSellable = row.text('warehouse-condition-code').toUpperCase() === 'SELLABLE';
      const location_id = isSellable ? FBA : FBA_UNSELLABLE;
      const position = `${product_id}\n${location_id}`;
      // A sum that is forgotten would be a wrong count.
      if (sums.size >= MEMORY && !sums.has(position)) fail('seller-sku', `is one of more than ${MEMORY}`);
      const quantity = (sums.get(position) ?? 0) + stated;
      sums.set(position, quantity);
      return {
        rows: [
          ...mentioned.location(location_id, nameOf(location_id)),
          canonical('stock_on_hand', { product_id, location_id, quantity, date: file.droppedAt }),
        ],
      };
    };
  },
});

/**
 * The report of managed FBA inventory: what can be sold and what cannot, and what the seller keeps himself. Reserved
 * units belong to orders and are sold already; inbound ones have not come.
 */
export const amazonMyiInventory = foreignFormat({
  name: 'amazon_myi_inventory',
  isUnquoted: true,
  signatures: [['sku', 'fnsku', 'asin', 'afn-fulfillable-quantity']],
  open(file) {
    const mentioned = new Mentioned();
    return (row) => {
      const product_id = row.text('sku') || fail('sku', 'is empty');
      const count = (location_id: string | undefined, quantity: number | undefined): CanonicalRow[] =>
        quantity === undefined
          ? []
          : [
              ...(location_id === undefined ? [] : mentioned.location(location_id, nameOf(location_id))),
              canonical('stock_on_hand', { product_id, location_id, quantity, date: file.droppedAt }),
            ];
      const isOwnListing = /^yes$/i.test(row.text('mfn-listing-exists'));
      const rows = [
        ...count(FBA, row.units('afn-fulfillable-quantity')),
        ...count(FBA_UNSELLABLE, row.units('afn-unsellable-quantity')),
        ...count(undefined, isOwnListing ? row.units('mfn-fulfillable-quantity') : undefined),
      ];
      if (rows.length === 0) return { excluded: 'no quantity' };
      const product_name = row.text('product-name').slice(0, 255) || product_id;
      const unit_price = amount(row.money('your-price'));
      return {
        rows: [canonical('products', { product_id, product_name, unit_price }, { stub: true }), ...rows],
      };
    };
  },
});

const nameOf = (location: string): string =>
  location === FBA ? 'Fulfilment by Amazon' : 'Fulfilment by Amazon, not sellable';
