import { expect, test } from 'vitest';
import { TEMPLATES } from '../../shared/contracts/csv/templates.ts';
import { suggestColumns, suggestTemplate } from '../../web/src/data/suggest-mapping.ts';
import { uploadName } from '../../web/src/data/upload-name.ts';

const templates = TEMPLATES.map(({ name, required, optional }) => ({
  name,
  required: [...required],
  optional: [...optional],
}));
const sales = templates.find(({ name }) => name === 'sales_lines')!;

test('the name of a file becomes one that the API takes, and keeps its ending', () => {
  const taken = /^[\w][\w.\- ()]{0,119}$/;
  expect(uploadName('sales 2024 (1).csv')).toBe('sales 2024 (1).csv');
  expect(uploadName('Verkäufe & Co.csv')).toBe('Verkaufe - Co.csv');
  for (const name of [
    '.csv',
    '売上.csv',
    '',
    '../../etc/passwd',
    `${'ß'.repeat(50)}x${'a'.repeat(200)}.csv.gz`,
  ])
    expect(uploadName(name)).toMatch(taken);
  expect(uploadName(`${'a'.repeat(200)}.gz`)).toMatch(/^a{117}\.gz$/);
});

test('headers that are, or mean, a column are suggested for it, each once', () => {
  const headers = ['Order No', 'LINE', 'Sold At', 'SKU', 'Qty', 'Price', 'Till'];
  expect(suggestColumns(sales, headers)).toEqual({
    order_id: 'Order No',
    line: 'LINE',
    date: 'Sold At',
    product_id: 'SKU',
    quantity: 'Qty',
    unit_price: 'Price',
  });
  const twice = suggestColumns(sales, ['item', 'product_id']);
  expect(twice).toEqual({ product_id: 'product_id' });
});

test('the template is suggested of which most columns are there, sales where none is', () => {
  expect(suggestTemplate(templates, ['Supplier', 'SKU', 'unit cost', 'Lead Time Days']).name).toBe(
    'supplier_items',
  );
  expect(suggestTemplate(templates, ['Kunde', 'Wert']).name).toBe('sales_lines');
});
