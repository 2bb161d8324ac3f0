import * as z from 'zod';
import { Fault, type FaultDetail } from '../../contracts/fault.ts';
import type { MovementFact } from '../../core/inventory/book-movements.ts';
import { mostToReceive } from '../../core/inventory/most-to-receive.ts';
import { transitionOf } from '../../core/inventory/purchase-order-states.ts';
import { generationKey, importedMovements } from '../imports/imported-movements.ts';
import { type Booked, recordMovements } from '../ledger/ledger-store.ts';
import { json, type Statements } from '../sql/database.ts';
import { recordLots } from '../waste/lot-store.ts';
import { readLandedCosts } from './purchase-charge-store.ts';
import { settlePurchases } from './purchase-line-store.ts';
import { holdOrder, keepStep, moveOrder } from './purchase-transition-store.ts';
import {
  countReceived,
  insertReceiptLines,
  insertReceipts,
  type ReceivedLot,
  receiptHash,
} from './receipt-line-store.ts';

/** Goods that came for a purchase order. */
export interface Receipt {
  readonly receiptId: string;
  readonly purchaseOrderId: number;
  /** YYYY-MM-DD HH:MM:SS.mmm in UTC */
  readonly date: string;
  /** Each product once; `damaged` of the `quantity`. */
  readonly lines: readonly ReceiptLine[];
  /** Takes more than was ordered, knowingly. */
  readonly acceptOver: boolean;
  /** Why. */
  readonly acceptReason?: string | undefined;
  readonly actor: string;
  readonly isSynthetic?: boolean;
}

export interface ReceiptLine {
  readonly productId: string;
  readonly quantity: number;
  readonly damaged: number;
  readonly lots?: readonly ReceivedLot[] | undefined;
}

/** What a receipt did; nothing when it was recorded before. */
export interface Received {
  readonly isNew: boolean;
  readonly status: string;
  readonly booked: Booked | undefined;
}

const Known = z.object({ purchase_order_id: z.int(), content_hash: z.string() });
const Line = z.object({
  product_id: z.string(),
  quantity: z.int(),
  quantity_received: z.int(),
  line_status: z.string(),
});
const Setting = z.object({ value: z.coerce.number().min(0).max(100).catch(0) });
/** Lines of one answer of the database. */
const LINES_READ = 2_500;
/**
 * Takes goods of a purchase order into stock; what came damaged leaves it again at once, by a movement that names the
 * receipt. Only this changes stock for an order, and by as much it is on order no more. The same receipt id with the
 * same content is the same receipt.
 * Fault `missing` without such an order or line, `conflict` when the order expects nothing, or more comes than it
 * tolerates (setting `receipt_tolerance_percent`, 0 by default) and nobody accepts that.
 */
export async function receivePurchase(tx: Statements, receipt: Receipt): Promise<Received> {
  const { purchaseOrderId: id } = receipt;
  const order = await holdOrder(tx, id);
  const contentHash = receiptHash(receipt);
  if (!(await insertReceipts(tx, [{ ...receipt, contentHash }]))) {
    await mustBeTheSame(tx, receipt, contentHash);
    return { isNew: false, status: order.status, booked: undefined };
  }
  const { kind } = transitionOf(order.status, 'receive');
  if (kind !== 'moves' || (order.status === 'received' && !receipt.acceptOver))
    throw new Fault('conflict', `Purchase order ${id} is ${order.status}: nothing of it is expected`);

  await mustBeExpected(tx, receipt, await linesOf(tx, receipt));
  const costs = await readLandedCosts(tx, id);
  const came = receipt.lines.map((line) => ({
    ...line,
    receiptId: receipt.receiptId,
    purchaseOrderId: id,
    unitCost: costs.get(line.productId)?.unitCost,
    landedUnitCost: costs.get(line.productId)?.landedUnitCost,
  }));
  await insertReceiptLines(tx, came);
  await countReceived(tx, came);
  await settlePurchases(tx, [id], { actor: receipt.actor, reason: 'the rest is not expected' });
  const { status } = await holdOrder(tx, id);
  await keepStep(tx, order, 'receive', status, {
    actor: receipt.actor,
    reason: receipt.acceptReason,
    after: {
      receipt_id: receipt.receiptId,
      units: receipt.lines.reduce((sum, line) => sum + line.quantity, 0),
    },
  });
  const named = factsOf(receipt, order.locationId);
  const facts = await inGeneration(
    tx,
    named.map((one) => one.fact),
  );
  const booked = await recordMovements(tx, facts, {
    actor: receipt.actor,
    isSynthetic: receipt.isSynthetic ?? false,
  });
  await recordLots(
    tx,
    named.flatMap(({ fact, lot }, i) =>
      lot === undefined
        ? []
        : [
            {
              ...lot,
              movementKey: facts[i]!.key,
              unitCost: costs.get(fact.productId)?.landedUnitCost ?? null,
            },
          ],
    ),
    receipt.actor,
  );
  return { isNew: true, status, booked };
}

