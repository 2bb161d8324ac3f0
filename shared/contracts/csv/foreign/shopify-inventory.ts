import type { CanonicalRow, FileContext } from '../foreign-format.ts';
import { type Cells, canonical, fail, foreignFormat, Mentioned, type RowTranslator } from './cells.ts';
import { variantId, variantName } from './shopify-variant.ts';

/**
 * Stock as Shopify exports it. Newer files have a row per variant and location: `On hand (new)`, what somebody typed in,
 * comes before `On hand (current)`, what Shopify had. Units that are committed are sold already, so they do not count.
 * Older files have a column per location instead. `not stocked` is no quantity.
 */
export const shopifyInventory = foreignFormat({
  name: 'shopify_inventory',
  signatures: [
    ['handle', 'sku', 'location', 'on hand (current)'],
    ['handle', 'sku', 'location', 'on hand', 'committed'],
    ['handle', 'title', 'option1 name', 'option1 value', 'sku', 'hs code', 'coo'],
  ],
  open: (file) => {
    const names = file.headers.map((header) => header.trim().toLowerCase());
    return names.includes('location') ? byRow(file) : byColumn(file);
  },
});

function byRow(file: FileContext): RowTranslator {
  const mentioned = new Mentioned();
  return (row) => {
    const text = row.text('on hand (new)', 'on hand (current)', 'on hand');
    if (text === '') return { excluded: 'no quantity' };
    if (isNotStocked(text)) return { excluded: 'not stocked at the location' };
    const location = row.text('location') || fail('location', 'is empty');
    const onHand = row.units('on hand (new)', 'on hand (current)', 'on hand')!;
    const committed = committedOf(row);
    const imputed = [...imputedId(row), ...(onHand < 0 ? [NEGATIVE] : [])];
    return {
      rows: [
        ...mentioned.location(location),
        product(row),
        canonical('stock_on_hand', {
          product_id: variantId(row, 'sku'),
          location_id: location,
          quantity: Math.max(onHand, 0),
          committed: Math.min(committed, Math.max(onHand, 0)),
          date: file.droppedAt,
        }),
      ],
      imputed,
    };
  };
}

const NEGATIVE = 'quantity 0 for stock below zero';

function committedOf(row: Cells): number {
  const text = row.text('committed (not editable)', 'committed');
  if (text === '' || isNotStocked(text)) return 0;
  return Math.max(row.units('committed (not editable)', 'committed')!, 0);
}

const OWN_COLUMNS = /^(handle|title|option[123] (name|value)|sku|barcode|hs code|coo)$/;

function byColumn(file: FileContext): RowTranslator {
  const places = file.headers
    .map((header) => header.trim())
    .filter((header) => header !== '' && !OWN_COLUMNS.test(header.toLowerCase()));
  const mentioned = new Mentioned();
  return (row) => {
    const imputed = [...imputedId(row)];
    const counts = places.flatMap((place): CanonicalRow[] => {
      const column = place.toLowerCase();
      const text = row.text(column);
      if (text === '' || isNotStocked(text)) return [];
      const onHand = row.units(column)!;
      if (onHand < 0) imputed.push(NEGATIVE);
      return [
        ...mentioned.location(place),
        canonical('stock_on_hand', {
          product_id: variantId(row, 'sku'),
          location_id: place,
          quantity: Math.max(onHand, 0),
          date: file.droppedAt,
        }),
      ];
    });
    if (counts.length === 0) return { excluded: 'not stocked at any location' };
    return { rows: [product(row), ...counts], imputed };
  };
}

const isNotStocked = (text: string): boolean => /^not stocked$/i.test(text);

const imputedId = (row: Cells): string[] =>
  row.text('sku') === '' ? ['product_id from handle and options: the variant has no SKU'] : [];

const product = (row: Cells): CanonicalRow =>
  canonical(
    'products',
    { product_id: variantId(row, 'sku'), product_name: variantName(row, row.text('title')) },
    { stub: true },
  );
