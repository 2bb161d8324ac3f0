import * as z from 'zod';
import { Fault } from '../../contracts/fault.ts';
import { type ChargeBasis, landedUnitCost, spreadCharges } from '../../core/inventory/landed-cost.ts';
import { moneyColumn } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';
import { holdOrder, keepStep } from './purchase-transition-store.ts';

/** Freight, duty or another charge on an order. */
export interface PurchaseCharge {
  readonly kind: 'freight' | 'duty' | 'insurance' | 'other';
  /** In hundredths of the currency. */
  readonly cents: number;
  readonly basis: ChargeBasis;
  readonly note: string | null;
}

const Row = z.object({
  kind: z.enum(['freight', 'duty', 'insurance', 'other']),
  cents: z.coerce.number(),
  basis: z.enum(['value', 'quantity', 'weight']),
  note: z.string().nullable(),
});

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
  const weighed = await readLines(tx, id);
  const changed = mustKnowWeights(id, charges, weights, weighed);
  const isSame = JSON.stringify(before.map(asRow)) === JSON.stringify(charges.map(asRow));
  if (isSame && changed.length === 0) return;
  await tx.write(`DELETE FROM purchase_order_charge WHERE purchase_order_id = :id`, { id });
  for (const chunk of jsonChunks(charges.map(asRow)))
    await tx.write(
      `INSERT INTO purchase_order_charge (purchase_order_id, charge_no, kind, amount, basis, note)
       SELECT :id, j.charge_no, j.kind, j.amount, j.basis, j.note
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                charge_no FOR ORDINALITY,
                kind      VARCHAR(16)    PATH '$[0]',
                amount    DECIMAL(12, 2) PATH '$[1]',
                basis     VARCHAR(10)    PATH '$[2]',
                note      VARCHAR(255)   PATH '$[3]')) AS j`,
      { id, rows: chunk },
    );
  for (const chunk of jsonChunks(changed.map((one) => [one.productId, one.after])))
    await tx.write(
      `UPDATE purchase_order_line l
         JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (
                product_id  VARCHAR(64)    PATH '$[0]',
                unit_weight DECIMAL(12, 4) PATH '$[1]')) AS j ON j.product_id = l.product_id
          SET l.unit_weight = j.unit_weight
        WHERE l.purchase_order_id = :id`,
      { id, rows: chunk },
    );
  await keepStep(tx, order, 'charge', order.status, {
    actor,
    reason,
    before: { ...(!isSame && { charges: before.map(inWords) }), ...weightsOf(changed, 'before') },
    after: { ...(!isSame && { charges: charges.map(inWords) }), ...weightsOf(changed, 'after') },
  });
}

const asRow = ({ kind, cents, basis, note }: PurchaseCharge) => [kind, (cents / 100).toFixed(2), basis, note];

/** A weight that is another than before, as the column keeps it. */
interface ChangedWeight {
  readonly productId: string;
  readonly before: number | null;
  readonly after: number;
}

/** The weights that change. Fault `missing` for a product that is not ordered, `invalid` where a charge needs one that nobody said. */
function mustKnowWeights(
  id: number,
  charges: readonly PurchaseCharge[],
  weights: ReadonlyMap<string, number>,
  lines: readonly Line[],
): ChangedWeight[] {
  const known = new Map(lines.map((line) => [line.product_id, line.unit_weight]));
  const changed: ChangedWeight[] = [];
  for (const [productId, weight] of weights) {
    const before = known.get(productId);
    if (before === undefined) throw new Fault('missing', `Purchase order ${id} has no product ${productId}`);
    const after = Math.round(weight * 1e4) / 1e4;
    if (before !== after) changed.push({ productId, before, after });
  }
  const blank = lines.filter((line) => isBlank(line) && !weights.has(line.product_id));
  if (charges.some((charge) => charge.basis === 'weight') && blank.length > 0)
    throw new Fault('invalid', 'A charge by weight needs the weight of a unit of every product', {
      details: blank
        .slice(0, 20)
        .map((line) => ({ field: 'weights', reason: `says nothing of ${line.product_id}` })),
    });
  return changed;
}

