import * as z from 'zod';
import {
  type AllocationDetail,
  AllocationLine,
  AllocationOutcome,
  AllocationSummary,
} from '../../contracts/api/allocation.ts';
import { CATALOGUE_CURRENCY } from '../catalogue/catalogue-currency.ts';
import {
  flagColumn,
  jsonColumn,
  moneyColumn,
  type Page,
  type PageAsked,
  Total,
  timeColumn,
} from '../sql/columns.ts';
import { date, json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

/** An allocation as it is made. */
export interface NewAllocationRow {
  readonly allocationId: string;
  readonly of: AllocationSummary['of'];
  readonly strategy: AllocationSummary['strategy'];
  /** The request with its defaults; `limit` in it as it is shown. */
  readonly asked: unknown;
  readonly outcome: AllocationOutcome;
  readonly asOf: string | undefined;
  readonly runId: string | undefined;
  readonly createdBy: string;
  readonly lines: readonly NewAllocationLine[];
}

/** A line in the order of the ranking. Gains in money. */
export interface NewAllocationLine {
  readonly suggestionId: number | null;
  readonly productId: string;
  readonly locationId: string;
  readonly supplierId: string | null;
  readonly wanted: number | null;
  readonly quantity: number;
  readonly unitCost: string | null;
  readonly basis: AllocationLine['basis'];
  readonly isMarginKnown: boolean;
  readonly gain: number | null;
  readonly wantedGain: number | null;
  readonly lastGain: number | null;
  readonly nextGain: number | null;
  readonly worth: number | null;
}

/** Keeps an allocation with its lines. */
export async function insertAllocation(tx: Statements, row: NewAllocationRow): Promise<void> {
  await tx.write(
    `INSERT INTO allocation (allocation_id, of_what, strategy, status, asked, outcome, line_count, as_of, run_id, created_by)
     VALUES (:allocationId, :of, :strategy, 'proposed', :asked, :outcome, :lineCount, :asOf, :runId, :createdBy)`,
    {
      allocationId: row.allocationId,
      of: row.of,
      strategy: row.strategy,
      asked: json(row.asked),
      outcome: json(row.outcome),
      lineCount: row.lines.length,
      asOf: row.asOf === undefined ? null : date(row.asOf),
      runId: row.runId ?? null,
      createdBy: row.createdBy,
    },
  );
  const rows = row.lines.map((line, i) => [
    i + 1,
    line.suggestionId,
    line.productId,
    line.locationId,
    line.supplierId,
    line.wanted,
    line.quantity,
    line.unitCost,
    line.basis,
    line.isMarginKnown ? 1 : 0,
    line.gain,
    line.wantedGain,
    line.lastGain,
    line.nextGain,
    line.worth,
  ]);
  for (const text of jsonChunks(rows))
    await tx.write(
      `INSERT INTO allocation_line (allocation_id, line_no, suggestion_id, product_id, location_id, supplier_id, wanted,
                                    quantity, unit_cost, basis, is_margin_known, gain, wanted_gain, last_gain, next_gain,
                                    worth)
       SELECT :allocationId, j.line_no, j.suggestion_id, j.product_id, j.location_id, j.supplier_id, j.wanted,
              j.quantity, j.unit_cost, j.basis, j.is_margin_known, j.gain, j.wanted_gain, j.last_gain, j.next_gain,
              j.worth
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                line_no         INT            PATH '$[0]',
                suggestion_id   BIGINT         PATH '$[1]',
                product_id      VARCHAR(64)    PATH '$[2]',
                location_id     VARCHAR(50)    PATH '$[3]',
                supplier_id     VARCHAR(64)    PATH '$[4]',
                wanted          INT            PATH '$[5]',
                quantity        INT            PATH '$[6]',
                unit_cost       DECIMAL(12, 4) PATH '$[7]',
                basis           VARCHAR(10)    PATH '$[8]',
                is_margin_known INT            PATH '$[9]',
                gain            DOUBLE         PATH '$[10]',
                wanted_gain     DOUBLE         PATH '$[11]',
                last_gain       DOUBLE         PATH '$[12]',
                next_gain       DOUBLE         PATH '$[13]',
                worth           DOUBLE         PATH '$[14]')) AS j`,
      { allocationId: row.allocationId, rows: text },
    );
}

const Asked = z.object({ limit: AllocationSummary.shape.limit });
const Row = AllocationSummary.omit({
  used: true,
  left: true,
  sold: true,
  value: true,
  below_minimum: true,
  limit: true,
})
  .extend({
    asked: jsonColumn(Asked),
    outcome: jsonColumn(AllocationOutcome),
    created_at: timeColumn,
    applied_at: timeColumn.nullable(),
  })
  .transform(({ asked, outcome, ...row }): AllocationSummary => ({ ...row, ...asked, ...outcome }));

const COLUMNS = `allocation_id, of_what AS \`of\`, strategy, status, asked, outcome, as_of, run_id, created_by, created_at,
            applied_by, applied_at`;

/** Allocations, the newest first. */
export async function listAllocations(
  db: Statements,
  { skip, limit }: PageAsked,
): Promise<Page<AllocationSummary>> {
  const [count] = await db.select(Total, 'SELECT COUNT(*) AS total FROM allocation');
  const data = await db.select(
    Row,
    `SELECT ${COLUMNS} FROM allocation ORDER BY allocation_no DESC LIMIT :limit OFFSET :skip`,
    { skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

const gainColumn = z
  .number()
  .nullable()
  .transform((gain) => (gain === null ? null : moneyText(gain)));

/** Expected money as text: to the hundredth, and to four digits below that. */
export function moneyText(gain: number): string {
  const text = Math.abs(gain) >= 0.01 || gain === 0 ? gain.toFixed(2) : gain.toFixed(6);
  return /^-0\.0+$/.test(text) ? text.slice(1) : text;
}

const Line = AllocationLine.extend({
  unit_cost: moneyColumn.nullable(),
  cost: moneyColumn.nullable(),
  is_margin_known: flagColumn,
  gain: gainColumn,
  lost: gainColumn,
  last_gain: gainColumn,
  next_gain: gainColumn,
});

/** An allocation with a page of its lines, in the order of the ranking. */
export async function findAllocation(
  db: Statements,
  allocationId: string,
  { skip, limit }: PageAsked,
): Promise<AllocationDetail | undefined> {
  const [row] = await db.select(
    Row,
    `SELECT ${COLUMNS} FROM allocation WHERE allocation_id = :allocationId`,
    { allocationId },
  );
  if (!row) return undefined;
  const [count] = await db.select(
    Total,
    'SELECT line_count AS total FROM allocation WHERE allocation_id = :allocationId',
    { allocationId },
  );
  const lines = await db.select(
    Line,
    `SELECT l.line_no AS \`rank\`, l.suggestion_id, l.product_id, p.product_name, l.location_id, l.supplier_id, l.wanted,
            l.quantity, l.unit_cost, ROUND(l.quantity * l.unit_cost, 2) AS cost,
            COALESCE(s.currency, ${CATALOGUE_CURRENCY}) AS currency, l.basis, l.is_margin_known, l.gain,
            GREATEST(0, l.wanted_gain - l.gain) AS lost, l.last_gain, l.next_gain, l.worth, l.applied
       FROM allocation_line l
       JOIN products p ON p.product_id = l.product_id
       LEFT JOIN supplier s ON s.supplier_id = l.supplier_id
      WHERE l.allocation_id = :allocationId AND l.line_no > :skip
      ORDER BY l.line_no
      LIMIT :limit`,
    { allocationId, skip, limit },
  );
  return { ...row, lines, pagination: { skip, limit, total: count!.total } };
}
