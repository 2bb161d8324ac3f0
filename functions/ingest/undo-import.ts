import type { ImportUndoRequested } from '../../shared/contracts/messages.ts';
import type { MovementFact } from '../../shared/core/inventory/book-movements.ts';
import { addDemand, demandOf } from '../../shared/data/demand/demand-store.ts';
import {
  beginUndo,
  endOfMovements,
  endUndo,
  lockUndo,
  movementsToUndo,
  saveUndone,
  type UndoJob,
} from '../../shared/data/imports/import-undo-store.ts';
import { importActor, undoActor } from '../../shared/data/imports/imported-movements.ts';
import {
  closeEmptyOrders,
  ordersOfImport,
  restoreStatuses,
} from '../../shared/data/imports/imported-order-store.ts';
import { purchasesOfImport, undoPurchaseLines } from '../../shared/data/imports/imported-purchase-store.ts';
import {
  type FullLine,
  linesLeft,
  linesOfImport,
  lockLines,
  markUndone,
  type Revision,
  replaceLines,
  reviveCancelled,
  standingRevisions,
} from '../../shared/data/imports/imported-sales-store.ts';
import { reverseMovements } from '../../shared/data/ledger/ledger-reversals.ts';
import { recordMovements } from '../../shared/data/ledger/ledger-store.ts';
import { announce } from '../../shared/data/messages/outbox-store.ts';
import { settledLines } from '../../shared/data/orders/settled-lines.ts';
import { holdPurchases, settlePurchases } from '../../shared/data/purchasing/purchase-line-store.ts';
import { receiptsOfMovements, removeReceipts } from '../../shared/data/purchasing/receipt-line-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import { factsOf } from './apply-order-lines.ts';
import type { IngestNeeds } from './ingest-object.ts';
import { bookedMovements, isSameStock, takenDemand } from './revise-lines.ts';
import { movementsOfLine } from './sales-line.ts';

/** Movements of one transaction: as many as can be reversed at once. */
const PAGE_MOVEMENTS = 2_000;
/** Purchase orders of one transaction. */
const PAGE_ORDERS = 200;
/** With less time than this left, no page is begun. */
const HAND_OVER_MS = 45_000;

/**
 * Takes an import back: its lines count no more, or say again what they said before it; then its movements are taken
 * back, newest first, each by a linked reversal. A page is one transaction, so that it can stop anywhere and go on.
 * What the import told of products, suppliers, customers and locations stays.
 */
export async function undoImport(
  needs: IngestNeeds,
  undo: ImportUndoRequested,
  remainingMs: () => number,
): Promise<void> {
  const { database } = needs;
  const { importId } = undo;
  const job = await database.transaction((tx) => beginUndo(tx, importId, undo));
  if (job?.status !== 'undoing') return;

  for (let after = ''; ; ) {
    const lines = await linesOfImport(database, job.import_no, after);
    if (lines.length === 0) break;
    if (remainingMs() < HAND_OVER_MS) return await needs.handOver(undo);
    await database.transaction((tx) => undoLines(tx, job, lines));
    after = lines.at(-1)!;
  }
  for (let below = job.undo_below ?? (await endOfMovements(database, importId)); ; ) {
    const logIds = await movementsToUndo(database, job, below, PAGE_MOVEMENTS);
    if (logIds.length === 0) break;
    if (remainingMs() < HAND_OVER_MS) return await needs.handOver(undo);
    below = await database.transaction((tx) => undoMovements(tx, job, logIds, below));
  }
  for (;;) {
    const orders = await purchasesOfImport(database, job.import_no, PAGE_ORDERS);
    if (orders.length === 0) break;
    await database.transaction((tx) => undoPurchases(tx, job, orders));
  }
  if (hasHeaders(job)) {
    for (let after = ''; ; ) {
      const orders = await ordersOfImport(database, importId, after);
      if (orders.length === 0) break;
      await database.transaction((tx) => closeEmptyOrders(tx, importId, orders));
      after = orders.at(-1)!;
    }
  }
  await database.transaction(async (tx) => {
    if ((await lockUndo(tx, importId)) === undefined) return;
    await endUndo(tx, importId, remarkOn(await linesLeft(tx, job.import_no)));
    await announce(tx, 'import.completed', {
      importId,
      objectKey: job.object_key,
      format: job.format,
      status: 'undone',
      importedRows: 0,
      rejectedRows: 0,
      shortages: 0,
      changesPlan: true,
    });
  });
}

/** Whether it may have brought orders whose lines come in another file; one that failed does not say what it was. */
const hasHeaders = ({ format, counts }: UndoJob): boolean =>
  format === null || format === 'order_headers' || (counts ?? '').includes('"order_headers"');

const remarkOn = ({ count, first }: Awaited<ReturnType<typeof linesLeft>>): string | null =>
  count === 0
    ? null
    : `${count} lines stay, because goods of them came back or somebody cancelled them since: ${first.join(', ')}${count > first.length ? ', ...' : '.'}`;

/**
 * Takes lines out of demand; those that the import only corrected get back what they were. A line of which goods came
 * back since, or that somebody cancelled, stays as it is: without its sale neither would mean anything.
 */
