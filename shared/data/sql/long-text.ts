import * as z from 'zod';
import { json, type Params, type Statements } from './database.ts';

/** Characters of one piece: of up to four bytes each they fit into a row of the Data API, which holds 64 KiB. */
const PIECE = 16_000;
/** Pieces of one answer, which holds 1 MiB. */
const PIECES_AT_ONCE = 8;

/** Which text: the column of the one row of a table that a condition finds. */
export interface LongText {
  readonly table: string;
  readonly column: string;
  readonly condition: string;
  readonly params: Params;
  /** The row is held until the transaction ends, from before its text is read. */
  readonly isHeld?: boolean;
}

const Length = z.object({ length: z.int() });
const Piece = z.object({ piece: z.string() });

/**
 * A text that may be longer than the Data API's rows, read in pieces; undefined without such a row. In one transaction
 * the pieces are of one text.
 */
export async function readLongText(
  tx: Statements,
  { table, column, condition, params, isHeld = false }: LongText,
): Promise<string | undefined> {
  const held = isHeld ? 'FOR UPDATE' : '';
  const [row] = await tx.select(
    Length,
    `SELECT CHAR_LENGTH(${column}) AS length FROM ${table} WHERE ${condition} ${held}`,
    params,
  );
  if (!row) return undefined;
  const starts = Array.from({ length: Math.ceil(row.length / PIECE) }, (_, n) => 1 + n * PIECE);
  let text = '';
  for (let at = 0; at < starts.length; at += PIECES_AT_ONCE) {
    const pieces = await tx.select(
      Piece,
      `SELECT SUBSTRING(${column}, j.start, ${PIECE}) AS piece
         FROM JSON_TABLE(:starts, '$[*]' COLUMNS (start INT PATH '$')) AS j
         JOIN ${table}
        WHERE ${condition}
        ORDER BY j.start ${held}`,
      { ...params, starts: json(starts.slice(at, at + PIECES_AT_ONCE)) },
    );
    text += pieces.map(({ piece }) => piece).join('');
  }
  return text;
}
