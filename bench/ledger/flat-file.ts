import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { addDays } from '../../shared/core/calendar/add-days.ts';

/** Products, sellers, and orders a customer of the invented shop. */
const PRODUCTS = 9_000;
const SELLERS = 900;
const ORDERS_PER_CUSTOMER = 7;
const DAYS = 1_827;
const LINES_PER_PIECE = 2_000;

const HEADER =
  'OrderID,OrderDate,CustomerID,CustomerName,ProductID,ProductName,Category,Brand,Quantity,UnitPrice,Discount,Tax,' +
  'ShippingCost,TotalAmount,PaymentMethod,OrderStatus,City,State,Country,SellerID\n';

/** Opening stock that outlasts every order. */
export function stockFile(): string {
  const rows = Array.from({ length: PRODUCTS }, (_, n) => `${productOf(n)},5000000,2019-12-31\n`);
  return `product_id,quantity,date\n${rows.join('')}`;
}

/** Writes `lines` orders of five years in the 20-column layout, the same for the same number; answers its bytes. */
export async function writeFlatFile(path: string, lines: number): Promise<number> {
  await pipeline(Readable.from(pieces(lines)), createGzip({ level: 1 }), createWriteStream(path));
  return (await stat(path)).size;
}

function* pieces(lines: number): Generator<string> {
  yield HEADER;
  for (let from = 0; from < lines; from += LINES_PER_PIECE) {
    const to = Math.min(lines, from + LINES_PER_PIECE);
    let piece = '';
    for (let n = from; n < to; n++) piece += lineOf(n, lines);
    yield piece;
  }
}

function lineOf(n: number, lines: number): string {
  const chance = scramble(n);
  const product = chance % PRODUCTS;
  const customer = Math.floor(scramble(n + 7) % Math.max(1, lines / ORDERS_PER_CUSTOMER));
  const quantity = 1 + (chance % 5);
  const cents = 199 + (product % 400) * 25;
  const total = ((cents * quantity) / 100).toFixed(2);
  const status = chance % 20 === 0 ? 'Returned' : chance % 33 === 0 ? 'Cancelled' : 'Delivered';
  const day = addDays('2020-01-01', Math.floor((n * DAYS) / lines));
  return (
    `ORD${lines}-${n},${day},CUST${customer},Customer ${customer},${productOf(product)},Product ${product},` +
    `Category ${product % 10},Brand ${product % 60},${quantity},${(cents / 100).toFixed(2)},0,0,0,${total},Card,` +
    `${status},City ${customer % 300},State ${customer % 50},United States,SELL${product % SELLERS}\n`
  );
}

const productOf = (n: number): string => `PROD${n}`;

/** A whole number that looks like chance. */
function scramble(n: number): number {
  let x = (n + 1) * 2654435761;
  x ^= x >>> 15;
  x = Math.imul(x, 2246822519);
  x ^= x >>> 13;
  return x >>> 0;
}
