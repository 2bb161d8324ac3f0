import * as z from 'zod';
import { toDecimal } from '../../contracts/csv/cells.ts';
import type { PriceBreak } from '../../core/inventory/policies/price-breaks.ts';
import { json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';
import { storedBreaks } from './supplier-item-store.ts';

/** Whom we order from. Money in ten-thousandths. */
export interface SupplierRow {
  readonly supplierId: string;
  readonly supplierName: string;
  readonly currency: string;
  readonly minimumOrder: number;
  readonly isSynthetic: boolean;
}

/** What a supplier sells us. Money in ten-thousandths. */
export interface SupplierItemRow {
  readonly supplierId: string;
  readonly productId: string;
  readonly unitCost: number;
  readonly leadTimeDays: number;
  readonly leadTimeDeviation: number;
  readonly minimumQuantity: number;
  readonly orderMultiple: number;
  readonly priority: number;
  readonly isSynthetic: boolean;
}

/** Makes or replaces suppliers; the last row of one wins. */
export async function upsertSuppliers(tx: Statements, suppliers: readonly SupplierRow[]): Promise<void> {
  const rows = suppliers.map((supplier) => [
    supplier.supplierId,
    supplier.supplierName,
    supplier.currency,
    toDecimal(supplier.minimumOrder),
    supplier.isSynthetic ? 1 : 0,
  ]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT INTO supplier (supplier_id, supplier_name, currency, minimum_order, is_synthetic)
       SELECT j.supplier_id, j.supplier_name, j.currency, j.minimum_order, j.is_synthetic
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                supplier_id   VARCHAR(64)    PATH '$[0]',
                supplier_name VARCHAR(255)   PATH '$[1]',
                currency      VARCHAR(3)     PATH '$[2]',
                minimum_order DECIMAL(12, 4) PATH '$[3]',
                is_synthetic  INT            PATH '$[4]')) AS j
           ON DUPLICATE KEY UPDATE
              supplier_name = j.supplier_name,
              currency      = j.currency,
              minimum_order = j.minimum_order,
              is_synthetic  = j.is_synthetic`,
      { rows: chunk },
    );
  }
}

/** Makes or replaces the terms of supply; the last row of a supplier and product wins. Both must exist. */
export async function upsertSupplierItems(tx: Statements, items: readonly SupplierItemRow[]): Promise<void> {
  const rows = items.map((item) => [
    item.supplierId,
    item.productId,
    toDecimal(item.unitCost),
    String(item.leadTimeDays),
    String(item.leadTimeDeviation),
    item.minimumQuantity,
    item.orderMultiple,
    item.priority,
    item.isSynthetic ? 1 : 0,
  ]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT INTO supplier_item
              (supplier_id, product_id, unit_cost, lead_time_days, lead_time_deviation, minimum_quantity,
               order_multiple, priority, is_synthetic)
       SELECT j.supplier_id, j.product_id, j.unit_cost, j.lead_time_days, j.lead_time_deviation,
              j.minimum_quantity, j.order_multiple, j.priority, j.is_synthetic
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                supplier_id         VARCHAR(64)    PATH '$[0]',
                product_id          VARCHAR(64)    PATH '$[1]',
                unit_cost           DECIMAL(12, 4) PATH '$[2]',
                lead_time_days      DECIMAL(8, 2)  PATH '$[3]',
                lead_time_deviation DECIMAL(8, 2)  PATH '$[4]',
                minimum_quantity    INT            PATH '$[5]',
                order_multiple      INT            PATH '$[6]',
                priority            INT            PATH '$[7]',
                is_synthetic        INT            PATH '$[8]')) AS j
           ON DUPLICATE KEY UPDATE
              unit_cost           = j.unit_cost,
              lead_time_days      = j.lead_time_days,
              lead_time_deviation = j.lead_time_deviation,
              minimum_quantity    = j.minimum_quantity,
              order_multiple      = j.order_multiple,
              priority            = j.priority,
              is_synthetic        = j.is_synthetic`,
      { rows: chunk },
    );
  }
}

/** What people set of terms of supply beside what files tell. */
export interface SupplyLimits {
  readonly maximumQuantity: number | null;
  readonly priceBreaks: readonly PriceBreak[];
}

const LimitsRow = z
  .object({
    supplier_id: z.string(),
    product_id: z.string(),
    maximum_quantity: z.int().nullable(),
    price_breaks: storedBreaks,
  })
  .transform((row): [string, SupplyLimits] => [
    `${row.supplier_id}|${row.product_id}`,
    {
      maximumQuantity: row.maximum_quantity,
      priceBreaks: row.price_breaks.map(([from, cost]) => ({ from, unitCost: Number(cost) })),
    },
  ]);

/** Terms of one answer, which may have a thousand characters of price breaks each. */
const LIMITS_PER_READ = 500;

/** The limits of these terms, by `supplier|product`; those without any are left out. */
export async function readSupplyLimits(
  tx: Statements,
  items: readonly { readonly supplierId: string; readonly productId: string }[],
): Promise<Map<string, SupplyLimits>> {
  const limits = new Map<string, SupplyLimits>();
  for (let at = 0; at < items.length; at += LIMITS_PER_READ) {
    const keys = items
      .slice(at, at + LIMITS_PER_READ)
      .map(({ supplierId, productId }) => [supplierId, productId]);
    const rows = await tx.select(
      LimitsRow,
      `SELECT STRAIGHT_JOIN i.supplier_id, i.product_id, i.maximum_quantity, i.price_breaks
         FROM JSON_TABLE(:keys, '$[*]' COLUMNS (
                supplier_id VARCHAR(64) PATH '$[0]', product_id VARCHAR(64) PATH '$[1]')) AS k
         JOIN supplier_item i FORCE INDEX (PRIMARY) ON i.supplier_id = k.supplier_id AND i.product_id = k.product_id
        WHERE i.maximum_quantity IS NOT NULL OR i.price_breaks IS NOT NULL`,
      { keys: json(keys) },
    );
    for (const [name, one] of rows) limits.set(name, one);
  }
  return limits;
}

const Found = z.object({ id: z.string() });

/** Those of the ids that name a supplier. At most some thousands at once. */
export async function existingSuppliers(tx: Statements, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.select(
    Found,
    `SELECT s.supplier_id AS id
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j
       JOIN supplier s ON s.supplier_id = j.id`,
    { ids: json(ids) },
  );
  return new Set(rows.map((row) => row.id));
}
