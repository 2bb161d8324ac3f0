import * as z from 'zod';
import { FULL_COLUMNS, fullCells, type SaleKind, type SaleRow } from '../orders/order-store.ts';
import { flagColumn, jsonColumn } from '../sql/columns.ts';
import { json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** What is recorded under the id of an order line. */
const Recorded = z.object({
  sale_id: z.string(),
  content_hash: z.string(),
  kind: z.string().transform((text) => text as SaleKind | 'undone'),
  generation: z.int(),
  cancelled_by: z.string().nullable(),
});
export type RecordedLine = z.infer<typeof Recorded>;

/** What is recorded under each of these ids. At most 4,000 at once. */
export async function recordedLines(
  tx: Statements,
  saleIds: readonly string[],
): Promise<Map<string, RecordedLine>> {
  const rows = await tx.select(
    Recorded,
    `SELECT STRAIGHT_JOIN s.sale_id, s.content_hash, s.kind, s.generation, s.cancelled_by
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(128) PATH '$')) AS j
       JOIN sales s FORCE INDEX (PRIMARY) ON s.sale_id = j.id`,
    { ids: json(saleIds) },
  );
  return new Map(rows.map((row) => [row.sale_id, row]));
}

const money = z.string().transform((text) => Math.round(Number(text) * 10_000));

const Full = z
  .object({
    sale_id: z.string(),
    order_id: z.string(),
    customer_id: z.string().nullable(),
    product_id: z.string(),
    location: z.string(),
    date: z.string(),
    kind: z.string(),
    quantity_sold: z.int(),
    sale_price: money,
    discount: money,
    tax: money,
    shipping_cost: money,
    total_amount: money,
    refunded: z.union([z.boolean(), z.int()]).transform(Boolean),
    reason: z.string().nullable(),
    cancelled_by: z.string().nullable(),
    content_hash: z.string(),
    generation: z.int(),
    import_no: z.int().nullable(),
  })
  .transform((row) => ({
    sale: {
      saleId: row.sale_id,
      orderId: row.order_id,
      customerId: row.customer_id,
      productId: row.product_id,
      locationId: row.location,
      date: row.date,
      kind: row.kind as SaleKind,
      quantity: row.quantity_sold,
      price: row.sale_price,
      discount: row.discount,
      tax: row.tax,
      shippingCost: row.shipping_cost,
      total: row.total_amount,
      refunded: row.refunded,
      reason: row.reason,
      contentHash: row.content_hash,
    } satisfies SaleRow,
    generation: row.generation,
    importNo: row.import_no,
    cancelledBy: row.cancelled_by,
  }));
/** An order line with all that is kept of it. */
export type FullLine = z.infer<typeof Full>;

const FULL = `s.sale_id, s.order_id, s.customer_id, s.product_id, s.location, s.date, s.kind, s.quantity_sold,
            s.sale_price, s.discount, s.tax, s.shipping_cost, s.total_amount, s.refunded, s.reason, s.cancelled_by,
            s.content_hash, s.generation, s.import_no`;
/** Lines of one answer: they stay below the Data API's 1 MiB. */
const PAGE = 1_000;

/** These lines whole, held until the transaction ends. */
export async function lockLines(tx: Statements, saleIds: readonly string[]): Promise<FullLine[]> {
  const lines: FullLine[] = [];
  const sorted = [...saleIds].sort();
  for (let at = 0; at < sorted.length; at += PAGE) {
    const rows = await tx.select(
      Full,
      `SELECT STRAIGHT_JOIN ${FULL}
         FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(128) PATH '$')) AS j
         JOIN sales s FORCE INDEX (PRIMARY) ON s.sale_id = j.id
          FOR UPDATE`,
      { ids: json(sorted.slice(at, at + PAGE)) },
    );
    lines.push(...rows);
  }
  return lines;
}

/** Lines that an import brought and that still have its values, after `after` by id; at most a page of 1,000. */
export async function linesOfImport(tx: Statements, importNo: number, after: string): Promise<string[]> {
  const rows = await tx.select(
    z.object({ sale_id: z.string() }),
    `SELECT sale_id
       FROM sales
      WHERE import_no = :importNo AND sale_id > :after
      ORDER BY sale_id
      LIMIT ${PAGE}`,
    { importNo, after },
  );
  return rows.map((row) => row.sale_id);
}

/** A line with its values from now on, the import that they are of, and how often it was booked. */
export interface ReplacedLine {
  readonly sale: SaleRow;
  readonly generation: number;
  readonly importNo: number | null;
}

/** Goods of `s` came back one by one, whatever a file says of it. */
const HAS_RETURNS = 'EXISTS (SELECT 1 FROM order_return_line b WHERE b.sale_id = s.sale_id)';

/** Gives lines that exist other values. Who cancelled them stays. */
export async function replaceLines(tx: Statements, lines: readonly ReplacedLine[]): Promise<void> {
  const rows = lines.map(({ sale, generation, importNo }) => [...fullCells(sale), generation, importNo]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `UPDATE JSON_TABLE(:rows, '$[*]' COLUMNS (${FULL_COLUMNS},
                generation    INT            PATH '$[16]',
                import_no     INT            PATH '$[17]')) AS j
              STRAIGHT_JOIN sales s FORCE INDEX (PRIMARY) ON s.sale_id = j.sale_id
          SET s.customer_id = j.customer_id, s.product_id = j.product_id, s.location = j.location, s.date = j.date,
              s.kind = j.kind, s.quantity_sold = j.quantity_sold, s.sale_price = j.sale_price, s.reason = j.reason,
              s.content_hash = j.content_hash, s.discount = j.discount, s.tax = j.tax,
              s.shipping_cost = j.shipping_cost, s.total_amount = j.total_amount,
              s.refunded = CASE WHEN s.cancelled_by IS NOT NULL OR ${HAS_RETURNS} THEN 1 ELSE j.refunded END,
              s.generation = j.generation, s.import_no = j.import_no`,
      { rows: chunk },
    );
  }
}

