import * as z from 'zod';
import { Product, type ProductDetail, ProductStock } from '../../contracts/api/product.ts';
import {
  anywhere,
  flagColumn,
  moneyColumn,
  type Page,
  type PageAsked,
  Total,
  timeColumn,
  where,
} from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';

const Row = Product.extend({
  unit_price: moneyColumn.nullable(),
  cost: moneyColumn.nullable(),
  unit_volume: z.coerce.number().nullable(),
  unit_weight: z.coerce.number().nullable(),
  is_service: flagColumn,
  backorders_allowed: flagColumn,
  is_active: flagColumn,
  is_synthetic: flagColumn,
  created_at: timeColumn,
  updated_at: timeColumn,
});

/** Units of the product `p` at all locations together. */
export const STOCK = `(SELECT CAST(COALESCE(SUM(s.stock_level), 0) AS SIGNED) FROM stock s WHERE s.product_id = p.product_id)`;
const COLUMNS = `p.product_id AS id, p.product_name AS name, p.category, p.brand, p.unit_price, p.cost, p.unit_volume, p.unit_weight,
  ${STOCK} AS current_stock, p.reorder_threshold, p.reorder_quantity, p.is_service, p.backorders_allowed, p.is_active,
  p.is_synthetic, p.created_at, p.updated_at`;

/**
 * Goods that need attention: at or below their own threshold or that of a location, or with an open suggestion, which is how the plan says
 * that the inventory position is at or below the reorder point. Never NULL, so that NOT means the others.
 */
export const LOW_STOCK = `(p.is_active = 1 AND p.is_service = 0
   AND ((p.reorder_threshold IS NOT NULL AND ${STOCK} <= p.reorder_threshold)
        OR EXISTS (SELECT 1
                     FROM stock_rule r
                     LEFT JOIN stock t ON t.product_id = r.product_id AND t.location_id = r.location_id
                    WHERE r.product_id = p.product_id AND COALESCE(t.stock_level, 0) <= r.reorder_threshold)
        OR EXISTS (SELECT 1 FROM suggestion g WHERE g.product_id = p.product_id AND g.status = 'open')))`;

const StockRow = ProductStock;
/** Locations of one product that are shown. */
const MOST_LOCATIONS = 1_000;

/** One product with its stock by location. */
export async function findProductDetail(
  db: Statements,
  productId: string,
): Promise<ProductDetail | undefined> {
  const product = await findProduct(db, productId);
  if (!product) return undefined;
  const stock = await db.select(
    StockRow,
    `SELECT x.*, CASE WHEN x.on_hand <= 0 THEN 'out'
                      WHEN x.on_hand <= x.reorder_threshold THEN 'low'
                      ELSE 'in' END AS stock_status
       FROM (SELECT l.location_id, l.name AS location_name, COALESCE(s.stock_level, 0) AS on_hand,
                    COALESCE(s.committed, 0) AS committed,
                    COALESCE(s.stock_level, 0) - COALESCE(s.committed, 0) AS available,
                    (SELECT CAST(COALESCE(SUM(m.quantity_change), 0) AS SIGNED)
                       FROM inventory_log m
                      WHERE m.product_id = p.product_id AND m.warehouse = l.location_id
                        AND m.change_type = 'opening') AS initial_stock,
                    COALESCE(r.reorder_threshold, p.reorder_threshold) AS reorder_threshold,
                    COALESCE(r.reorder_quantity, p.reorder_quantity) AS reorder_quantity
               FROM products p
               JOIN location l
               LEFT JOIN stock s ON s.product_id = p.product_id AND s.location_id = l.location_id
               LEFT JOIN stock_rule r ON r.product_id = p.product_id AND r.location_id = l.location_id
              WHERE p.product_id = :productId AND (s.product_id IS NOT NULL OR r.product_id IS NOT NULL)
              ORDER BY l.location_id
              LIMIT ${MOST_LOCATIONS}) AS x
      ORDER BY x.location_id`,
    { productId },
  );
  const threshold = product.reorder_threshold;
  const isLow =
    stock.some((one) => one.stock_status === 'low') ||
    (threshold !== null && product.current_stock <= threshold);
  return {
    ...product,
    initial_stock: stock.reduce((sum, one) => sum + one.initial_stock, 0),
    stock_status: product.current_stock <= 0 ? 'out' : isLow ? 'low' : 'in',
    stock,
  };
}

export interface ProductFilter {
  readonly category?: string | undefined;
  readonly brand?: string | undefined;
  readonly lowStock?: boolean | undefined;
  /** Part of the name, or the very id. */
  readonly search?: string | undefined;
}

/** Products by id, filters combined. */
export async function listProducts(
  db: Statements,
  filter: ProductFilter,
  { skip, limit }: PageAsked,
): Promise<Page<Product>> {
  const { category, brand, lowStock, search } = filter;
  const conditions = where([
    category !== undefined && 'p.category = :category',
    brand !== undefined && 'p.brand = :brand',
    lowStock !== undefined && `${lowStock ? '' : 'NOT '}${LOW_STOCK}`,
    search !== undefined && '(p.product_id = :search OR p.product_name LIKE :pattern)',
  ]);
  const params = {
    ...(category !== undefined && { category }),
    ...(brand !== undefined && { brand }),
    ...(search !== undefined && { search, pattern: anywhere(search) }),
  };
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM products p ${conditions}`, params);
  const data = await db.select(
    Row,
    `SELECT ${COLUMNS}
       FROM products p
      ${conditions}
      ORDER BY p.product_id
      LIMIT :limit OFFSET :skip`,
    { ...params, skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

export async function findProduct(db: Statements, productId: string): Promise<Product | undefined> {
  const [product] = await db.select(
    Row,
    `SELECT ${COLUMNS} FROM products p WHERE p.product_id = :productId`,
    {
      productId,
    },
  );
  return product;
}
