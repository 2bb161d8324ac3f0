import type { ForeignFormat } from '../foreign-format.ts';
import { shopifyInventory } from './shopify-inventory.ts';
import { shopifyOrders } from './shopify-orders.ts';
import { shopifyProducts } from './shopify-products.ts';

/** Every file of another system that we understand. */
export const FOREIGN_FORMATS: readonly ForeignFormat[] = [shopifyOrders, shopifyInventory, shopifyProducts];
