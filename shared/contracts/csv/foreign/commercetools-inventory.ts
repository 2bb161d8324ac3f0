import { canonical, fail, foreignFormat, Mentioned } from './cells.ts';

/** Inventory entries of commercetools: a SKU at a supply channel, or at the default location where it names none. */
export const commercetoolsInventory = foreignFormat({
  name: 'commercetools_inventory',
  signatures: [['sku', 'quantityonstock']],
  open(file) {
    const mentioned = new Mentioned();
    return (row) => {
      const quantity = row.units('quantityonstock') ?? fail('quantityOnStock', 'is empty');
      const available = row.units('availablequantity') ?? quantity;
      const location_id = row.text('supplychannel.key', 'supplychannel');
      const onHand = Math.max(quantity, 0);
      const rows = [
        ...(location_id === '' ? [] : mentioned.location(location_id)),
        canonical('stock_on_hand', {
          product_id: row.text('sku'),
          location_id,
          quantity: onHand,
          // reserved by orders that have not left
          committed: Math.min(Math.max(quantity - available, 0), onHand),
          date: file.droppedAt,
        }),
      ];
      return quantity < 0 ? { rows, imputed: ['quantity 0 for stock below zero'] } : { rows };
    };
  },
});
