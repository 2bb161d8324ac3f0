import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { toDecimal } from '../../../shared/contracts/csv/cells.ts';
import { categoryOf } from './categories.ts';
import { type ArticleHistory, readHistory } from './read-history.ts';
import { inventSupply, type Terms } from './replenish.ts';
import { SUPPLIERS, supplierOf } from './suppliers.ts';

const SEED = 20101201;
const FIRST_DAY = '2010-12-01';
const DAYS = 243;
const OPENING_TIME = '2010-11-30 18:00:00';

/** Rows that a careful import must refuse: the supplier's clerk was in a hurry. */
const DIRTY_SUPPLIER_ITEMS = [
  'SYN-03,22423,5.10,about two weeks,3,12,6,1,1',
  'SYN-01,85123A,TBC,5,1,24,12,1,1',
  'SYN-07,22086,-0.95,35,8,24,12,1,1',
  'SYN-99,84879,0.62,21,5,48,24,1,1',
  'SYN-02,21212,0.21,7,2,100,0,1,1',
];

/** The invented files that go with the real order lines, as CSV text by file name. The same seed gives the same text. */
export async function generateSample(historyPath: string): Promise<ReadonlyMap<string, string>> {
  const articles = await readHistory(historyPath);
  const products = ['product_id,product_name,category,unit_price,cost,is_service,is_synthetic'];
  const items = [
    'supplier_id,product_id,unit_cost,lead_time_days,lead_time_deviation,minimum_quantity,order_multiple,priority,is_synthetic',
  ];
  const stock = ['product_id,quantity,date,is_synthetic'];
  const receipts: string[][] = [];
  for (const article of articles) {
    const roll = rollsOf(article.productId);
    const category = article.isService ? '' : categoryOf(article.name);
    if (article.isService || article.price === null) {
      products.push(
        [article.productId, quote(article.name), category, '', '', article.isService ? 1 : 0, 1].join(),
      );
      continue;
    }
    const supplier = supplierOf(category, roll(0, 99));
    const cost = Math.round((article.price * roll(...supplier.costShare)) / 100);
    const terms: Terms = { supplier, ...lotOf(article.price, roll) };
    products.push(
      [
        article.productId,
        quote(article.name),
        category,
        toDecimal(article.price),
        toDecimal(cost),
        0,
        1,
      ].join(),
    );
    items.push(
      [
        supplier.id,
        article.productId,
        toDecimal(cost),
        supplier.leadTimeDays,
        supplier.leadTimeDeviation,
        terms.minimumQuantity,
        terms.orderMultiple,
        1,
        1,
      ].join(),
    );
    const supply = inventSupply(article, FIRST_DAY, DAYS, terms, roll);
    stock.push([article.productId, supply.opening, OPENING_TIME, 1].join());
    for (const { date, quantity } of supply.receipts)
      receipts.push(receiptRow(article, supplier.id, date, quantity));
  }
  receipts.sort((a, b) => (`${a[2]}${a[0]}` < `${b[2]}${b[0]}` ? -1 : 1));
  return new Map([
    ['synthetic-suppliers.csv', csv(supplierRows())],
    ['synthetic-sellers.csv', csv(['seller_id,seller_name', 'SYN-SELLER-1,Own web shop (synthetic)'])],
    ['synthetic-products.csv', csv(products)],
    ['synthetic-supplier-items.csv', csv([...items, ...DIRTY_SUPPLIER_ITEMS])],
    ['synthetic-stock-on-hand.csv', csv(stock)],
    [
      'synthetic-receipts.csv',
      csv([
        'receipt_id,product_id,date,quantity,supplier_id,is_synthetic',
        ...receipts.map((row) => row.join()),
      ]),
    ],
  ]);
}

/** Cheap articles come in large lots. */
function lotOf(price: number, roll: (low: number, high: number) => number) {
  const orderMultiple = price < 10_000 ? 24 : price < 40_000 ? 12 : price < 100_000 ? 6 : 2;
  return { orderMultiple, minimumQuantity: orderMultiple * roll(1, 4) };
}

function receiptRow(article: ArticleHistory, supplierId: string, date: string, quantity: number): string[] {
  const receiptId = `SYN-${article.productId}-${date}`;
  return [receiptId, article.productId, `${date} 07:00:00`, String(quantity), supplierId, '1'];
}

function supplierRows(): string[] {
  return [
    'supplier_id,supplier_name,currency,minimum_order,is_synthetic',
    ...SUPPLIERS.map((supplier) => [supplier.id, supplier.name, 'GBP', supplier.minimumOrder, 1].join()),
  ];
}

/** Seeded whole numbers of one article: they do not change when other articles come or go. */
function rollsOf(productId: string): (low: number, high: number) => number {
  const generator = xoroshiro128plus(
    createHash('sha256').update(`${SEED}:${productId}`).digest().readInt32LE(),
  );
  return (low, high) => uniformInt(generator, low, high);
}

const csv = (rows: readonly string[]): string => `${rows.join('\n')}\n`;
const quote = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

if (import.meta.main) {
  const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  for (const [name, text] of await generateSample(here('online-retail-2010-12-to-2011-07.csv.gz'))) {
    await writeFile(here(`${name}.gz`), gzipSync(text, { level: 9 }));
  }
}
