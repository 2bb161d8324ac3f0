import * as z from 'zod';
import { contentHashOf } from '../sql/content-hash.ts';
import { json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** A product that came with a receipt for a purchase order; `damaged` of the `quantity`. */
export interface CameLine {
  readonly receiptId: string;
  readonly purchaseOrderId: number;
  readonly productId: string;
  readonly quantity: number;
  readonly damaged: number;
  /** What a unit costs, and what it costs until it is here, as decimals. */
  readonly unitCost?: string | undefined;
  readonly landedUnitCost?: string | undefined;
  /** Lots that are named; what is left over is of none. */
  readonly lots?: readonly ReceivedLot[] | undefined;
}

/** Goods of one line that carry the same name and day. */
export interface ReceivedLot {
  readonly lotCode: string | null;
  /** YYYY-MM-DD; null when it keeps. */
  readonly expiryDate: string | null;
  readonly quantity: number;
  /** Of the quantity. */
  readonly damaged: number;
}

/** What tells a receipt from another of the same id. */
export function receiptHash(receipt: {
  readonly purchaseOrderId: number;
  readonly lines: readonly Pick<CameLine, 'productId' | 'quantity' | 'damaged' | 'lots'>[];
}): string {
  const sorted = [...receipt.lines].sort((a, b) => (a.productId < b.productId ? -1 : 1));
  return contentHashOf([
    receipt.purchaseOrderId,
    // without lots it is what it was before there were any
    sorted.map((line) => [line.productId, line.quantity, line.damaged, ...(line.lots ? [line.lots] : [])]),
  ]);
}

/** Makes receipts; those whose id is known stay as they are. How many are new. */
export async function insertReceipts(
  tx: Statements,
  receipts: readonly {
    readonly receiptId: string;
    readonly purchaseOrderId: number;
    readonly date: string;
    readonly actor: string;
    readonly acceptOver: boolean;
    readonly acceptReason?: string | undefined;
    readonly contentHash: string;
  }[],
): Promise<number> {
  let made = 0;
  const rows = receipts.map((receipt) => [
    receipt.receiptId,
    receipt.purchaseOrderId,
    receipt.date,
    receipt.actor,
    receipt.acceptOver ? 1 : 0,
    receipt.contentHash,
    receipt.acceptReason ?? null,
  ]);
  for (const chunk of jsonChunks(rows)) {
    const { updated } = await tx.write(
      `INSERT IGNORE INTO purchase_receipt
              (receipt_id, purchase_order_id, received_at, actor, accept_over, content_hash, accept_reason)
       SELECT j.receipt_id, j.purchase_order_id, j.received_at, j.actor, j.accept_over, j.content_hash, j.accept_reason
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                receipt_id        VARCHAR(100) PATH '$[0]',
                purchase_order_id BIGINT       PATH '$[1]',
                received_at       DATETIME(3)  PATH '$[2]',
                actor             VARCHAR(128) PATH '$[3]',
                accept_over       INT          PATH '$[4]',
                content_hash      VARCHAR(12)  PATH '$[5]',
                accept_reason     VARCHAR(255) PATH '$[6]')) AS j`,
      { rows: chunk },
    );
    made += updated;
  }
  return made;
}

/** Writes what came with new receipts. */
export async function insertReceiptLines(tx: Statements, lines: readonly CameLine[]): Promise<void> {
  const rows = lines.map((line) => [
    line.receiptId,
    line.productId,
    line.purchaseOrderId,
    line.quantity,
    line.damaged,
    line.unitCost ?? null,
    line.landedUnitCost ?? null,
    line.lots && line.lots.length > 0 ? JSON.stringify(line.lots.map(lotOf)) : null,
  ]);
  for (const chunk of jsonChunks(rows))
    await tx.write(
      `INSERT INTO purchase_receipt_line
              (receipt_id, product_id, purchase_order_id, quantity, damaged, unit_cost, landed_unit_cost, lots)
       SELECT j.receipt_id, j.product_id, j.purchase_order_id, j.quantity, j.damaged, j.unit_cost, j.landed_unit_cost, j.lots
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                receipt_id        VARCHAR(100) PATH '$[0]',
                product_id        VARCHAR(64)  PATH '$[1]',
                purchase_order_id BIGINT       PATH '$[2]',
                quantity          INT          PATH '$[3]',
                damaged           INT          PATH '$[4]',
                unit_cost         DECIMAL(12, 4) PATH '$[5]',
                landed_unit_cost  DECIMAL(16, 6) PATH '$[6]',
                lots              LONGTEXT     PATH '$[7]')) AS j`,
      { rows: chunk },
    );
}

const lotOf = ({ lotCode, expiryDate, quantity, damaged }: ReceivedLot) => ({
  lot_code: lotCode,
  expiry_date: expiryDate,
  quantity,
  damaged,
});

/** Counts what came on the lines of held orders; a negative quantity takes back what was counted. */
export async function countReceived(
  tx: Statements,
  lines: readonly Pick<CameLine, 'purchaseOrderId' | 'productId' | 'quantity'>[],
): Promise<void> {
  const sums = new Map<string, [number, string, number]>();
  for (const { purchaseOrderId, productId, quantity } of lines) {
    const key = JSON.stringify([purchaseOrderId, productId]);
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, [purchaseOrderId, productId, quantity]);
    else sum[2] += quantity;
  }
  for (const chunk of jsonChunks(sums.values()))
    await tx.write(
      `UPDATE purchase_order_line l
         JOIN JSON_TABLE(:rows, '$[*]' COLUMNS (
                purchase_order_id BIGINT      PATH '$[0]',
                product_id        VARCHAR(64) PATH '$[1]',
                quantity          INT         PATH '$[2]')) AS j
           ON j.purchase_order_id = l.purchase_order_id AND j.product_id = l.product_id
          SET l.quantity_over = GREATEST(l.quantity_over, l.quantity_received + j.quantity - l.quantity),
              l.quantity_received = l.quantity_received + j.quantity`,
      { rows: chunk },
    );
}

