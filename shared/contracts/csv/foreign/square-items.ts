import type { CanonicalRow } from '../foreign-format.ts';
import { zoneNamed } from '../zone-time.ts';
import {
  amount,
  Cells,
  canonical,
  fail,
  foreignFormat,
  MEMORY,
  Mentioned,
  slug,
  unitPriceOf,
} from './cells.ts';

/**
 * Square's detail of items sold, 24 to 35 columns by vintage, found by name: a row an item of a transaction. A line is
 * the transaction and its number in it, as the rows stand; refunds bring their units back and are numbered apart, by
 * their payment. Times are of the zone that
 * the row names, as Square shows it.
 */
export const squareItems = foreignFormat({
  name: 'square_items',
  signatures: [
    ['date', 'time', 'item', 'qty', 'price point name', 'gross sales', 'transaction id', 'event type'],
  ],
  open(file) {
    const mentioned = new Mentioned();
    const lines = new Map<string, number>();
    return (row) => {
      const transaction = row.text('transaction id') || fail('transaction id', 'is empty');
      const event = row.text('event type').toLowerCase();
      const isRefund = event === 'refund';
      // A refund may name the transaction that it refunds, and come in the same export as it or in a later one.
      const refund = isRefund
        ? `refund ${row.text('payment id') || `${row.text('date')} ${row.text('time')}`} `.slice(0, 50)
        : '';
      const counted = `${transaction}\n${refund}`;
      if (lines.size >= MEMORY && !lines.has(counted)) lines.clear();
      const no = (lines.get(counted) ?? 0) + 1;
      lines.set(counted, no);
      const type = row.text('itemization type').toLowerCase().replaceAll(/[\s_]/g, '');
      const item = row.text('item');
      if (type === 'customamount' || /^custom amount$/i.test(item)) return { excluded: 'custom amount' };
      if (type.startsWith('giftcard')) return { excluded: 'gift card' };
      if (item === '') return { excluded: 'no item' };

      if (event !== 'payment' && event !== 'refund') fail('event type', 'is neither Payment nor Refund');
      const units = Math.abs(row.units('qty') ?? fail('qty', 'is empty'));
      if (units === 0) fail('qty', 'is zero');
      const gross = Math.abs(row.money('gross sales') ?? fail('gross sales', 'is empty'));
      const { price, remainder } = unitPriceOf(gross, units);
      // Square writes discounts of payments below zero
      const discount = Math.abs(row.money('discounts') ?? 0) + remainder;
      const sign = isRefund ? -1 : 1;
      const sku = row.text('sku');
      const point = row.text('price point name');
      const isOnly = point === '' || /^regular$/i.test(point);
      const location = row.text('location');
      const rows: CanonicalRow[] = [
        ...(location === '' ? [] : mentioned.location(location.slice(0, 50), location.slice(0, 100))),
        canonical('sales_lines', {
          order_id: transaction,
          line: `${refund}${no}`,
          date: timeOf(row, file.style.timeZone),
          product_id: sku || slug(item, isOnly ? '' : point),
          product_name: (isOnly ? item : `${item} (${point})`).slice(0, 255),
          category: row
            .text('category')
            .replace(/^(none|uncategorized)$/i, '')
            .slice(0, 100),
          quantity: sign * units,
          unit_price: amount(price),
          discount: amount(sign * discount),
          tax: amount(sign * Math.abs(row.money('tax') ?? 0)),
          reason: isRefund ? (row.text('details', 'notes') || 'refund').slice(0, 255) : undefined,
          location_id: location.slice(0, 50),
          customer_id: row.text('customer id', 'customer reference id'),
          customer_name: row.text('customer name').slice(0, 255),
        }),
      ];
      return sku === ''
        ? { rows, imputed: ['product_id from the name of the item: it has no SKU'] }
        : { rows };
    };
  },
});

function timeOf(row: Cells, fallback: string): string {
  const [date, clock, shown] = [row.text('date'), row.text('time'), row.text('time zone')];
  const timeZone = shown === '' ? fallback : (zoneNamed(shown) ?? fail('time zone', 'is of no known name'));
  const at = new Cells({ date: `${date} ${clock}`.trim() }, { ...row.style, timeZone });
  return at.time('date') ?? fail('date', 'is empty');
}