/** What the order of a line was called before an import, and what the import calls it. */
export interface StatusChange {
  readonly before: string;
  readonly told: string;
}

/** Keeps what lines said before an import replaced it, and what became of the status of their orders, by its id. */
export async function keepRevisions(
  tx: Statements,
  lines: readonly FullLine[],
  statuses: ReadonlyMap<string, StatusChange>,
  replacedBy: number,
): Promise<void> {
  const rows = lines.map(({ sale, importNo }) => [
    sale.saleId,
    importNo,
    JSON.stringify({ ...sale, status: statuses.get(sale.orderId) }),
  ]);
  for (const chunk of jsonChunks(rows)) {
    await tx.write(
      `INSERT INTO sales_revision (sale_id, import_no, line, replaced_by)
       SELECT j.sale_id, j.import_no, j.line, :replacedBy
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                n         FOR ORDINALITY,
                sale_id   VARCHAR(128) PATH '$[0]',
                import_no INT          PATH '$[1]',
                line      TEXT         PATH '$[2]')) AS j
        ORDER BY j.n`,
      { rows: chunk, replacedBy },
    );
  }
}

const Revision = z.object({
  sale_id: z.string(),
  import_no: z.int().nullable(),
  replaced_by: z.int(),
  stands: flagColumn,
  line: jsonColumn(z.unknown()).transform((line) => line as SaleRow & { readonly status?: StatusChange }),
});
export interface Revision {
  readonly sale: SaleRow;
  readonly importNo: number | null;
  /** What the order was called in that state, and what the import that is undone called it. */
  readonly status: StatusChange | undefined;
}

