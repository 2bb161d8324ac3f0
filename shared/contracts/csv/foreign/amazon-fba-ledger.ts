import type { CanonicalRow } from '../foreign-format.ts';
import { type Cells, canonical, fail, foreignFormat, MEMORY, Mentioned } from './cells.ts';

interface Event {
  readonly column: string;
  /** What it is where it brings units, and where it takes them; an adjustment says why in the reason. */
  readonly in: 'receipt' | 'return' | 'adjustment';
  readonly out: 'sale' | 'damage' | 'adjustment';
  readonly reason: string;
}

const EVENTS: readonly Event[] = [
  { column: 'receipts', in: 'receipt', out: 'adjustment', reason: 'receipt corrected by Amazon' },
  { column: 'customershipments', in: 'adjustment', out: 'sale', reason: 'shipment corrected by Amazon' },
  { column: 'customerreturns', in: 'return', out: 'adjustment', reason: 'customer return' },
  { column: 'vendorreturns', in: 'adjustment', out: 'adjustment', reason: 'sent back to the seller' },
  {
    column: 'warehousetransferin/out',
    in: 'adjustment',
    out: 'adjustment',
    reason: 'between warehouses of Amazon',
  },
  { column: 'found', in: 'adjustment', out: 'adjustment', reason: 'found' },
  { column: 'lost', in: 'adjustment', out: 'adjustment', reason: 'lost' },
  { column: 'damaged', in: 'adjustment', out: 'damage', reason: 'damaged' },
  { column: 'disposed', in: 'adjustment', out: 'adjustment', reason: 'disposed of' },
  { column: 'otherevents', in: 'adjustment', out: 'adjustment', reason: 'other events' },
  { column: 'unknownevents', in: 'adjustment', out: 'adjustment', reason: 'unknown events' },
];

/** Both ways in which Amazon writes its headers. */
const written = (column: string): readonly string[] => SPACED[column] ?? [column];
const SPACED: Readonly<Record<string, readonly string[]>> = {
  startingwarehousebalance: ['starting warehouse balance', 'startingwarehousebalance'],
  endingwarehousebalance: ['ending warehouse balance', 'endingwarehousebalance'],
  customershipments: ['customer shipments', 'customershipments'],
  customerreturns: ['customer returns', 'customerreturns'],
  vendorreturns: ['vendor returns', 'vendorreturns'],
  'warehousetransferin/out': ['warehouse transfer in/out', 'warehousetransferin/out'],
  otherevents: ['other events', 'otherevents'],
  unknownevents: ['unknown events', 'unknownevents'],
};

/**
 * The summary of Amazon's inventory ledger by day: each event of a row is a movement. The balance with which a product
 * starts is counted on its first day in the file; a row whose balances and events do not add up is refused. What
 * cannot be sold lies at a location of its own. The sales of this file move stock and are no demand: its orders are.
 */
export const amazonFbaLedger = foreignFormat({
  name: 'amazon_fba_ledger',
  isUnquoted: true,
  signatures: [
    ['date', 'fnsku', 'msku', 'disposition', 'starting warehouse balance', 'ending warehouse balance'],
    ['date', 'fnsku', 'msku', 'disposition', 'startingwarehousebalance', 'endingwarehousebalance'],
  ],
  open() {
    const mentioned = new Mentioned();
    const days = new Map<string, string>();
    return (row) => {
      const fnsku = row.text('fnsku') || fail('fnsku', 'is empty');
      const day = (row.time('date') ?? fail('date', 'is empty')).slice(0, 10);
      const disposition = (row.text('disposition') || 'SELLABLE').toUpperCase();
      const place = row.text('location').toUpperCase() || 'ALL';
      const location = disposition === 'SELLABLE' ? `FBA-${place}` : `FBA-${place}-${disposition}`;
      const { start, events } = balanceOf(row);

      const key = `${fnsku}:${location}`;
      const before = days.get(key);
      if (before !== undefined && day <= before) {
        fail('date', day === before ? 'is the second of this product, day and place' : ORDER);
      }
      if (days.size >= MEMORY && before === undefined)
        fail('fnsku', `is beyond the ${MEMORY} that are followed`);
      days.set(key, day);

      const product_id = row.text('msku') || fnsku;
      const rows: CanonicalRow[] = [];
      if (before === undefined) {
        rows.push(
          ...mentioned.location(location, `Amazon ${place} ${disposition.toLowerCase()}`),
          canonical(
            'products',
            { product_id, product_name: (row.text('title') || product_id).slice(0, 255) },
            { stub: true },
          ),
          canonical('stock_on_hand', {
            product_id,
            location_id: location,
            quantity: start,
            date: `${day} 00:00:00`,
          }),
        );
      }
      for (const { event, units } of events) {
        const type = units > 0 ? event.in : event.out;
        rows.push(
          canonicalMovement({
            movement_id: `fba:${day}:${fnsku}:${disposition}:${place}:${event.column}`,
            product_id,
            location_id: location,
            // after the count of the day's beginning
            date: `${day} 12:00:00`,
            quantity_change: units,
            change_type: type,
            reason: type === 'receipt' || type === 'sale' ? undefined : event.reason,
          }),
        );
      }
      return rows.length === 0 ? { excluded: 'no events' } : { rows };
    };
  },
});

const ORDER = 'is before that of an earlier row of this product: sort the file by date, oldest first';

function balanceOf(row: Cells) {
  const start = row.units(...written('startingwarehousebalance')) ?? 0;
  const end = row.units(...written('endingwarehousebalance')) ?? fail('ending warehouse balance', 'is empty');
  if (start < 0) fail('starting warehouse balance', 'is negative');
  const events = EVENTS.map((event) => ({ event, units: row.units(...written(event.column)) ?? 0 })).filter(
    ({ units }) => units !== 0,
  );
  const difference = start + events.reduce((sum, { units }) => sum + units, 0) - end;
  if (difference !== 0) {
    fail(
      'ending warehouse balance',
      `differs by ${difference} units from the starting balance and the events`,
    );
  }
  return { start, events };
}

/** The template leaves sales to order lines; this ledger has sales without orders. */
function canonicalMovement(values: Parameters<typeof canonical>[1]): CanonicalRow {
  if (values.change_type !== 'sale') return canonical('movements', values);
  const made = canonical('movements', { ...values, change_type: 'adjustment', reason: 'sold' });
  return { ...made, row: { ...made.row, change_type: 'sale', reason: null } } as CanonicalRow;
}
