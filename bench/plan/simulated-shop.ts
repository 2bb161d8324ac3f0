import { addDays } from '../../shared/core/calendar/add-days.ts';
import { type Random, seededRandom } from '../../shared/core/math/random.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import { jsonChunks } from '../../shared/data/sql/json-chunks.ts';

export interface ShopSize {
  readonly products: number;
  readonly weeks: number;
}

const CATEGORIES = 40;
const SUPPLIERS = 60;
const FIRST_DAY = '2019-01-07';
const WEEK = 7;
/** Median of the units that a product sells in a week, and the deviation of its logarithm: most sell now and then. */
const WEEKLY_UNITS = 0.35;
const LOG_DEVIATION = 1.3;
/** Weeks of usual sales that a product has on hand at most. */
const LARGEST_COVER = 60;

/**
 * Writes a shop of slow movers straight into the tables that a plan reads: products with suppliers, stock with its opening
 * movement, and five years of demand by day. Answers how many days with demand there are.
 */
export async function writeShop(database: Database, { products, weeks }: ShopSize): Promise<number> {
  const random = seededRandom(9);
  const ids = Array.from({ length: products }, (_, i) => `P${String(i).padStart(6, '0')}`);
  const rates = ids.map(() => WEEKLY_UNITS * Math.exp(LOG_DEVIATION * random.normal()));
  await write(
    database,
    Array.from({ length: SUPPLIERS }, (_, i) => [`S${i}`]),
    `INSERT INTO supplier (supplier_id, supplier_name)
     SELECT id, id FROM JSON_TABLE(:rows, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]')) AS line`,
  );
  await write(
    database,
    ids.map((id, i) => [id, `category ${i % CATEGORIES}`]),
    `INSERT INTO products (product_id, product_name, category, unit_price, cost)
     SELECT id, id, category, 10, 6 FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
       id VARCHAR(64) PATH '$[0]', category VARCHAR(100) PATH '$[1]')) AS line`,
  );
  await write(
    database,
    ids.map((id, i) => [`S${i % SUPPLIERS}`, id]),
    `INSERT INTO supplier_item (supplier_id, product_id, unit_cost, lead_time_days, lead_time_deviation)
     SELECT supplier, id, 6, 14, 3 FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
       supplier VARCHAR(64) PATH '$[0]', id VARCHAR(64) PATH '$[1]')) AS line`,
  );
  const levels = ids.map((id, i) => [id, Math.ceil(LARGEST_COVER * random.uniform() * rates[i]!)]);
  await write(
    database,
    levels,
    `INSERT INTO inventory_log (product_id, warehouse, date, quantity_change, stock_level, change_type, actor, movement_key)
     SELECT id, 'MAIN', '${FIRST_DAY}', level, level, 'opening', 'bench', CONCAT('bench ', id)
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]', level INT PATH '$[1]')) AS line`,
  );
  await write(
    database,
    levels,
    `INSERT INTO stock (product_id, location_id, stock_level)
     SELECT id, 'MAIN', level
       FROM JSON_TABLE(:rows, '$[*]' COLUMNS (id VARCHAR(64) PATH '$[0]', level INT PATH '$[1]')) AS line`,
  );
  let days = 0;
  const counted = function* (): Generator<readonly unknown[]> {
    for (const row of demandRows(ids, rates, weeks, random)) {
      days++;
      yield row;
    }
  };
  await write(
    database,
    counted(),
    `INSERT INTO demand (product_id, location_id, date, quantity, sale_lines, revenue)
     SELECT id, 'MAIN', day, quantity, 1, 10 * quantity FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
       id VARCHAR(64) PATH '$[0]', day DATE PATH '$[1]', quantity BIGINT PATH '$[2]')) AS line`,
  );
  return days;
}

/** Orders come at random, more of them in some weeks of the year, and each is for a few units. */
function* demandRows(
  ids: readonly string[],
  rates: readonly number[],
  weeks: number,
  random: Random,
): Generator<readonly unknown[]> {
  const days = Array.from({ length: WEEK * weeks }, (_, d) => addDays(FIRST_DAY, d));
  for (const [i, id] of ids.entries()) {
    const phase = 2 * Math.PI * random.uniform();
    for (const [d, day] of days.entries()) {
      const season = 1 + 0.4 * Math.sin((2 * Math.PI * d) / 365 + phase);
      const units = poisson((season * rates[i]!) / WEEK, random);
      if (units > 0 || d === days.length - 1) yield [id, day, Math.max(1, units)];
    }
  }
}

/** Arrivals until their exponential gaps fill 1; for the few that a day has. */
function poisson(mean: number, random: Random): number {
  let units = -1;
  for (let left = 1; left > 0; units++) left += Math.log(random.uniform()) / mean;
  return units;
}

async function write(database: Database, rows: Iterable<readonly unknown[]>, sql: string): Promise<void> {
  for (const chunk of jsonChunks(rows)) await database.write(sql, { rows: chunk });
}
