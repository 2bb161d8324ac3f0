import { toDecimal } from '../../contracts/csv/cells.ts';
import type { Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** What an order line tells of a product that nobody described yet. Money in ten-thousandths. */
export interface ProductStub {
  readonly productId: string;
  readonly productName: string;
  readonly category: string | null;
  readonly brand: string | null;
  readonly unitPrice: number | null;
  readonly isService: boolean;
}

/** A described product. Money in ten-thousandths; null leaves what is known. */
export interface ProductRow extends ProductStub {
  readonly cost: number | null;
  readonly backordersAllowed?: boolean | null;
  readonly isActive?: boolean | null;
  readonly reorderThreshold?: number | null;
  readonly reorderQuantity?: number | null;
  /** What one unit takes of space and load, up to six decimals. */
  readonly unitVolume?: number | null;
  readonly unitWeight?: number | null;
  readonly isSynthetic: boolean;
}

/** Makes products that do not exist yet; to those that do it only adds a name or a price that was missing. */
export async function insertProductStubs(tx: Statements, stubs: readonly ProductStub[]): Promise<void> {
  const rows = stubs.map((stub) => [
    stub.productId,
    stub.productName,
    stub.category,
    stub.brand,
    decimalOrNull(stub.unitPrice),
    stub.isService ? 1 : 0,
  ]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT INTO products (product_id, product_name, category, brand, unit_price, is_service)
       SELECT j.product_id, j.product_name, j.category, j.brand, j.unit_price, j.is_service
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                product_id   VARCHAR(64)    PATH '$[0]',
                product_name VARCHAR(255)   PATH '$[1]',
                category     VARCHAR(100)   PATH '$[2]',
                brand        VARCHAR(100)   PATH '$[3]',
                unit_price   DECIMAL(12, 4) PATH '$[4]',
                is_service   INT            PATH '$[5]')) AS j
           ON DUPLICATE KEY UPDATE
              product_name = CASE WHEN products.product_name = products.product_id
                                  THEN j.product_name ELSE products.product_name END,
              unit_price   = COALESCE(products.unit_price, j.unit_price)`,
      { rows: chunk },
    );
  }
}

/** Makes or changes products; the last row of a product wins. A name that is only the id says nothing new. */
export async function upsertProducts(tx: Statements, products: readonly ProductRow[]): Promise<void> {
  const rows = products.map((product) => [
    product.productId,
    product.productName,
    product.category,
    product.brand,
    decimalOrNull(product.unitPrice),
    decimalOrNull(product.cost),
    product.isService ? 1 : 0,
    product.isSynthetic ? 1 : 0,
    bitOrNull(product.backordersAllowed),
    bitOrNull(product.isActive),
    product.reorderThreshold ?? null,
    product.reorderQuantity ?? null,
    product.unitVolume ?? null,
    product.unitWeight ?? null,
  ]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT INTO products
              (product_id, product_name, category, brand, unit_price, cost, is_service, is_synthetic,
               backorders_allowed, is_active, reorder_threshold, reorder_quantity, unit_volume, unit_weight)
       SELECT j.product_id, j.product_name, j.category, j.brand, j.unit_price, j.cost, j.is_service,
              j.is_synthetic, COALESCE(j.backorders_allowed, 0), COALESCE(j.is_active, 1),
              j.reorder_threshold, j.reorder_quantity, j.unit_volume, j.unit_weight
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                product_id         VARCHAR(64)    PATH '$[0]',
                product_name       VARCHAR(255)   PATH '$[1]',
                category           VARCHAR(100)   PATH '$[2]',
                brand              VARCHAR(100)   PATH '$[3]',
                unit_price         DECIMAL(12, 4) PATH '$[4]',
                cost               DECIMAL(12, 4) PATH '$[5]',
                is_service         INT            PATH '$[6]',
                is_synthetic       INT            PATH '$[7]',
                backorders_allowed INT            PATH '$[8]',
                is_active          INT            PATH '$[9]',
                reorder_threshold  INT            PATH '$[10]',
                reorder_quantity   INT            PATH '$[11]',
                unit_volume        DECIMAL(14, 6) PATH '$[12]',
                unit_weight        DECIMAL(14, 6) PATH '$[13]')) AS j
           ON DUPLICATE KEY UPDATE
              product_name = CASE WHEN j.product_name = products.product_id
                                  THEN products.product_name ELSE j.product_name END,
              category     = COALESCE(j.category, products.category),
              brand        = COALESCE(j.brand, products.brand),
              unit_price   = COALESCE(j.unit_price, products.unit_price),
              cost         = COALESCE(j.cost, products.cost),
              is_service   = j.is_service,
              is_synthetic = j.is_synthetic,
              backorders_allowed = COALESCE(j.backorders_allowed, products.backorders_allowed),
              is_active    = COALESCE(j.is_active, products.is_active),
              reorder_threshold = COALESCE(j.reorder_threshold, products.reorder_threshold),
              reorder_quantity = COALESCE(j.reorder_quantity, products.reorder_quantity),
              unit_volume = COALESCE(j.unit_volume, products.unit_volume),
              unit_weight = COALESCE(j.unit_weight, products.unit_weight)`,
      { rows: chunk },
    );
  }
}

const decimalOrNull = (amount: number | null): string | null => (amount === null ? null : toDecimal(amount));
const bitOrNull = (value: boolean | null | undefined): number | null =>
  value == null ? null : value ? 1 : 0;
