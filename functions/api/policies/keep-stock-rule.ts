import * as z from 'zod';
import type { ProductDetail, StockRule } from '../../../shared/contracts/api/product.ts';
import { findLocation } from '../../../shared/data/catalogue/location-reads.ts';
import { findProductDetail } from '../../../shared/data/catalogue/product-reads.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { changeThing, type Keeping, removeThing } from '../catalogue/keep-catalogue.ts';
import { found } from '../http/found.ts';

const Row = z.object({ reorder_threshold: z.int().nullable(), reorder_quantity: z.int().nullable() });
type Row = z.infer<typeof Row>;

/** Sets the thresholds of a product at one location. Fault `missing` without either. */
export async function setStockRule(
  tx: Statements,
  productId: string,
  locationId: string,
  rule: StockRule,
  actor: string,
): Promise<ProductDetail> {
  found(await findProductDetail(tx, productId), 'product', productId);
  found(await findLocation(tx, locationId), 'location', locationId);
  // empty at first, so that what is kept as the state before is right either way
  await tx.write(
    `INSERT INTO stock_rule (product_id, location_id) VALUES (:productId, :locationId)
         ON DUPLICATE KEY UPDATE product_id = product_id`,
    { productId, locationId },
  );
  await changeThing(tx, ruleKeeping(productId, locationId, actor), rule);
  return (await findProductDetail(tx, productId))!;
}

/** Leaves the thresholds of a product at a location to the product again. Fault `missing` without a rule. */
export async function removeStockRule(
  tx: Statements,
  productId: string,
  locationId: string,
  actor: string,
): Promise<ProductDetail> {
  await removeThing(tx, ruleKeeping(productId, locationId, actor));
  return (await findProductDetail(tx, productId))!;
}

const ruleKeeping = (productId: string, locationId: string, actor: string): Keeping<Row> => ({
  table: 'stock_rule',
  subject: 'stock_rule',
  noun: 'rule for product and location',
  key: [productId, locationId],
  actor,
  async read(tx) {
    const [row] = await tx.select(
      Row,
      `SELECT reorder_threshold, reorder_quantity
         FROM stock_rule
        WHERE product_id = :productId AND location_id = :locationId`,
      { productId, locationId },
    );
    return row;
  },
});
