import type { CanonicalRow } from '../foreign-format.ts';
import { amount, type Cells, canonical, fail, foreignFormat, Mentioned } from './cells.ts';

/**
 * Entity files of planning systems, with the names that frePPLe gives them: an item is a product, a buffer is the stock
 * of an item at a location, a demand is a line of a sales order.
 */
export const erpItems = foreignFormat({
  name: 'erp_items',
  signatures: [['name', 'category', 'subcategory', 'cost']],
  open: () => (row) => ({
    rows: [
      canonical('products', {
        product_id: row.text('name'),
        product_name: (row.text('description') || row.text('name')).slice(0, 255),
        category: row.text('category', 'subcategory', 'owner').slice(0, 100),
        cost: amount(row.money('cost')),
      }),
    ],
  }),
});

export const erpLocations = foreignFormat({
  name: 'erp_locations',
  signatures: [
    ['name', 'description', 'available', 'owner'],
    ['name', 'category', 'subcategory', 'available', 'owner'],
  ],
  open: () => (row) => ({
    rows: [
      canonical('locations', {
        location_id: row.text('name'),
        location_name: (row.text('description') || row.text('name')).slice(0, 100),
      }),
    ],
  }),
});

/** Terms of supply. They are one for all locations here; those that are over or still to come are left out. */
export const erpItemSuppliers = foreignFormat({
  name: 'erp_item_suppliers',
  signatures: [
    ['item', 'supplier', 'leadtime'],
    ['item', 'supplier', 'lead time'],
  ],
  open(file) {
    const today = file.droppedAt;
    return (row) => {
      const [start, end] = [
        row.time('effective_start', 'effective start'),
        row.time('effective_end', 'effective end'),
      ];
      if (end !== undefined && end <= today) return { excluded: 'terms that are over' };
      if (start !== undefined && start > today) return { excluded: 'terms that are still to come' };
      const supplier_id = row.text('supplier');
      const rows: CanonicalRow[] = [
        canonical('suppliers', { supplier_id, supplier_name: supplier_id }, { stub: true }),
        canonical('supplier_items', {
          supplier_id,
          product_id: row.text('item'),
          unit_cost: amount(row.money('cost') ?? fail('cost', 'is empty')),
          lead_time_days: daysOf(row, 'leadtime', 'lead time'),
          minimum_quantity: row.units('size_minimum', 'sizeminimum', 'size minimum'),
          order_multiple: row.units('size_multiple', 'sizemultiple', 'size multiple') || undefined,
          priority: row.units('priority') || undefined,
        }),
      ];
      const location = row.text('location');
      return location === ''
        ? { rows }
        : { rows, imputed: ['every location for terms of supply that were stated for one'] };
    };
  },
});

export const erpBuffers = foreignFormat({
  name: 'erp_buffers',
  signatures: [['item', 'location', 'onhand']],
  open(file) {
    const mentioned = new Mentioned();
    return (row) => {
      const units = row.units('onhand');
      if (units === undefined) return { excluded: 'no quantity' };
      const location_id = row.text('location') || fail('location', 'is empty');
      const rows = [
        ...mentioned.location(location_id),
        canonical('stock_on_hand', {
          product_id: row.text('item'),
          location_id,
          quantity: Math.max(units, 0),
          date: file.droppedAt,
        }),
      ];
      return units < 0 ? { rows, imputed: ['quantity 0 for stock below zero'] } : { rows };
    };
  },
});

/** Sales orders. Only what is delivered is a sale; what is still open has not left. */
export const erpDemands = foreignFormat({
  name: 'erp_demands',
  signatures: [['name', 'item', 'location', 'customer', 'due', 'quantity', 'status']],
  open() {
    const mentioned = new Mentioned();
    return (row) => {
      const status = row.text('status').toLowerCase();
      const isCancelled = status === 'canceled' || status === 'cancelled';
      if (status !== 'closed' && !isCancelled) return { excluded: `status ${status || 'empty'}` };
      const location_id = row.text('location');
      const price = row.money('price', 'unit_price');
      const rows = [
        ...(location_id === '' ? [] : mentioned.location(location_id)),
        canonical(
          'sales_lines',
          {
            order_id: row.text('name'),
            line: 1,
            date: row.time('due'),
            product_id: row.text('item'),
            quantity: row.units('quantity'),
            unit_price: amount(price ?? 0),
            location_id,
            customer_id: row.text('customer'),
            status: isCancelled ? 'cancelled' : 'delivered',
          },
          { revises: true },
        ),
      ];
      return price === undefined ? { rows, imputed: ['unit_price 0: the file has no prices'] } : { rows };
    };
  },
});

/** Purchase orders, proposed ones left out. What is `completed` has arrived and is not in stock yet: it still counts. */
export const erpPurchaseOrders = foreignFormat({
  name: 'erp_purchase_orders',
  signatures: [['reference', 'item', 'supplier', 'quantity', 'status']],
  open() {
    const mentioned = new Mentioned();
    return (row) => {
      const status = row.text('status').toLowerCase();
      if (status === '' || status === 'proposed') return { excluded: `status ${status || 'empty'}` };
      const [supplier_id, location_id] = [row.text('supplier'), row.text('location')];
      if (supplier_id === '') fail('supplier', 'is empty');
      return {
        rows: [
          canonical('suppliers', { supplier_id, supplier_name: supplier_id }, { stub: true }),
          ...(location_id === '' ? [] : mentioned.location(location_id)),
          canonical('purchase_orders', {
            reference: row.text('reference'),
            supplier_id,
            product_id: row.text('item'),
            quantity: row.units('quantity'),
            unit_cost: amount(row.money('cost', 'unit_cost')),
            location_id,
            ordered_at: row.time('ordering date', 'ordering_date', 'startdate', 'start date', 'start_date'),
            expected_date: row.time('receipt date', 'receipt_date', 'enddate', 'end date', 'end_date'),
            status: status === 'completed' ? 'confirmed' : status,
          }),
        ],
      };
    };
  },
});

/** `7`, `7.5`, `7 00:00:00`, `7 days, 12:00:00` or `P7D`, in days. */
function daysOf(row: Cells, ...columns: readonly string[]): number {
  const text = row.text(...columns) || fail(columns[0]!, 'is empty');
  const period = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?)?$/.exec(text);
  if (period) return Number(period[1] ?? 0) * 7 + Number(period[2] ?? 0) + Number(period[3] ?? 0) / 24;
  const clock = /^(?:(\d+)\s*(?:days?,?)?\s+)?(\d+):(\d\d)(?::(\d\d)(?:\.\d+)?)?$/.exec(text);
  if (clock) {
    const hours = Number(clock[2]) + Number(clock[3]) / 60 + Number(clock[4] ?? 0) / 3600;
    return Number(clock[1] ?? 0) + hours / 24;
  }
  return row.number(...columns)!;
}