/** For each of these lines the newest of its earlier states whose import still stands, before `importNo` changed it. */
export async function standingRevisions(
  tx: Statements,
  saleIds: readonly string[],
  importNo: number,
): Promise<ReadonlyMap<string, Revision>> {
  if (saleIds.length === 0) return new Map();
  const rows = await tx.select(
    Revision,
    `SELECT v.sale_id, v.import_no, v.replaced_by, v.line,
            v.import_no IS NULL OR b.status NOT IN ('undoing', 'undone') AS stands
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(128) PATH '$')) AS j
       JOIN sales_revision v ON v.sale_id = j.id
       LEFT JOIN import_job b ON b.import_no = v.import_no
      ORDER BY v.sale_id, v.revision_no`,
    { ids: json(saleIds) },
  );
  const found = new Map<string, Revision>();
  const told = new Map<string, string>();
  for (const { sale_id: saleId, line, ...row } of rows) {
    const { status, ...sale } = line;
    if (row.replaced_by === importNo && status !== undefined) told.set(saleId, status.told);
    if (row.stands) found.set(saleId, { sale, importNo: row.import_no, status });
  }
  for (const [saleId, { status, ...revision }] of found) {
    const now = told.get(saleId);
    if (status !== undefined && now !== undefined)
      found.set(saleId, { ...revision, status: { before: status.before, told: now } });
  }
  return found;
}

/** Lines that count no more; they stay, and may be imported again. */
export async function markUndone(tx: Statements, saleIds: readonly string[]): Promise<void> {
  for (const chunk of jsonChunks(saleIds.map((id) => [id]))) {
    await tx.write(
      `UPDATE JSON_TABLE(:rows, '$[*]' COLUMNS (id VARCHAR(128) PATH '$[0]')) AS j
              STRAIGHT_JOIN sales s FORCE INDEX (PRIMARY) ON s.sale_id = j.id
          SET s.kind = 'undone'`,
      { rows: chunk },
    );
  }
}

/** The sales that these cancellation lines took back, which they do no more. */
export async function reviveCancelled(tx: Statements, cancelledBy: readonly string[]): Promise<FullLine[]> {
  if (cancelledBy.length === 0) return [];
  const rows = await tx.select(
    z.object({ sale_id: z.string() }),
    `SELECT STRAIGHT_JOIN s.sale_id
       FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id VARCHAR(128) PATH '$')) AS j
       JOIN sales c FORCE INDEX (PRIMARY) ON c.sale_id = j.id
       JOIN sales s ON s.customer_id = c.customer_id AND s.product_id = c.product_id
                   AND s.quantity_sold = -c.quantity_sold AND s.cancelled_by = c.sale_id`,
    { ids: json(cancelledBy) },
  );
  const lines = await lockLines(
    tx,
    rows.map((row) => row.sale_id),
  );
  const taken = lines.filter((line) => line.cancelledBy !== null);
  for (const chunk of jsonChunks(taken.map((line) => [line.sale.saleId]))) {
    await tx.write(
      `UPDATE JSON_TABLE(:rows, '$[*]' COLUMNS (id VARCHAR(128) PATH '$[0]')) AS j
              STRAIGHT_JOIN sales s FORCE INDEX (PRIMARY) ON s.sale_id = j.id
          SET s.cancelled_by = NULL, s.refunded = CASE WHEN ${HAS_RETURNS} THEN 1 ELSE 0 END`,
      { rows: chunk },
    );
  }
  return taken;
}

/** Lines of an import that its undo left as they are: how many, and the first of them. */
export async function linesLeft(
  db: Statements,
  importNo: number,
): Promise<{ readonly count: number; readonly first: readonly string[] }> {
  const [all] = await db.select(
    z.object({ lines: z.int() }),
    `SELECT COUNT(*) AS \`lines\` FROM sales WHERE import_no = :importNo AND kind <> 'undone'`,
    { importNo },
  );
  if (all!.lines === 0) return { count: 0, first: [] };
  const rows = await db.select(
    z.object({ sale_id: z.string() }),
    `SELECT sale_id
       FROM sales
      WHERE import_no = :importNo AND kind <> 'undone'
      ORDER BY sale_id
      LIMIT ${NAMED}`,
    { importNo },
  );
  return { count: all!.lines, first: rows.map((row) => row.sale_id) };
}

/** Lines that are named where there may be many. */
const NAMED = 5;
