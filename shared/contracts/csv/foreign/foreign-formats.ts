import type { ForeignFormat } from '../foreign-format.ts';
import { amazonAllOrders } from './amazon-all-orders.ts';
import { amazonAfnInventory, amazonMyiInventory } from './amazon-fba-inventory.ts';
import { amazonFbaLedger } from './amazon-fba-ledger.ts';
import { commercetoolsInventory } from './commercetools-inventory.ts';
import {
  entityCustomers,
  entityInventory,
  entityOrderItems,
  entityOrders,
  entityProducts,
  entitySellers,
} from './entity-files.ts';
import {
  erpBuffers,
  erpDemands,
  erpItemSuppliers,
  erpItems,
  erpLocations,
  erpPurchaseOrders,
} from './erp-files.ts';
import { shopifyInventory } from './shopify-inventory.ts';
import { shopifyOrders } from './shopify-orders.ts';
import { shopifyProducts } from './shopify-products.ts';
import { squareItems } from './square-items.ts';
import { woocommerceOrders } from './woocommerce-orders.ts';
import { woocommerceProducts } from './woocommerce-products.ts';

/** Every file of another system that we understand. */
export const FOREIGN_FORMATS: readonly ForeignFormat[] = [
  shopifyOrders,
  shopifyInventory,
  shopifyProducts,
  amazonAllOrders,
  amazonFbaLedger,
  amazonAfnInventory,
  amazonMyiInventory,
  woocommerceProducts,
  woocommerceOrders,
  squareItems,
  commercetoolsInventory,
  erpItems,
  erpLocations,
  erpItemSuppliers,
  erpBuffers,
  erpDemands,
  erpPurchaseOrders,
  entityCustomers,
  entityProducts,
  entityInventory,
  entityOrders,
  entityOrderItems,
  entitySellers,
];
