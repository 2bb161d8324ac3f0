import type * as z from 'zod';
import type {
  Customer,
  CustomerChange,
  CustomerDetail,
  NewCustomer,
  NewSeller,
  NewSupplier,
  NewSupplierItem,
  Seller,
  SellerChange,
  Supplier,
  SupplierChange,
  SupplierItem,
  SupplierItemChange,
} from '../../../shared/contracts/api/party.ts';
import { toDecimal } from '../../../shared/contracts/csv/cells.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { dearerBreak, whyNothingIsSold } from '../../../shared/core/inventory/policies/sold-quantities.ts';
import { lockRow } from '../../../shared/data/catalogue/catalogue-store.ts';
import {
  customers,
  findSupplierItem,
  sellers,
  suppliers,
} from '../../../shared/data/catalogue/party-reads.ts';
import { findProduct } from '../../../shared/data/catalogue/product-reads.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { found } from '../http/found.ts';
import { moneyParam } from './create-product.ts';
import { changeThing, createThing, type Keeping, removeThing } from './keep-catalogue.ts';

const money = (amount: number | undefined) => (amount === undefined ? undefined : moneyParam(amount));
/** Two decimals, as the column has. */
const days = (number: number | undefined) => (number === undefined ? undefined : number.toFixed(2));

const supplierKeeping = (id: string, actor: string): Keeping<Supplier> => ({
  table: 'supplier',
  subject: 'supplier',
  key: [id],
  actor,
  read: (tx) => suppliers.find(tx, id),
});
const supplierColumns = ({ name, currency, minimum_order, is_active }: z.output<typeof SupplierChange>) => ({
  supplier_name: name,
  currency,
  minimum_order: money(minimum_order),
  is_active,
});

/** Makes a supplier. Fault `conflict` when there is one of that id. */
export const createSupplier = (
  tx: Statements,
  supplier: z.output<typeof NewSupplier>,
  actor: string,
): Promise<Supplier> => createThing(tx, supplierKeeping(supplier.id, actor), supplierColumns(supplier));

/** Changes what is given of a supplier; one that is inactive supplies nothing any more. */
export const changeSupplier = (
  tx: Statements,
  id: string,
  change: z.output<typeof SupplierChange>,
  actor: string,
): Promise<Supplier> => changeThing(tx, supplierKeeping(id, actor), supplierColumns(change));

const itemKeeping = (supplierId: string, productId: string, actor: string): Keeping<SupplierItem> => ({
  table: 'supplier_item',
  subject: 'supplier_item',
  noun: 'item of supplier and product',
  key: [supplierId, productId],
  actor,
  read: (tx) => findSupplierItem(tx, supplierId, productId),
  check: refuseContradictions,
});

/** Fault `invalid` for terms on which nothing can be ordered, and for prices that rise with the quantity. */
function refuseContradictions(item: SupplierItem): void {
  const nothing = whyNothingIsSold({
    minimumQuantity: item.minimum_quantity,
    orderMultiple: item.order_multiple,
    maximumQuantity: item.maximum_quantity,
  });
  const dearer = dearerBreak(
    Number(item.unit_cost),
    item.price_breaks.map(({ quantity, unit_cost }) => ({ from: quantity, unitCost: Number(unit_cost) })),
  );
  const details = [
    ...(nothing ? [{ field: 'maximum_quantity', reason: nothing }] : []),
    ...(nothing && item.order_multiple > 1 ? [{ field: 'order_multiple', reason: nothing }] : []),
    ...(dearer ? [{ field: `price_breaks.${dearer.place}.unit_cost`, reason: dearer.why }] : []),
  ];
  if (details.length > 0) throw new Fault('invalid', 'These terms contradict each other', { details });
}

const itemColumns = (terms: z.output<typeof SupplierItemChange>) => ({
  unit_cost: money(terms.unit_cost),
  lead_time_days: days(terms.lead_time_days),
  lead_time_deviation: days(terms.lead_time_deviation),
  minimum_quantity: terms.minimum_quantity,
  order_multiple: terms.order_multiple,
  maximum_quantity: terms.maximum_quantity,
  price_breaks:
    terms.price_breaks &&
    JSON.stringify(terms.price_breaks.map(({ quantity, unit_cost }) => [quantity, toDecimal(unit_cost)])),
  order_cost: money(terms.order_cost),
  priority: terms.priority,
});

