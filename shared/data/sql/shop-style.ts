import * as z from 'zod';
import type { CellStyle } from '../../contracts/csv/cell-style.ts';
import { StyleChoice } from '../../contracts/csv/column-mapping.ts';
import { Fault } from '../../contracts/fault.ts';
import { json, type Statements } from './database.ts';

/** How the shop writes: for all files, and where a file's dates leave the order open. */
export interface ShopStyle {
  readonly always: { readonly timeZone?: string | undefined };
  readonly dates: CellStyle['dates'] | undefined;
}

const Settings = z.object({
  /** Zone of times that state none: `Europe/Berlin`. Default UTC. */
  time_zone: StyleChoice.shape.timeZone,
  /** Read dates such as 03/04/2024 so, where no other date of the file tells. Default: such files are refused. */
  date_order: StyleChoice.shape.dates,
});
const Row = z.object({ name: z.string(), value: z.string() });

/** The settings that say how files are read; a value that makes no sense is a Fault `invalid` that names it. */
export async function readShopStyle(db: Statements): Promise<ShopStyle> {
  const rows = await db.select(
    Row,
    `SELECT s.name, s.value
       FROM setting s
       JOIN JSON_TABLE(:names, '$[*]' COLUMNS (name VARCHAR(64) PATH '$')) AS j ON j.name = s.name`,
    { names: json(Object.keys(Settings.shape)) },
  );
  const result = Settings.safeParse(Object.fromEntries(rows.map(({ name, value }) => [name, value])));
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    throw new Fault('invalid', `The setting ${path.join('.')} ${message}.`);
  }
  const { time_zone: timeZone, date_order: dates } = result.data;
  return { always: timeZone === undefined ? {} : { timeZone }, dates };
}
