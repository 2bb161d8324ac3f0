import { toDecimal } from '../../shared/contracts/csv/cells.ts';
import type { RowOf } from '../../shared/contracts/csv/csv-format.ts';
import type { customers } from '../../shared/contracts/csv/customers.ts';
import type { locations } from '../../shared/contracts/csv/locations.ts';
import type { products } from '../../shared/contracts/csv/products.ts';
import type { sellers } from '../../shared/contracts/csv/sellers.ts';
import type { supplierItems } from '../../shared/contracts/csv/supplier-items.ts';
import type { suppliers } from '../../shared/contracts/csv/suppliers.ts';
import { locationTree } from '../../shared/core/inventory/location-tree.ts';
import { dearerBreak, whyNothingIsSold } from '../../shared/core/inventory/policies/sold-quantities.ts';
import {
  type LocationPlace,
  lockLocationTree,
  placeLocations,
  readLocationTree,
  upsertLocations,
} from '../../shared/data/catalogue/location-store.ts';
import { upsertCustomers, upsertSellers } from '../../shared/data/catalogue/party-store.ts';
import { upsertProducts } from '../../shared/data/catalogue/product-store.ts';
import type { LateReject } from '../../shared/data/imports/import-store.ts';
import {
  existingSuppliers,
  readSupplyLimits,
  type SupplyLimits,
  upsertSupplierItems,
  upsertSuppliers,
} from '../../shared/data/purchasing/supplier-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import type { Applied, ValidRow } from './apply-chunk.ts';

/** Master data: a row replaces what was known under its id; the last row of an id in a chunk wins. */

export async function applyProducts(
  tx: Statements,
  rows: readonly ValidRow<RowOf<typeof products>>[],
): Promise<Applied> {
  await upsertProducts(
    tx,
    lastOf(rows, (row) => row.product_id).map(({ row }) => ({
      productId: row.product_id,
      productName: row.product_name,
      category: row.category,
      brand: row.brand,
      unitPrice: row.unit_price,
      cost: row.cost,
      isService: row.is_service,
      backordersAllowed: row.backorders_allowed,
      isActive: row.is_active,
      reorderThreshold: row.reorder_threshold,
      reorderQuantity: row.reorder_quantity,
      unitVolume: row.unit_volume,
      unitWeight: row.unit_weight,
      isSynthetic: row.is_synthetic,
    })),
  );
  return imported(rows.length);
}

export async function applySuppliers(
  tx: Statements,
  rows: readonly ValidRow<RowOf<typeof suppliers>>[],
): Promise<Applied> {
  await upsertSuppliers(
    tx,
    lastOf(rows, (row) => row.supplier_id).map(({ row }) => ({
      supplierId: row.supplier_id,
      supplierName: row.supplier_name,
      currency: row.currency,
      minimumOrder: row.minimum_order,
      isSynthetic: row.is_synthetic,
    })),
  );
  return imported(rows.length);
}

export async function applyLocations(
  tx: Statements,
  rows: readonly ValidRow<RowOf<typeof locations>>[],
): Promise<Applied> {
  await upsertLocations(
    tx,
    lastOf(rows, (row) => row.location_id).map(({ row }) => ({
      locationId: row.location_id,
      name: row.location_name,
    })),
  );
  const placed = rows.filter(({ row }) => row.parent_id !== null || row.type !== null);
  const rejects = placed.length > 0 ? await place(tx, placed) : [];
  return { ...imported(rows.length - rejects.length), rejects };
}

/** Puts locations where their rows say, in the order of the file. A row whose parent cannot be is rejected for that, and its location stays where it was. */
async function place(
  tx: Statements,
  rows: readonly ValidRow<RowOf<typeof locations>>[],
): Promise<LateReject[]> {
  await lockLocationTree(tx);
  const tree = locationTree(await readLocationTree(tx));
  const rejects: LateReject[] = [];
  const places = new Map<string, LocationPlace>();
  for (const { row, line } of rows) {
    const reason = row.parent_id === null ? undefined : tree.move(row.location_id, row.parent_id);
    if (reason !== undefined) {
      rejects.push({ line, field: 'parent_id', reason });
      continue;
    }
    const known = places.get(row.location_id);
    places.set(row.location_id, {
      locationId: row.location_id,
      parentId: row.parent_id ?? known?.parentId ?? null,
      type: row.type ?? known?.type ?? null,
    });
  }
  await placeLocations(tx, [...places.values()]);
  return rejects;
}