/** The lines that a receipt names: an order may have many more. */
async function linesOf(tx: Statements, { purchaseOrderId: id, lines }: Receipt) {
  const found: z.infer<typeof Line>[] = [];
  for (let at = 0; at < lines.length; at += LINES_READ) {
    const ids = lines.slice(at, at + LINES_READ).map((line) => line.productId);
    const some = await tx.select(
      Line,
      `SELECT STRAIGHT_JOIN l.product_id, l.quantity, l.quantity_received, l.line_status
         FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(64) PATH '$')) AS j
         JOIN purchase_order_line l ON l.purchase_order_id = :id AND l.product_id = j.id
          FOR UPDATE`,
      { id, ids: json(ids.sort()) },
    );
    found.push(...some);
  }
  return found;
}

async function mustBeTheSame(tx: Statements, { receiptId }: Receipt, contentHash: string): Promise<void> {
  const [known] = await tx.select(
    Known,
    `SELECT purchase_order_id, content_hash
       FROM purchase_receipt
      WHERE receipt_id = :receiptId
       LOCK IN SHARE MODE`,
    { receiptId },
  );
  if (known?.content_hash === contentHash) return;
  throw new Fault('conflict', `There is a receipt ${receiptId} already`);
}

/** Percent of a line that may come beyond what was ordered. */
export async function readReceiptTolerance(tx: Statements): Promise<number> {
  const [setting] = await tx.select(
    Setting,
    `SELECT value FROM setting WHERE name = 'receipt_tolerance_percent'`,
  );
  return setting?.value ?? 0;
}

async function mustBeExpected(
  tx: Statements,
  { purchaseOrderId, lines: came, acceptOver }: Receipt,
  lines: readonly z.infer<typeof Line>[],
): Promise<void> {
  const tolerance = await readReceiptTolerance(tx);
  const ordered = new Map(lines.map((line) => [line.product_id, line]));
  const faults: FaultDetail[] = [];
  for (const { productId, quantity } of came) {
    const line = ordered.get(productId);
    if (!line) throw new Fault('missing', `Purchase order ${purchaseOrderId} has no product ${productId}`);
    const most = mostToReceive(line.quantity, tolerance);
    const total = line.quantity_received + quantity;
    if (line.line_status !== 'open' && !acceptOver) {
      faults.push({ field: productId, reason: `is ${line.line_status}: nothing more of it is expected` });
      continue;
    }
    if (total > most && !acceptOver)
      faults.push({ field: productId, reason: `${total} come in all, ${line.quantity} are ordered` });
  }
  if (faults.length > 0)
    throw new Fault('conflict', 'More comes than was ordered; accept_over takes it', { details: faults });
}

/** A movement of a receipt, and the lot that it is of. */
interface NamedFact {
  readonly fact: MovementFact;
  readonly lot: ReceivedLot | undefined;
}

/** Each lot comes, and is damaged, by movements of its own; what no lot is named for by another. */
function factsOf({ receiptId, purchaseOrderId, date, lines }: Receipt, locationId: string): NamedFact[] {
  return lines.flatMap(({ productId, quantity, damaged, lots = [] }, i) => {
    const rest = {
      quantity: quantity - lots.reduce((sum, lot) => sum + lot.quantity, 0),
      damaged: damaged - lots.reduce((sum, lot) => sum + lot.damaged, 0),
    };
    if (rest.quantity < 0 || rest.damaged < 0 || rest.damaged > rest.quantity)
      throw new RangeError(`lots of ${quantity} ${productId}, ${damaged} damaged, do not add up`);
    const key = `po-receipt:${receiptId}:${i + 1}`;
    const parts = [
      { ...rest, key, lot: undefined },
      ...lots.map((lot, k) => ({ ...lot, key: `${key}:lot${k + 1}`, lot })),
    ];
    return parts
      .filter((part) => part.quantity > 0)
      .flatMap((part): NamedFact[] => {
        const came: MovementFact = {
          key: part.key,
          productId,
          locationId,
          date,
          quantityChange: part.quantity,
          type: 'receipt',
          reason: `purchase order ${purchaseOrderId}`,
          referenceId: receiptId,
        };
        if (part.damaged === 0) return [{ fact: came, lot: part.lot }];
        const leaves = { key: `${part.key}:damaged`, quantityChange: -part.damaged, type: 'damage' } as const;
        return [
          { fact: came, lot: part.lot },
          { fact: { ...came, ...leaves, reason: 'arrived damaged' }, lot: part.lot },
        ];
      });
  });
}

/** The facts under keys of their own: an undone import may have booked a receipt of that id before. */
async function inGeneration(tx: Statements, facts: readonly MovementFact[]): Promise<MovementFact[]> {
  const earlier = await importedMovements(tx, facts);
  return facts.map((fact) => {
    const known = earlier.get(fact.key);
    if (known?.isSame !== undefined)
      throw new Fault('conflict', `There is another receipt ${fact.referenceId} already`);
    return known ? { ...fact, key: generationKey(fact.key, known.generation) } : fact;
  });
}

/**
 * Ends the expectation of what has not come, with a reason; closing twice changes nothing. False then.
 * Fault `missing` without such an order, `conflict` when it was never one or ended otherwise.
 */
export async function closePurchaseOrder(
  tx: Statements,
  id: number,
  reason: string,
  actor: string,
): Promise<boolean> {
  const order = await holdOrder(tx, id);
  return await moveOrder(tx, order, 'close', {
    actor,
    reason,
    stamps: ['closed'],
    sets: { close_reason: reason.slice(0, 255) },
  });
}
