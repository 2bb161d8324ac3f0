import * as z from 'zod';
import type { DeactivatedProduct, Product, ProductChange } from '../../../shared/contracts/api/product.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { positionKey } from '../../../shared/core/inventory/book-movements.ts';
import { readLocations } from '../../../shared/data/catalogue/location-store.ts';
import { findProduct } from '../../../shared/data/catalogue/product-reads.ts';
import { lockStock, recordMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { announce } from '../../../shared/data/messages/outbox-store.ts';
import { momentOf, readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { toSqlTime } from '../../../shared/data/sql/sql-time.ts';
import { found } from '../http/found.ts';
import { measureParam, moneyParam } from './create-product.ts';
import { changeThing, type Keeping } from './keep-catalogue.ts';

/** Who asks for a change, under which name, and when. */
export interface ChangeAsked {
  readonly actor: string;
  readonly key: string;
  readonly now: Date;
}

const money = (amount: number | null | undefined) => (amount === undefined ? undefined : moneyParam(amount));
const measure = (amount: number | null | undefined) =>
  amount === undefined ? undefined : measureParam(amount);

/**
 * Changes what is given of a product. Fault `missing` without it, `conflict` when backorders shall end while some are
 * open.
 */
export async function changeProduct(
  tx: Statements,
  productId: string,
  change: ProductChange,
  asking: ChangeAsked,
): Promise<Product> {
  if (change.current_stock !== undefined) {
    await setStock(tx, productId, change.current_stock, change.reason ?? 'set through the API', asking);
  }
  if (change.backorders_allowed === false) await refuseOpenBackorders(tx, productId);
  return changeThing(tx, productKeeping(productId, asking.actor, change.reason), {
    product_name: change.name,
    category: change.category,
    brand: change.brand,
    unit_price: money(change.unit_price),
    cost: money(change.cost),
    unit_volume: measure(change.unit_volume),
    unit_weight: measure(change.unit_weight),
    reorder_threshold: change.reorder_threshold,
    reorder_quantity: change.reorder_quantity,
    backorders_allowed: change.backorders_allowed,
    is_active: change.is_active,
  });
}

/** Takes a product out of plans and lists of what needs attention. Its stock and its past stay, and the answer says so. */
export async function deactivateProduct(
  tx: Statements,
  productId: string,
  actor: string,
): Promise<DeactivatedProduct> {
  const product = await changeThing(tx, productKeeping(productId, actor), { is_active: false });
  const units = product.current_stock;
  const note = units === 0 ? null : `${units} units are still in stock: they stay in the books`;
  return { ...product, note };
}

const productKeeping = (productId: string, actor: string, reason?: string): Keeping<Product> => ({
  table: 'products',
  subject: 'product',
  key: [productId],
  actor,
  reason,
  read: (tx) => findProduct(tx, productId),
});

const Owed = z.object({ location_id: z.string(), stock_level: z.int() });

async function refuseOpenBackorders(tx: Statements, productId: string): Promise<void> {
  // the stock before the product, as whoever books takes them
  const owed = await tx.select(
    Owed,
    `SELECT location_id, stock_level FROM stock WHERE product_id = :productId AND stock_level < 0 FOR UPDATE`,
    { productId },
  );
  if (owed.length === 0) return;
  throw new Fault('conflict', `Product ${productId} has open backorders`, {
    details: owed.map((one) => ({ field: one.location_id, reason: `${one.stock_level} in stock` })),
  });
}

/** Books what lies at the default location more or less than the book says. */
async function setStock(
  tx: Statements,
  productId: string,
  units: number,
  reason: string,
  { actor, key, now }: ChangeAsked,
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
