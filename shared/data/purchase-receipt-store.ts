import * as z from 'zod';
import { Fault, type FaultDetail } from '../contracts/fault.ts';
import type { MovementFact } from '../core/inventory/book-movements.ts';
import { mostToReceive } from '../core/inventory/most-to-receive.ts';
import type { Statements } from './database.ts';
import { generationKey, importedMovements } from './imported-movements.ts';
import { type Booked, recordMovements } from './ledger-store.ts';
import { settlePurchases } from './purchase-line-store.ts';
import { countReceived, insertReceiptLines, insertReceipts, receiptHash } from './receipt-line-store.ts';

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
  readonly actor: string;
  readonly isSynthetic?: boolean;
}

export interface ReceiptLine {
  readonly productId: string;
  readonly quantity: number;
  readonly damaged: number;
}

/** What a receipt did; nothing when it was recorded before. */
export interface Received {
  readonly isNew: boolean;
  readonly status: string;
  readonly booked: Booked | undefined;
}

const Order = z.object({ status: z.string(), location_id: z.string() });
const Known = z.object({ purchase_order_id: z.int(), content_hash: z.string() });
const Line = z.object({
  product_id: z.string(),
  quantity: z.int(),
  quantity_received: z.int(),
  line_status: z.string(),
});
const Setting = z.object({ value: z.coerce.number().min(0).max(100).catch(0) });
/** Lines of an order that are looked at for one receipt. */
const MAX_LINES = 20_000;

/**
 * Takes goods of a purchase order into stock; what came damaged leaves it again at once, by a movement that names the
 * receipt. Only this changes stock for an order, and by as much it is on order no more. The same receipt id with the
 * same content is the same receipt.
 * Fault `missing` without such an order or line, `conflict` when the order expects nothing, or more comes than it
 * tolerates (setting `receipt_tolerance_percent`, 0 by default) and nobody accepts that.
 */
export async function receivePurchase(tx: Statements, receipt: Receipt): Promise<Received> {
  const { purchaseOrderId: id } = receipt;
  const [order] = await tx.select(
    Order,
    `SELECT status, location_id FROM purchase_order WHERE purchase_order_id = :id FOR UPDATE`,
    { id },
  );
  if (!order) throw new Fault('missing', `There is no purchase order ${id}`);
  const contentHash = receiptHash(receipt);
  if (!(await insertReceipts(tx, [{ ...receipt, contentHash }]))) {
    await mustBeTheSame(tx, receipt, contentHash);
    return { isNew: false, status: order.status, booked: undefined };
  }
  const isOpen = order.status === 'approved' || order.status === 'partially_received';
  if (!isOpen && !(order.status === 'received' && receipt.acceptOver))
    throw new Fault('conflict', `Purchase order ${id} is ${order.status}: nothing of it is expected`);

  const lines = await tx.select(
    Line,
    `SELECT product_id, quantity, quantity_received, line_status
       FROM purchase_order_line
      WHERE purchase_order_id = :id
      LIMIT ${MAX_LINES}
        FOR UPDATE`,
    { id },
  );
  await mustBeExpected(tx, receipt, lines);
  const came = receipt.lines.map((line) => ({
    ...line,
    receiptId: receipt.receiptId,
    purchaseOrderId: id,
  }));
  await insertReceiptLines(tx, came);
  await countReceived(tx, came);
  await settlePurchases(tx, [id], { actor: receipt.actor, reason: 'the rest is not expected' });
  const [settled] = await tx.select(
    Order,
    `SELECT status, location_id FROM purchase_order WHERE purchase_order_id = :id FOR UPDATE`,
    { id },
  );
  const booked = await recordMovements(tx, await inGeneration(tx, factsOf(receipt, order.location_id)), {
    actor: receipt.actor,
    isSynthetic: receipt.isSynthetic ?? false,
  });
  return { isNew: true, status: settled!.status, booked };
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

function factsOf({ receiptId, purchaseOrderId, date, lines }: Receipt, locationId: string): MovementFact[] {
  return lines.flatMap(({ productId, quantity, damaged }, i): MovementFact[] => {
    const came: MovementFact = {
      key: `po-receipt:${receiptId}:${i + 1}`,
      productId,
      locationId,
      date,
      quantityChange: quantity,
      type: 'receipt',
      reason: `purchase order ${purchaseOrderId}`,
      referenceId: receiptId,
    };
    if (damaged === 0) return [came];
    const leaves = { key: `${came.key}:damaged`, quantityChange: -damaged, type: 'damage' } as const;
    return [came, { ...came, ...leaves, reason: 'arrived damaged' }];
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
 * Ends the expectation of what has not come, with a reason; closing twice changes nothing.
 * Fault `missing` without such an order, `conflict` when it expects nothing anyway.
 */
export async function closePurchaseOrder(
  tx: Statements,
  id: number,
  reason: string,
  actor: string,
): Promise<void> {
  const [order] = await tx.select(
    Order,
    `SELECT status, location_id FROM purchase_order WHERE purchase_order_id = :id FOR UPDATE`,
    { id },
  );
  if (!order) throw new Fault('missing', `There is no purchase order ${id}`);
  if (order.status === 'closed') return;
  if (order.status !== 'approved' && order.status !== 'partially_received')
    throw new Fault('conflict', `Purchase order ${id} is ${order.status}: nothing of it is expected`);
  await tx.write(
    `UPDATE purchase_order
        SET status = 'closed', close_reason = :reason, closed_by = :actor, closed_at = UTC_TIMESTAMP(3)
      WHERE purchase_order_id = :id`,
    { id, reason, actor },
  );
}