const Hash = z.object({ receipt_id: z.string(), content_hash: z.string() });

/** Hashes of those receipts that are known, by id. */
export async function receiptHashes(
  tx: Statements,
  receiptIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (receiptIds.length === 0) return new Map();
  const rows = await tx.select(
    Hash,
    `SELECT STRAIGHT_JOIN r.receipt_id, r.content_hash
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(100) PATH '$')) AS j
       JOIN purchase_receipt r ON r.receipt_id = j.id
       LOCK IN SHARE MODE`,
    { ids: json([...new Set(receiptIds)].sort()) },
  );
  return new Map(rows.map((row) => [row.receipt_id, row.content_hash]));
}

const Came = z.object({
  receipt_id: z.string(),
  purchase_order_id: z.int(),
  product_id: z.string(),
  quantity: z.int(),
});
export type UndoneReceipt = z.infer<typeof Came>;

/** What came by these movements for purchase orders. */
export async function receiptsOfMovements(
  tx: Statements,
  logIds: readonly number[],
): Promise<UndoneReceipt[]> {
  return await tx.select(
    Came,
    `SELECT STRAIGHT_JOIN DISTINCT r.receipt_id, r.purchase_order_id, r.product_id, r.quantity
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (log_id BIGINT PATH '$')) AS j
       JOIN inventory_log l ON l.log_id = j.log_id AND l.movement_key LIKE 'po-receipt:%'
       JOIN purchase_receipt_line r ON r.receipt_id = l.reference_id AND r.product_id = l.product_id
       LOCK IN SHARE MODE`,
    { ids: json(logIds) },
  );
}

/** Takes receipts out of orders that are held: the ledger keeps what they moved, and that it was taken back. */
export async function removeReceipts(tx: Statements, came: readonly UndoneReceipt[]): Promise<void> {
  if (came.length === 0) return;
  const ids = json([...new Set(came.map((line) => line.receipt_id))]);
  await tx.write(
    `DELETE l
       FROM purchase_receipt_line l
       JOIN JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(100) PATH '$')) AS j ON j.id = l.receipt_id`,
    { ids },
  );
  await tx.write(
    `DELETE r
       FROM purchase_receipt r
       JOIN JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(100) PATH '$')) AS j ON j.id = r.receipt_id`,
    { ids },
  );
  await countReceived(
    tx,
    came.map((line) => ({
      purchaseOrderId: line.purchase_order_id,
      productId: line.product_id,
      quantity: -line.quantity,
    })),
  );
}