async function undoLines(tx: Statements, job: UndoJob, saleIds: readonly string[]): Promise<void> {
  if ((await lockUndo(tx, job.import_id)) === undefined) return;
  const all = await lockLines(tx, saleIds);
  const settled = await settledLines(tx, saleIds);
  const isSettled = ({ sale: { saleId } }: FullLine) =>
    settled.returned.has(saleId) || settled.cancelled.has(saleId);
  const lines = all.filter((line) => line.importNo === job.import_no && !isUndone(line) && !isSettled(line));
  const revisions = await standingRevisions(
    tx,
    lines.map((line) => line.sale.saleId),
    job.import_no,
  );
  const gone = lines.filter((line) => !revisions.has(line.sale.saleId));
  await takeElsewhereBooked(tx, job, gone);
  await markUndone(
    tx,
    gone.map((line) => line.sale.saleId),
  );
  await closeEmptyOrders(tx, job.import_id, [...new Set(gone.map((line) => line.sale.orderId))]);
  const returns = gone.filter((line) => line.sale.kind === 'return').map((line) => line.sale.saleId);
  const wanted = (await reviveCancelled(tx, returns)).filter((line) => line.sale.kind === 'sale');
  await addDemand(tx, [
    ...gone.filter(isDemand).map(takenDemand),
    ...wanted.map((line) => demandOf(line.sale)),
  ]);
  const corrected = lines.filter((line) => revisions.has(line.sale.saleId));
  if (corrected.length > 0) await restoreLines(tx, job, corrected, revisions);
}

/** Takes back what these lines moved under other names: the import before, or the undo that booked them anew. */
async function takeElsewhereBooked(tx: Statements, job: UndoJob, lines: readonly FullLine[]): Promise<void> {
  const booked = [...(await bookedMovements(tx, lines)).values()].flat();
  const elsewhere = booked.filter(({ actor }) => actor !== importActor(job.import_id));
  const by = { actor: undoActor(job.import_id), reason: reasonOf(job) };
  for (let at = 0; at < elsewhere.length; at += PAGE_MOVEMENTS) {
    const page = elsewhere.slice(at, at + PAGE_MOVEMENTS);
    await reverseMovements(
      tx,
      page.map((movement) => movement.log_id),
      by,
    );
  }
}

const isUndone = (line: FullLine): boolean => (line.sale.kind as string) === 'undone';
const isDemand = (line: FullLine): boolean => line.sale.kind === 'sale' && line.cancelledBy === null;

/** Gives corrected lines back what they said before; where that moved other stock, it is booked anew. */
async function restoreLines(
  tx: Statements,
  job: UndoJob,
  lines: readonly FullLine[],
  revisions: ReadonlyMap<string, Revision>,
): Promise<void> {
  const booked = await bookedMovements(tx, lines);
  const takenBack: number[] = [];
  const facts: MovementFact[] = [];
  const restored = lines.map(({ sale: { saleId }, generation }) => {
    const { sale, importNo } = revisions.get(saleId)!;
    const line = { sale, movements: movementsOfLine(sale) };
    const old = booked.get(saleId) ?? [];
    if (isSameStock(old, factsOf(line, generation))) return { sale, importNo, generation };
    takenBack.push(...old.map((movement) => movement.log_id));
    facts.push(...factsOf(line, generation + 1));
    return { sale, importNo, generation: generation + 1 };
  });
  const by = { actor: undoActor(job.import_id), reason: reasonOf(job) };
  for (let at = 0; at < takenBack.length; at += PAGE_MOVEMENTS)
    await reverseMovements(tx, takenBack.slice(at, at + PAGE_MOVEMENTS), by);
  if (facts.length > 0) await recordMovements(tx, facts, by);
  await replaceLines(tx, restored);
  await restoreStatuses(
    tx,
    lines.flatMap(({ sale: { saleId, orderId } }) => {
      const { status } = revisions.get(saleId)!;
      return status === undefined ? [] : [{ orderId, ...status }];
    }),
  );
  await addDemand(tx, [
    ...lines.filter(isDemand).map(takenDemand),
    ...lines
      .filter((line) => line.cancelledBy === null && revisions.get(line.sale.saleId)!.sale.kind === 'sale')
      .map((line) => demandOf(revisions.get(line.sale.saleId)!.sale)),
  ]);
}

/** Gives lines of purchase orders back what they said before; those that the import brought expect nothing more. */
async function undoPurchases(tx: Statements, job: UndoJob, orders: readonly number[]): Promise<void> {
  if ((await lockUndo(tx, job.import_id)) === undefined) return;
  await holdPurchases(tx, { ids: orders });
  await undoPurchaseLines(tx, job.import_no, orders);
  await settlePurchases(tx, orders, { actor: undoActor(job.import_id), reason: reasonOf(job) });
}

/** Takes a page of movements back, once; answers where the next page begins. */
async function undoMovements(
  tx: Statements,
  job: UndoJob,
  logIds: readonly number[],
  from: number,
): Promise<number> {
  const locked = await lockUndo(tx, job.import_id);
  if (locked === undefined) return 0;
  const below = locked.undo_below ?? from;
  const open = logIds.filter((logId) => logId < below);
  if (open.length === 0) return below;
  const by = { actor: undoActor(job.import_id), reason: reasonOf(job) };
  // Purchase orders before stock, as receipts take them.
  const came = await receiptsOfMovements(tx, open);
  const orders = [...new Set(came.map((receipt) => receipt.purchase_order_id))];
  await holdPurchases(tx, { ids: orders });
  await removeReceipts(tx, came);
  await settlePurchases(tx, orders, by);
  await reverseMovements(tx, open, by);
  await saveUndone(tx, job.import_id, open.at(-1)!);
  return open.at(-1)!;
}

const reasonOf = (job: UndoJob): string => `import undone: ${job.undo_reason ?? 'no reason'}`.slice(0, 255);
