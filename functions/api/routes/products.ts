import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import {
  DeactivatedProduct,
  NewProduct,
  Product,
  ProductChange,
  ProductDetail,
  StockRule,
} from '../../../shared/contracts/api/product.ts';
import { findProductDetail, listProducts } from '../../../shared/data/catalogue/product-reads.ts';
import { changeProduct, deactivateProduct } from '../catalogue/change-product.ts';
import { createProduct } from '../catalogue/create-product.ts';
import { found } from '../http/found.ts';
import { KEEPERS, READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';
import { removeStockRule, setStockRule } from '../policies/keep-stock-rule.ts';

const params = z.object({ id: z.string() });
const ruleParams = z.object({ id: z.string(), location_id: z.string() });

export const productRoutes = [
  route({
    method: 'GET',
    path: '/products',
    summary: 'Products, filters combined',
    roles: READERS,
    query: z.object({
      ...pageQuery(1000),
      category: z.string().optional(),
      brand: z.string().optional(),
      /** At or below the reorder threshold, or with an open suggestion. */
      low_stock: z.stringbool().optional(),
      /** The very id, or part of the name. */
      search: z.string().max(200).optional(),
    }),
    answer: pageOf(Product),
    run: (_, { db, query }) => listProducts(db, { ...query, lowStock: query.low_stock }, query),
  }),
  route({
    method: 'POST',
    path: '/products',
    summary: 'Make a product; its current_stock is booked as an opening movement',
    roles: KEEPERS,
    body: NewProduct,
    answer: Product,
    status: 201,
    effect: 'creates',
    run: ({ now }, { db, body, user }) => createProduct(db, body, user.username, now()),
  }),
  route({
    method: 'GET',
    path: '/products/{id}',
    summary: 'One product with its stock by location',
    roles: READERS,
    params,
    answer: ProductDetail,
    run: async (_, { db, params: { id } }) => found(await findProductDetail(db, id), 'product', id),
  }),
  route({
    method: 'PUT',
    path: '/products/{id}',
    summary: 'Change what is given; a new current_stock is booked as an adjustment',
    roles: KEEPERS,
    params,
    body: ProductChange,
    answer: Product,
    run: ({ now }, { db, params: { id }, body, user, askingKey }) =>
      changeProduct(db, id, body, { actor: user.username, key: askingKey, now: now() }),
  }),
  route({
    method: 'DELETE',
    path: '/products/{id}',
    summary: 'Take a product out of plans: it is inactive then, its stock and its past stay',
    roles: KEEPERS,
    params,
    answer: DeactivatedProduct,
    run: (_, { db, params: { id }, user }) => deactivateProduct(db, id, user.username),
  }),
  route({
    method: 'PUT',
    path: '/products/{id}/stock-rules/{location_id}',
    summary: 'Thresholds of a product at one location',
    roles: KEEPERS,
    params: ruleParams,
    body: StockRule,
    answer: ProductDetail,
    run: (_, { db, params: { id, location_id }, body, user }) =>
      setStockRule(db, id, location_id, body, user.username),
  }),
  route({
    method: 'DELETE',
    path: '/products/{id}/stock-rules/{location_id}',
    summary: 'Leave the thresholds at a location to the product again',
    roles: KEEPERS,
    params: ruleParams,
    answer: ProductDetail,
    run: (_, { db, params: { id, location_id }, user }) =>
      removeStockRule(db, id, location_id, user.username),
  }),
];
