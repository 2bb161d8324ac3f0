import * as z from 'zod';
import { addDays, daysBetween } from '../../core/calendar/add-days.ts';
import { date, type Statements } from '../sql/database.ts';

const Product = z.object({ product_id: z.string() });

/** The product's own spelling of its id; undefined when there is none. */
export async function findProductId(db: Statements, productId: string): Promise<string | undefined> {
  const [row] = await db.select(Product, `SELECT product_id FROM products WHERE product_id = :productId`, {
    productId,
  });
  return row?.product_id;
}

export interface DaysAsked {
  readonly productId: string;
  /** All locations together when absent. */
  readonly locationId?: string | undefined;
  readonly asOf: string;
  /** Most days up to `asOf`. */
  readonly days: number;
}

const First = z.object({ day: z.iso.date().nullable() });
const DayRow = z.object({ age: z.int(), quantity: z.coerce.number() });

/**
 * Units of each day up to and including `asOf`, oldest first, from the product's first demand on; days without a sale are
 * 0. Empty for a product that was never asked for.
 */
export async function readProductDays(
  db: Statements,
  { productId, locationId, asOf, days }: DaysAsked,
): Promise<Float64Array> {
  const chosen = `FROM demand d
      WHERE d.product_id = :productId
        ${locationId === undefined ? '' : 'AND d.location_id = :locationId'}
        AND d.date <= :asOf
        AND d.quantity > 0`;
  const params = { productId, asOf: date(asOf), ...(locationId !== undefined && { locationId }) };
  const [first] = await db.select(First, `SELECT MIN(d.date) AS day ${chosen}`, params);
  if (!first?.day) return new Float64Array(0);
  const known = Math.min(days, daysBetween(first.day, asOf) + 1);
  const rows = await db.select(
    DayRow,
    `SELECT DATEDIFF(:asOf, d.date) AS age, SUM(d.quantity) AS quantity ${chosen} AND d.date > :after GROUP BY age`,
    { ...params, after: date(addDays(asOf, -known)) },
  );
  const units = new Float64Array(known);
  for (const { age, quantity } of rows) units[known - 1 - age] = quantity;
  return units;
}

const Week = z.object({
  period: z.int(),
  mean: z.number(),
  first_day: z.iso.date(),
  period_days: z.int(),
  low: z.int(),
  models: z.string(),
});

/** What a run forecasts of a product at all its locations together. */
export interface StoredProductForecast {
  readonly firstDay: string;
  readonly periodDays: number;
  readonly mean: readonly number[];
  readonly models: readonly string[];
  readonly isLowConfidence: boolean;
}

/** The sums of a run's forecasts of a product; undefined when it has none. */
export async function findProductForecast(
  db: Statements,
  runId: string,
  productId: string,
): Promise<StoredProductForecast | undefined> {
  const weeks = await db.select(
    Week,
    `SELECT j.period, SUM(j.mean) AS mean, MIN(f.forecast_date) AS first_day, MIN(f.period_days) AS period_days,
            CAST(SUM(f.confidence = 'low') AS SIGNED) AS low,
            GROUP_CONCAT(DISTINCT f.model_used ORDER BY f.model_used SEPARATOR '\n') AS models
       FROM forecast f
       JOIN JSON_TABLE(f.path, '$.mean[*]' COLUMNS (period FOR ORDINALITY, mean DOUBLE PATH '$')) AS j
      WHERE f.run_id = :runId AND f.product_id = :productId
      GROUP BY j.period
      ORDER BY j.period`,
    { runId, productId },
  );
  const first = weeks[0];
  if (!first) return undefined;
  return {
    firstDay: first.first_day,
    periodDays: first.period_days,
    mean: weeks.map(({ mean }) => mean),
    models: first.models.split('\n'),
    isLowConfidence: first.low > 0,
  };
}
