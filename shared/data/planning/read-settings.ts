import * as z from 'zod';
import { Fault } from '../../contracts/fault.ts';
import { json, type Statements } from '../sql/database.ts';

const Row = z.object({ name: z.string(), value: z.string() });

/**
 * The settings that a contract names, with its defaults where `setting` has no row. A value that makes no sense is a Fault
 * `invalid` that names it; `of` says what the settings are of.
 */
export async function readSettings<Settings extends z.ZodObject>(
  db: Statements,
  contract: Settings,
  of: string,
): Promise<z.output<Settings>> {
  const rows = await db.select(
    Row,
    `SELECT s.name, s.value
       FROM setting s
       JOIN JSON_TABLE(:names, '$[*]' COLUMNS (name VARCHAR(64) PATH '$')) AS j ON j.name = s.name`,
    { names: json(Object.keys(contract.shape)) },
  );
  const result = contract.safeParse(Object.fromEntries(rows.map(({ name, value }) => [name, value])));
  if (result.success) return result.data;
  throw new Fault('invalid', `A setting of ${of} makes no sense`, {
    details: result.error.issues.map(({ path, message }) => ({ field: path.join('.'), reason: message })),
  });
}
