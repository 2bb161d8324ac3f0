import * as z from 'zod';
import type { QuickReorder } from '../../../shared/contracts/api/purchase-order.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import { roundOrder } from '../../../shared/core/inventory/policies/round-order.ts';
import { insertDraft } from '../../../shared/data/purchasing/purchase-draft-store.ts';
import { readSupplierItems, unitCostAt } from '../../../shared/data/purchasing/supplier-item-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { knownLocation, mustBeStocked } from '../stock/stocked-place.ts';

const Drafted = z.object({ purchase_order_id: z.int() });
const Usual = z.object({ reorder_quantity: z.int().nullable() });

/**
 * Orders a product again by one click: the draft in which it is suggested already, if there is one and no quantity is asked
 * for, else a draft by hand from its first supplier, of the quantity that is asked for, its reorder quantity or the least that
 * the supplier sells, rounded to what the supplier sells. Answers the draft, and whether it is new.
 * Fault `missing` without the product or location, `conflict` where nobody supplies it, `invalid` for more than the supplier
 * takes at once.
 */
export async function quickReorder(
  tx: Statements,
  { product_id: productId, location_id, quantity }: QuickReorder,
  actor: string,
): Promise<{ readonly id: number; readonly isNew: boolean }> {
  await mustBeStocked(tx, [productId]);
  const locationId = await knownLocation(tx, location_id);
  if (quantity === undefined) {
    const [drafted] = await tx.select(
      Drafted,
      `SELECT o.purchase_order_id
         FROM purchase_order_line l
         JOIN purchase_order o ON o.purchase_order_id = l.purchase_order_id
        WHERE l.product_id = :productId AND o.location_id = :locationId AND o.status = 'draft'
        ORDER BY o.is_own, o.purchase_order_id
        LIMIT 1`,
      { productId, locationId },
    );
    if (drafted) return { id: drafted.purchase_order_id, isNew: false };
  }
  const [item] = (await readSupplierItems(tx, [productId])).get(productId) ?? [];
  if (!item) throw new Fault('conflict', `Nobody supplies ${productId}`);
  const wanted = quantity ?? (await usualQuantity(tx, productId, locationId)) ?? 1;
  const { minimumQuantity, orderMultiple, maximumQuantity } = item;
  const terms = { minimumQuantity, orderMultiple, maximumQuantity };
  const { quantity: units, steps } = roundOrder(Math.max(wanted, 1), terms);
  if (units === 0 || (quantity !== undefined && units < quantity))
    throw new Fault('invalid', 'The supplier does not sell this quantity', {
      details: [{ field: 'quantity', reason: steps.at(-1)!.why }],
    });
  const id = await insertDraft(
    tx,
    {
      supplierId: item.supplierId,
      locationId,
      expectedDate: null,
      note: null,
      lines: [{ productId, quantity: units, unitCost: unitCostAt(item, units), expectedDate: null }],
    },
    actor,
  );
  return { id, isNew: true };
}

/** What somebody has said is ordered of it, there or anywhere. */
async function usualQuantity(tx: Statements, productId: string, locationId: string): Promise<number | null> {
  const [row] = await tx.select(
    Usual,
    `SELECT COALESCE(r.reorder_quantity, p.reorder_quantity) AS reorder_quantity
       FROM products p
       LEFT JOIN stock_rule r ON r.product_id = p.product_id AND r.location_id = :locationId
      WHERE p.product_id = :productId`,
    { productId, locationId },
  );
  return row?.reorder_quantity ?? null;
}
