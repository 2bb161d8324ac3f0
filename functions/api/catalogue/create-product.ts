import type { NewProduct, Product } from '../../../shared/contracts/api/product.ts';
import { toDecimal } from '../../../shared/contracts/csv/cells.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { recordChange } from '../../../shared/data/audit/change-log.ts';
import { readLocations } from '../../../shared/data/catalogue/location-store.ts';
import { findProduct } from '../../../shared/data/catalogue/product-reads.ts';
import { recordMovements } from '../../../shared/data/ledger/ledger-store.ts';
import { momentOf, readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import { decimal, type Statements } from '../../../shared/data/sql/database.ts';
import { insertNew } from '../../../shared/data/sql/insert-new.ts';
import { toSqlTime } from '../../../shared/data/sql/sql-time.ts';

/** Makes a product and books its first stock as an opening movement. Fault `conflict` when the id is taken. */
export async function createProduct(
  tx: Statements,
  product: NewProduct,
  actor: string,
  now: Date,
): Promise<Product> {
  const isNew = await insertNew(
    tx,
    `INSERT INTO products
            (product_id, product_name, category, brand, unit_price, cost, unit_volume, unit_weight, is_service, backorders_allowed,
             reorder_threshold, reorder_quantity, is_active)
     VALUES (:id, :name, :category, :brand, :unitPrice, :cost, :unitVolume, :unitWeight, :isService, :backordersAllowed, :reorderThreshold,
             :reorderQuantity, :isActive)`,
    {
      id: product.id,
      name: product.name,
      category: product.category,
      brand: product.brand,
      unitPrice: moneyParam(product.unit_price),
      cost: moneyParam(product.cost),
      unitVolume: measureParam(product.unit_volume),
      unitWeight: measureParam(product.unit_weight),
      isService: product.is_service,
      backordersAllowed: product.backorders_allowed,
      reorderThreshold: product.reorder_threshold,
      reorderQuantity: product.reorder_quantity,
      isActive: product.is_active,
    },
  );
  if (!isNew) throw new Fault('conflict', `There is a product ${product.id} already`);
  if (product.current_stock > 0) {
    const { defaultId } = await readLocations(tx);
    const date = toSqlTime(momentOf(await readBusinessDay(tx), now));
    const opening = {
      key: `opening:${product.id}:${defaultId}`,
      productId: product.id,
      locationId: defaultId,
      date,
      quantityChange: product.current_stock,
      type: 'opening',
      reason: 'first stock of a new product',
      referenceId: product.id,
    } as const;
    await recordMovements(tx, [opening], { actor });
  }
  const made = (await findProduct(tx, product.id))!;
  await recordChange(tx, {
    actor,
    subject: 'product',
    subjectId: product.id,
    before: undefined,
    after: made,
  });
  return made;
}

/** Ten-thousandths as a DECIMAL. */
export const moneyParam = (amount: number | null) => (amount === null ? null : decimal(toDecimal(amount)));

/** A measure of one unit as a DECIMAL. */
export const measureParam = (amount: number | null) => (amount === null ? null : decimal(amount.toFixed(6)));