/** Makes the terms on which a supplier sells a product. Both must exist. */
export async function createSupplierItem(
  tx: Statements,
  supplierId: string,
  item: z.output<typeof NewSupplierItem>,
  actor: string,
): Promise<SupplierItem> {
  found(await suppliers.find(tx, supplierId), 'supplier', supplierId);
  if (!(await findProduct(tx, item.product_id))) {
    throw new Fault('invalid', 'The product is not known', {
      details: [{ field: 'product_id', reason: `there is no product ${item.product_id}` }],
    });
  }
  return createThing(tx, itemKeeping(supplierId, item.product_id, actor), itemColumns(item));
}

/** Changes what is given of the terms. */
export const changeSupplierItem = (
  tx: Statements,
  supplierId: string,
  productId: string,
  change: z.output<typeof SupplierItemChange>,
  actor: string,
): Promise<SupplierItem> => changeThing(tx, itemKeeping(supplierId, productId, actor), itemColumns(change));

/** Removes the terms; orders that were made on them stay. */
export const removeSupplierItem = (
  tx: Statements,
  supplierId: string,
  productId: string,
  actor: string,
): Promise<SupplierItem> => removeThing(tx, itemKeeping(supplierId, productId, actor));

const sellerKeeping = (id: string, actor: string): Keeping<Seller> => ({
  table: 'seller',
  subject: 'seller',
  key: [id],
  actor,
  read: (tx) => sellers.find(tx, id),
});

/** Makes a seller. Fault `conflict` when there is one of that id. */
export const createSeller = (
  tx: Statements,
  { id, name, is_active }: z.output<typeof NewSeller>,
  actor: string,
): Promise<Seller> => createThing(tx, sellerKeeping(id, actor), { name, is_active });

/** Changes what is given of a seller. */
export const changeSeller = (
  tx: Statements,
  id: string,
  { name, is_active }: z.output<typeof SellerChange>,
  actor: string,
): Promise<Seller> => changeThing(tx, sellerKeeping(id, actor), { name, is_active });

const customerKeeping = (id: string, actor: string): Keeping<Customer> => ({
  table: 'customer',
  subject: 'customer',
  key: [id],
  actor,
  read: (tx) => customers.find(tx, id),
});

/** Makes a customer. Fault `conflict` when there is one of that id. */
export async function createCustomer(
  tx: Statements,
  { id, ...columns }: z.output<typeof NewCustomer>,
  actor: string,
): Promise<CustomerDetail> {
  await createThing(tx, customerKeeping(id, actor), columns);
  return (await customers.findDetail(tx, id))!;
}

/** Changes what is given of a customer. Fault `conflict` where it is erased: nobody may bring back who it was. */
export async function changeCustomer(
  tx: Statements,
  id: string,
  { name, city, state, country, is_active }: z.output<typeof CustomerChange>,
  actor: string,
): Promise<CustomerDetail> {
  await lockRow(tx, 'customer', [id]);
  const known = found(await customers.find(tx, id), 'customer', id);
  if (known.erased_at !== null) throw new Fault('conflict', `Customer ${id} is erased and stays so`);
  await changeThing(tx, customerKeeping(id, actor), { name, city, state, country, is_active });
  return (await customers.findDetail(tx, id))!;
}

/** What stands for the name of somebody who was forgotten. */
const ERASED = '(erased)';

/**
 * Takes out what names a person, of the customer and of the orders: name, city and state; the country stays for sums.
 * Orders stay, under the same id. Erasing twice changes nothing.
 */
export async function eraseCustomer(tx: Statements, id: string, actor: string): Promise<CustomerDetail> {
  const keeping = customerKeeping(id, actor);
  await lockRow(tx, 'customer', [id]);
  const { erased_at, name, city, state, is_active } = found(await customers.find(tx, id), 'customer', id);
  const isBlank = erased_at !== null && name === ERASED && city === null && state === null && !is_active;
  if (!isBlank) {
    const columns = {
      name: ERASED,
      city: null,
      state: null,
      is_active: false,
      ...(erased_at === null && { erased_at: new Date() }),
    };
    await changeThing(tx, keeping, columns, 'erase');
  }
  // also the second time: orders may have come in between
  await tx.write(`UPDATE orders SET city = NULL, state = NULL WHERE customer_id = :id`, { id });
  return (await customers.findDetail(tx, id))!;
}
