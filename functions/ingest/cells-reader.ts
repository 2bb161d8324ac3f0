import * as z from 'zod';
import { type CellStyle, inStyle } from '../../shared/contracts/csv/cell-style.ts';

type Outcome = z.ZodSafeParseResult<unknown>;
type ReadCell = (text: string | undefined) => Outcome;

/** Different cells of a column that are remembered. */
const MOST_CELLS = 8_192;

/**
 * Reads rows as `row.safeParse` does, in this style. Most columns of a file say the same few things over and over: what
 * a cell means is found out once.
 */
export function cellsReader<Row>(
  row: z.ZodType<Row>,
  style: CellStyle,
): (cells: Readonly<Record<string, string>>) => z.ZodSafeParseResult<Row> {
  // Rules over several cells need the row as a whole.
  const columns = row instanceof z.ZodObject && !row.def.checks?.length ? columnsOf(row) : undefined;
  if (columns === undefined) return (cells) => inStyle(style, () => row.safeParse(cells));
  return (cells) =>
    inStyle(style, () => {
      const data: Record<string, unknown> = {};
      for (const [name, read] of columns) {
        const outcome = read(cells[name]);
        // The whole row says in its own words what is wrong with it.
        if (!outcome.success) return row.safeParse(cells);
        data[name] = outcome.data;
      }
      return { success: true, data: data as Row };
    });
}

const columnsOf = (row: z.ZodObject): [string, ReadCell][] =>
  Object.entries(row.shape).map(([name, cell]) => [name, remembering(cell as z.ZodType)]);

function remembering(cell: z.ZodType): ReadCell {
  const known = new Map<string | undefined, Outcome>();
  let [hits, isWorthwhile] = [0, true];
  return (text) => {
    if (!isWorthwhile) return cell.safeParse(text);
    const found = known.get(text);
    if (found !== undefined) {
      hits++;
      return found;
    }
    if (known.size === MOST_CELLS) {
      // A column of ids: every row says something new.
      if (hits < MOST_CELLS) {
        isWorthwhile = false;
        known.clear();
      }
      return cell.safeParse(text);
    }
    // A copy: a slice would keep the whole piece of the file it was cut from.
    const copy = text === undefined ? undefined : Buffer.from(text).toString();
    const outcome = cell.safeParse(copy);
    known.set(copy, outcome);
    return outcome;
  };
}