/** Weights that the history names: an entry is a row of the Data API. */
const MOST_IN_HISTORY = 80;
const weightsOf = (changed: readonly ChangedWeight[], which: 'before' | 'after') =>
  changed.length > 0 && {
    weights: {
      ...Object.fromEntries(changed.slice(0, MOST_IN_HISTORY).map((one) => [one.productId, one[which]])),
      ...(changed.length > MOST_IN_HISTORY && { '...': `${changed.length} products` }),
    },
  };

const inWords = ({ kind, cents, basis }: PurchaseCharge): string =>
  `${kind} ${(cents / 100).toFixed(2)} by ${basis}`;

const Line = z.object({
  product_id: z.string(),
  quantity: z.int(),
  cost: z.coerce.number(),
  unit_cost: moneyColumn,
  unit_weight: z.coerce.number().nullable(),
});
type Line = z.infer<typeof Line>;
/** Lines of one answer of the database, and answers: more lines than an order can have. */
const PAGE = 2_500;
const MAX_PAGES = 100;
/** Whether nobody has said what a unit weighs that is there or comes. */
const isBlank = (line: Line): boolean => line.unit_weight === null && line.quantity > 0;

/** The lines of an order by product, each with the units that charges are spread over. */
async function readLines(db: Statements, id: number): Promise<Line[]> {
  const lines: Line[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const some = await db.select(
      Line,
      `SELECT l.product_id, CAST(ROUND(l.unit_cost * 10000) AS SIGNED) AS cost, l.unit_cost, l.unit_weight,
              CASE WHEN o.status IN ('received', 'closed') OR l.line_status <> 'open' THEN l.quantity_received
                   ELSE GREATEST(l.quantity, l.quantity_received) END AS quantity
         FROM purchase_order o
         JOIN purchase_order_line l ON l.purchase_order_id = o.purchase_order_id
        WHERE o.purchase_order_id = :id AND l.product_id > :after
        ORDER BY l.product_id
        LIMIT ${PAGE}`,
      { id, after: lines.at(-1)?.product_id ?? '' },
    );
    lines.push(...some);
    if (some.length < PAGE) return lines;
  }
  throw new RangeError(`purchase order ${id} has more than ${PAGE * MAX_PAGES} lines`);
}

/** What a line of an order costs until it is here. */
export interface LandedCost {
  readonly quantity: number;
  /** As decimals. */
  readonly unitCost: string;
  /** Nobody has said what a unit weighs: charges by weight are spread by value meanwhile. */
  readonly isWeightMissing: boolean;
  /** Of all charges, in hundredths. */
  readonly chargeCents: number;
  readonly landedUnitCost: string;
}

/**
 * The landed cost of each product of an order. Charges are spread over what is expected while goods are expected, and over
 * what came once nothing more will: what never came carries no freight. While a weight is missing, as of a line that came
 * after the charge, charges by weight are spread by value: goods that are here are never refused for it.
 */
export async function readLandedCosts(db: Statements, id: number): Promise<ReadonlyMap<string, LandedCost>> {
  const lines = await readLines(db, id);
  const isByValue = lines.some(isBlank);
  const charges = (await readCharges(db, id)).map((charge) =>
    charge.basis === 'weight' && isByValue ? { ...charge, basis: 'value' as const } : charge,
  );
  const charged = lines.map((line) => ({
    quantity: line.quantity,
    unitCost: line.cost,
    unitWeight: line.unit_weight ?? undefined,
  }));
  const shares = lines.length === 0 ? [] : spreadCharges(charged, charges);
  return new Map(
    lines.map((line, i) => [
      line.product_id,
      {
        quantity: line.quantity,
        unitCost: line.unit_cost,
        isWeightMissing: isBlank(line),
        chargeCents: shares[i]!,
        landedUnitCost: landedUnitCost(charged[i]!, shares[i]!),
      },
    ]),
  );
}
