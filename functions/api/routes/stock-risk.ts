import * as z from 'zod';
import { idInput, pageQuery } from '../../../shared/contracts/api/inputs.ts';
import {
  InventoryAlerts,
  LowStockList,
  OutOfStockList,
  ProductInventory,
  StockoutRiskList,
} from '../../../shared/contracts/api/stock-risk.ts';
import { STOCKOUT_RISKS } from '../../../shared/core/inventory/stockout-risk.ts';
import {
  listInventoryAlerts,
  listLowStock,
  listOutOfStock,
  listStockoutRisks,
} from '../../../shared/data/metrics/stock-risk-reads.ts';
import { READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';
import { readProductInventory } from '../stock/read-product-inventory.ts';

const paged = {
  product_id: idInput().optional(),
  location_id: idInput(50).optional(),
  category: z.string().trim().min(1).max(100).optional(),
  ...pageQuery(500),
};
const Paged = z.object(paged);
const filterOf = (query: z.infer<typeof Paged>) => ({
  productId: query.product_id,
  locationId: query.location_id,
  category: query.category,
});

export const stockRiskRoutes = [
  route({
    method: 'GET',
    path: '/analytics/inventory/product/{id}',
    summary: 'Stock of a product, how long it lasts, its reorder point and what is suggested, by location',
    roles: READERS,
    params: z.object({ id: z.string().min(1).max(64) }),
    answer: ProductInventory,
    run: (_, { db, params }) => readProductInventory(db, params.id),
  }),
  route({
    method: 'GET',
    path: '/analytics/inventory/stockout-risk',
    summary: 'Days that stock lasts at each location beside the lead time of an order, the worst first',
    roles: READERS,
    query: z.object({ ...paged, risk: z.enum([...STOCKOUT_RISKS, 'unknown']).optional() }),
    answer: StockoutRiskList,
    run: (_, { db, query }) => listStockoutRisks(db, { ...filterOf(query), risk: query.risk }, query),
  }),
  route({
    method: 'GET',
    path: '/analytics/inventory/low-stock',
    summary:
      'What has few units left at a location, by its threshold or the plan’s reorder point, most urgent first',
    roles: READERS,
    query: z.object({ ...paged, threshold: z.coerce.number().int().min(0).max(1_000_000_000).optional() }),
    answer: LowStockList,
    run: (_, { db, query }) => listLowStock(db, { ...filterOf(query), threshold: query.threshold }, query),
  }),
  route({
    method: 'GET',
    path: '/analytics/inventory/out-of-stock',
    summary: 'What has no unit left at a location, what is asked for most first',
    roles: READERS,
    query: Paged,
    answer: OutOfStockList,
    run: (_, { db, query }) => listOutOfStock(db, filterOf(query), query),
  }),
  route({
    method: 'GET',
    path: '/analytics/inventory-alerts',
    summary: 'What is out of stock, then what runs low',
    roles: READERS,
    query: Paged,
    answer: InventoryAlerts,
    run: (_, { db, query }) => listInventoryAlerts(db, filterOf(query), query),
  }),
];
