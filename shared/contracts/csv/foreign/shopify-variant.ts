import { type Cells, fail, slug } from './cells.ts';

const OPTIONS = ['option1 value', 'option2 value', 'option3 value'];
/** What Shopify calls the only variant of a product without options. */
const ONLY = 'default title';

/** Values of the options that tell the variant from its siblings. */
function optionsOf(row: Cells): string[] {
  return OPTIONS.map((column) => row.text(column)).filter(
    (value) => value !== '' && value.toLowerCase() !== ONLY,
  );
}

/** The SKU of a variant, or an id made of handle and options where it has none. */
export function variantId(row: Cells, skuColumn: string): string {
  const sku = row.text(skuColumn);
  if (sku !== '') return sku;
  const handle = row.text('handle', 'url handle') || fail(skuColumn, 'is empty, and so is the handle');
  return slug(handle, ...optionsOf(row));
}

/** `Blue mug - Large / Matt`. */
export function variantName(row: Cells, title: string): string {
  const options = optionsOf(row);
  const name = title || row.text('handle', 'url handle');
  return (options.length === 0 ? name : `${name} - ${options.join(' / ')}`).slice(0, 255);
}
