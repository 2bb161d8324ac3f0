import * as z from 'zod';
import { Fault } from '../contracts/fault.ts';
import { type ChargeBasis, landedUnitCost, spreadCharges } from '../core/inventory/landed-cost.ts';
import { moneyColumn } from './columns.ts';
import type { Statements } from './database.ts';
import { jsonChunks } from './json-chunks.ts';
import { holdOrder, keepStep } from './purchase-transition-store.ts';

/** Freight, duty or another charge on an order. */
export interface PurchaseCharge {
  readonly kind: 'freight' | 'duty' | 'insurance' | 'other';
  /** In hundredths of the currency. */
  readonly cents: number;
  readonly basis: ChargeBasis;
  readonly note: string | null;
}

const Row = z
  .object({
    kind: z.enum(['freight', 'duty', 'insurance', 'other']),
    cents: z.coerce.number(),
    basis: z.enum(['value', 'quantity', 'weight']),
    note: z.string().nullable(),
  })
  .transform((row): PurchaseCharge => row);
/** Charges of one order. */
export const MOST_CHARGES = 20;

/** The charges on an order, as they were entered. */
export const readCharges = (db: Statements, id: number): Promise<PurchaseCharge[]> =>
  db.select(
    Row,
    `SELECT kind, CAST(ROUND(amount * 100) AS SIGNED) AS cents, basis, note
       FROM purchase_order_charge
      WHERE purchase_order_id = :id
      ORDER BY charge_no`,
    { id },
  );

/**
 * Says what is charged on an order besides its goods, and what units weigh; replaces what was said before. Saying the same
 * again changes nothing. Charges may come until long after the goods: only of an order that never was one there are none.
 * Fault `missing`, `conflict` for one that is cancelled or rejected, `invalid` for a charge by weight without weights.
 */
export async function setCharges(
  tx: Statements,
  id: number,
  charges: readonly PurchaseCharge[],
  weights: ReadonlyMap<string, number>,
  { actor, reason }: { readonly actor: string; readonly reason?: string | undefined },
): Promise<void> {
  const order = await holdOrder(tx, id);
  if (order.status === 'cancelled' || order.status === 'rejected')
    throw new Fault('conflict', `Purchase order ${id} is ${order.status}: nothing is charged for it`);
  const before = await readCharges(tx, id);
  await tx.write(`DELETE FROM purchase_order_charge WHERE purchase_order_id = :id`, { id });
  const rows = charges.map((charge, i) => [
    i + 1,
    charge.kind,
    (charge.cents / 100).toFixed(2),
    charge.basis,
    charge.note,
  ]);
  for (const chunk of jsonChunks(rows))
    await tx.write(
      `INSERT INTO purchase_order_charge (purchase_order_id, charge_no, kind, amount, basis, note)
       SELECT :id, j.charge_no, j.kind, j.amount, j.basis, j.note
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                charge_no INT            PATH '$[0]',
                kind      VARCHAR(16)    PATH '$[1]',
                amount    DECIMAL(12, 2) PATH '$[2]',
                basis     VARCHAR(10)    PATH '$[3]',
                note      VARCHAR(255)   PATH '$[4]')) AS j`,
      { id, rows: chunk },
    );
  for (const chunk of jsonChunks([...weights]))
    await tx.write(
      `UPDATE purchase_order_line l
         JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (
                product_id  VARCHAR(64)    PATH '$[0]',
                unit_weight DECIMAL(12, 4) PATH '$[1]')) AS j ON j.product_id = l.product_id
          SET l.unit_weight = j.unit_weight
        WHERE l.purchase_order_id = :id`,
      { id, rows: chunk },
    );
  const landed = await readLandedCosts(tx, id);
  const unknown = [...weights.keys()].find((productId) => !landed.has(productId));
  if (unknown !== undefined) throw new Fault('missing', `Purchase order ${id} has no product ${unknown}`);
  if (JSON.stringify(before) === JSON.stringify(charges)) return;
  await keepStep(tx, order, 'charge', order.status, {
    actor,
    reason,
    before: { charges: before.map(inWords) },
    after: { charges: charges.map(inWords) },
  });
}

const inWords = ({ kind, cents, basis }: PurchaseCharge): string =>
  `${kind} ${(cents / 100).toFixed(2)} by ${basis}`;

const Line = z.object({
  product_id: z.string(),
  quantity: z.int(),
  cost: z.coerce.number(),
  unit_cost: moneyColumn,
  unit_weight: z.coerce.number().nullable(),
});

/** What a line of an order costs until it is here. */
export interface LandedCost {
  readonly quantity: number;
  /** As decimals. */
  readonly unitCost: string;
  /** Of all charges, in hundredths. */
  readonly chargeCents: number;
  readonly landedUnitCost: string;
}

/**
 * The landed cost of each product of an order. Charges are spread over what is expected while goods are expected, and over
 * what came once nothing more will: what never came carries no freight.
 * Fault `invalid` for charges by weight where a weight is missing.
 */
export async function readLandedCosts(db: Statements, id: number): Promise<ReadonlyMap<string, LandedCost>> {
  const lines = await db.select(
    Line,
    `SELECT l.product_id, CAST(ROUND(l.unit_cost * 10000) AS SIGNED) AS cost, l.unit_cost, l.unit_weight,
            CASE WHEN o.status IN ('received', 'closed') OR l.line_status <> 'open' THEN l.quantity_received
                 ELSE GREATEST(l.quantity, l.quantity_received) END AS quantity
       FROM purchase_order o
       JOIN purchase_order_line l ON l.purchase_order_id = o.purchase_order_id
      WHERE o.purchase_order_id = :id
      ORDER BY l.product_id
      LIMIT 20000`,
    { id },
  );
  const charges = await readCharges(db, id);
  const charged = lines.map((line) => ({
    quantity: line.quantity,
    unitCost: line.cost,
    unitWeight: line.unit_weight ?? undefined,
  }));
  const blank = lines.filter((line) => line.unit_weight === null && line.quantity > 0);
  if (charges.some((charge) => charge.basis === 'weight') && blank.length > 0)
    throw new Fault('invalid', 'A charge by weight needs the weight of a unit of every product', {
      details: blank
        .slice(0, 20)
        .map((line) => ({ field: 'weights', reason: `says nothing of ${line.product_id}` })),
    });
  const shares = lines.length === 0 ? [] : spreadCharges(charged, charges);
  return new Map(
    lines.map((line, i) => [
      line.product_id,
      {
        quantity: line.quantity,
        unitCost: line.unit_cost,
        chargeCents: shares[i]!,
        landedUnitCost: landedUnitCost(charged[i]!, shares[i]!),
      },
    ]),
  );
}
