import type * as z from 'zod';
import type { LandedCosts, NewCharges } from '../../../shared/contracts/api/purchase-order.ts';
import {
  readCharges,
  readLandedCosts,
  setCharges,
} from '../../../shared/data/purchasing/purchase-charge-store.ts';
import { findOrderHead } from '../../../shared/data/purchasing/purchase-order-reads.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { found } from '../http/found.ts';

type Landed = z.infer<typeof LandedCosts>;

/** Says what is charged on an order, and answers what its units cost with that. */
export async function chargePurchaseOrder(
  tx: Statements,
  id: number,
  { charges, weights, reason }: NewCharges,
  actor: string,
): Promise<Landed> {
  await setCharges(
    tx,
    id,
    charges.map(({ amount, ...charge }) => ({ ...charge, cents: amount / 100 })),
    new Map(weights.map((one) => [one.product_id, one.unit_weight])),
    { actor, reason },
  );
  return await landedCosts(tx, id);
}

/** What the units of an order cost until they are here. */
export async function landedCosts(db: Statements, id: number): Promise<Landed> {
  const order = found(await findOrderHead(db, id), 'purchase order', id);
  const costs = [...(await readLandedCosts(db, id))];
  const charges = await readCharges(db, id);
  const goodsCents = costs.reduce(
    (sum, [, line]) => sum + Math.round((Math.round(Number(line.unitCost) * 1e4) * line.quantity) / 100),
    0,
  );
  const charged = charges.reduce((sum, charge) => sum + charge.cents, 0);
  return {
    purchase_order_id: id,
    currency: order.currency,
    charges: charges.map(({ cents, ...charge }) => ({ ...charge, amount: (cents / 100).toFixed(2) })),
    goods_cost: (goodsCents / 100).toFixed(2),
    charges_total: (charged / 100).toFixed(2),
    landed_total: ((goodsCents + charged) / 100).toFixed(2),
    weights_missing: costs.filter(([, line]) => line.isWeightMissing).length,
    lines: costs.map(([productId, line]) => ({
      product_id: productId,
      quantity: line.quantity,
      unit_cost: line.unitCost,
      charges: (line.chargeCents / 100).toFixed(2),
      landed_unit_cost: line.landedUnitCost,
    })),
  };
}