export async function applyCustomers(
  tx: Statements,
  rows: readonly ValidRow<RowOf<typeof customers>>[],
): Promise<Applied> {
  await upsertCustomers(
    tx,
    lastOf(rows, (row) => row.customer_id).map(({ row }) => ({
      customerId: row.customer_id,
      name: row.customer_name,
      customerType: row.type,
      city: row.city,
      state: row.state,
      country: row.country,
    })),
  );
  return imported(rows.length);
}

export async function applySellers(
  tx: Statements,
  rows: readonly ValidRow<RowOf<typeof sellers>>[],
): Promise<Applied> {
  await upsertSellers(
    tx,
    lastOf(rows, (row) => row.seller_id).map(({ row }) => ({
      sellerId: row.seller_id,
      name: row.seller_name,
    })),
  );
  return imported(rows.length);
}

/** What of a row leaves nothing to be ordered, or makes more units dearer, with what was set here. */
function contradictionOf(
  { minimum_quantity, order_multiple, unit_cost }: RowOf<typeof supplierItems>,
  limits: SupplyLimits | undefined,
): Pick<LateReject, 'field' | 'reason'> | undefined {
  if (!limits) return undefined;
  const { maximumQuantity, priceBreaks } = limits;
  const nothing = whyNothingIsSold({
    minimumQuantity: minimum_quantity,
    orderMultiple: order_multiple,
    maximumQuantity,
  });
  if (nothing)
    return {
      field: minimum_quantity > maximumQuantity! ? 'minimum_quantity' : 'order_multiple',
      reason: nothing,
    };
  const dearer = dearerBreak(Number(toDecimal(unit_cost)), priceBreaks);
  return dearer && { field: 'unit_cost', reason: dearer.why };
}

/** Terms of supply need a supplier that exists; an unknown product becomes a stub before. */
export async function applySupplierItems(
  tx: Statements,
  rows: readonly ValidRow<RowOf<typeof supplierItems>>[],
): Promise<Applied> {
  const known = await existingSuppliers(tx, [...new Set(rows.map(({ row }) => row.supplier_id))]);
  const limits = await readSupplyLimits(
    tx,
    rows.map(({ row }) => ({ supplierId: row.supplier_id, productId: row.product_id })),
  );
  const rejects: LateReject[] = [];
  const supplied = rows.filter(({ row, line }) => {
    const fault = known.has(row.supplier_id)
      ? contradictionOf(row, limits.get(`${row.supplier_id}|${row.product_id}`))
      : ({ field: 'supplier_id', reason: 'is no known supplier' } as const);
    if (fault) rejects.push({ line, ...fault });
    return fault === undefined;
  });
  await upsertSupplierItems(
    tx,
    lastOf(supplied, (row) => JSON.stringify([row.supplier_id, row.product_id])).map(({ row }) => ({
      supplierId: row.supplier_id,
      productId: row.product_id,
      unitCost: row.unit_cost,
      leadTimeDays: row.lead_time_days,
      leadTimeDeviation: row.lead_time_deviation,
      minimumQuantity: row.minimum_quantity,
      orderMultiple: row.order_multiple,
      priority: row.priority,
      isSynthetic: row.is_synthetic,
    })),
  );
  return { ...imported(supplied.length), rejects };
}

function lastOf<Row>(rows: readonly ValidRow<Row>[], keyOf: (row: Row) => string): ValidRow<Row>[] {
  // Sorted, so that two files at once lock the same rows in the same order.
  const last = new Map(rows.map((row) => [keyOf(row.row), row]));
  return [...last.keys()].sort().map((key) => last.get(key)!);
}

const imported = (rows: number): Applied => ({
  rejects: [],
  known: [],
  counts: {
    imported: rows,
    duplicates: 0,
    excluded: 0,
    shortages: 0,
    kinds: {},
    firstDate: null,
    lastDate: null,
  },
});
