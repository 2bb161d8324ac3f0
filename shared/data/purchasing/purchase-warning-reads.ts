import * as z from 'zod';
import type { PurchaseOrderDetail, PurchaseOrderWarning } from '../../contracts/api/planning.ts';
import { flagColumn, moneyColumn } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';
import { brokenTerms } from './supplier-item-store.ts';
import { readSupplyTerms } from './supply-terms-reads.ts';

const Supplier = z.object({ is_active: flagColumn, minimum_order: moneyColumn });

/** What of an order its supplier may not take, as long as it can be changed: a person may know better than the terms. */
export async function readWarnings(
  db: Statements,
  order: Omit<PurchaseOrderDetail, 'warnings' | 'receipts'>,
): Promise<PurchaseOrderWarning[]> {
  if (order.status !== 'draft' && order.status !== 'submitted') return [];
  const { supplier_id: id, lines } = order;
  const [supplier] = await db.select(
    Supplier,
    `SELECT is_active, minimum_order FROM supplier WHERE supplier_id = :id`,
    { id },
  );
  const terms = await readSupplyTerms(
    db,
    id,
    lines.map((line) => line.product_id),
  );
  const warnings: PurchaseOrderWarning[] = [];
  const warn = (product_id: string | null, rule: PurchaseOrderWarning['rule'], words: string) =>
    void warnings.push({ product_id, rule, words });
  if (!supplier!.is_active) warn(null, 'supplier_inactive', `Supplier ${id} is not active`);
  if (Number(order.total_cost) < Number(supplier!.minimum_order))
    warn(
      null,
      'minimum_order',
      `${id} takes no order below ${supplier!.minimum_order} ${order.currency}, and this one comes to ${order.total_cost}`,
    );
  for (const { product_id: product, quantity } of lines) {
    const its = terms.get(product)!;
    if (!its.isActive) warn(product, 'product_inactive', `${product} is not active`);
    if (!its.isSupplied) warn(product, 'not_supplied', `There are no terms on which ${id} sells ${product}`);
    for (const { rule, why } of brokenTerms(its, quantity))
      warn(product, rule, `${quantity} of ${product}: ${why}`);
  }
  return warnings;
}
