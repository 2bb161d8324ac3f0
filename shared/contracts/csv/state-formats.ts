/**
 * Kinds of files whose rows say how things are, and nothing that happened: the price of today, the stock on the shelf. The
 * same words may be true again after others were.
 */
const STATE_FORMATS: ReadonlySet<string> = new Set([
  'products',
  'suppliers',
  'supplier_items',
  'customers',
  'sellers',
  'locations',
  'stock_on_hand',
  'amazon_afn_inventory',
  'amazon_myi_inventory',
  'commercetools_inventory',
  'entity_customers',
  'entity_products',
  'entity_inventory',
  'entity_sellers',
  'erp_items',
  'erp_locations',
  'erp_item_suppliers',
  'erp_buffers',
  'shopify_inventory',
  'shopify_products',
  'woocommerce_products',
]);

/** Whether a file of this kind, imported once more after another of its kind, says something new. */
export const tellsState = (format: string): boolean => STATE_FORMATS.has(format);
