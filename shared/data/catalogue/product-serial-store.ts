import * as z from 'zod';
import { productNumber } from '../../core/sourcing/product-number.ts';
import { date, json, type Statements } from '../sql/database.ts';

const Serial = z.object({ last_serial: z.int() });
const Taken = z.object({ product_id: z.string() });
/** Blocks of numbers that are tried: somebody may have used some of them by hand. */
const MOST_BLOCKS = 10;

/** Holds the numbers of a country and day until the transaction ends: who comes second waits. */
export async function lockSerials(tx: Statements, country: string, day: string): Promise<void> {
  await tx.write(
    `INSERT INTO product_serial (country, day, last_serial)
     VALUES (:country, :day, 0)
         ON DUPLICATE KEY UPDATE last_serial = last_serial`,
    { country, day: date(day) },
  );
}

/** So many identifiers that no product has, given out once; the serials have to be locked. */
export async function takeProductNumbers(
  tx: Statements,
  country: string,
  day: string,
  count: number,
): Promise<string[]> {
  const where = { country, day: date(day) };
  const found: string[] = [];
  for (let block = 0; block < MOST_BLOCKS && found.length < count; block++) {
    const missing = count - found.length;
    await tx.write(
      `UPDATE product_serial SET last_serial = last_serial + :missing WHERE country = :country AND day = :day`,
      { ...where, missing },
    );
    const [row] = await tx.select(
      Serial,
      `SELECT last_serial FROM product_serial WHERE country = :country AND day = :day FOR UPDATE`,
      where,
    );
    const first = row!.last_serial - missing + 1;
    const numbers = Array.from({ length: missing }, (_, i) => productNumber(country, day, first + i));
    const taken = await tx.select(
      Taken,
      `SELECT p.product_id
         FROM JSON_TABLE(:ids, '$[*]' COLUMNS (product_id VARCHAR(64) PATH '$')) AS j
         JOIN products p ON p.product_id = j.product_id`,
      { ids: json(numbers) },
    );
    const used = new Set(taken.map(({ product_id }) => product_id));
    found.push(...numbers.filter((number) => !used.has(number)));
  }
  if (found.length < count) throw new RangeError(`no free product numbers for ${country} on ${day}`);
  return found;
}
