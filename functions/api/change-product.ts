import type { Product, ProductChange } from '../../shared/contracts/api/product.ts';
import { positionKey } from '../../shared/core/inventory/book-movements.ts';
import { momentOf, readBusinessDay } from '../../shared/data/business-day.ts';
import type { Param, Statements } from '../../shared/data/database.ts';
import { lockStock, recordMovements } from '../../shared/data/ledger-store.ts';
import { readLocations } from '../../shared/data/location-store.ts';
import { announce } from '../../shared/data/outbox-store.ts';
import { findProduct } from '../../shared/data/product-reads.ts';
import { toSqlTime } from '../../shared/data/sql-time.ts';
import { moneyParam } from './create-product.ts';
import { found } from './found.ts';

/** The column that each field of a change ends in, and its value there. */
function assignments(change: ProductChange): Map<string, Param> {
  const columns = new Map<string, Param>();
  if (change.name !== undefined) columns.set('product_name', change.name);
  if (change.category !== undefined) columns.set('category', change.category);
  if (change.brand !== undefined) columns.set('brand', change.brand);
  if (change.unit_price !== undefined) columns.set('unit_price', moneyParam(change.unit_price));
  if (change.cost !== undefined) columns.set('cost', moneyParam(change.cost));
  if (change.reorder_threshold !== undefined) columns.set('reorder_threshold', change.reorder_threshold);
  if (change.reorder_quantity !== undefined) columns.set('reorder_quantity', change.reorder_quantity);
  if (change.backorders_allowed !== undefined) columns.set('backorders_allowed', change.backorders_allowed);
  if (change.is_active !== undefined) columns.set('is_active', change.is_active);
  return columns;
}

/** Changes what is given of a product. Fault `missing` without it. */
export async function changeProduct(
  tx: Statements,
  productId: string,
  change: ProductChange,
  asking: { readonly actor: string; readonly key: string; readonly now: Date },
): Promise<Product> {
  if (change.current_stock !== undefined) {
    await setStock(tx, productId, change.current_stock, change.reason ?? 'set through the API', asking);
  }
  const columns = assignments(change);
  if (columns.size > 0) {
    const sets = [...columns.keys()].map((column) => `${column} = :${column}`);
    await tx.write(`UPDATE products SET ${sets.join(', ')} WHERE product_id = :productId`, {
      ...Object.fromEntries(columns),
      productId,
    });
  }
  return found(await findProduct(tx, productId), 'product', productId);
}

/** Books what lies at the default location more or less than the book says. */
async function setStock(
  tx: Statements,
  productId: string,
  units: number,
  reason: string,
  { actor, key, now }: { readonly actor: string; readonly key: string; readonly now: Date },
): Promise<void> {
  found(await findProduct(tx, productId), 'product', productId);
  const { defaultId } = await readLocations(tx);
  const position = { productId, locationId: defaultId };
  const stock = await lockStock(tx, [position]);
  const before = stock.get(positionKey(position))!.level;
  if (before === units) return;
  const adjustment = {
    ...position,
    key: `adjustment:${productId}:${key}`.slice(0, 160),
    date: toSqlTime(momentOf(await readBusinessDay(tx), now)),
    quantityChange: units - before,
    type: 'adjustment',
    reason,
    referenceId: null,
  } as const;
  await recordMovements(tx, [adjustment], { actor }, stock);
  const data = { ...position, previousStock: before, currentStock: units, reason };
  await announce(tx, 'stock.updated', data, { userId: actor });
}
