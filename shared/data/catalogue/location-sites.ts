import * as z from 'zod';
import { DayRange } from '../../contracts/policy.ts';
import type { CalendarTerms } from '../../core/inventory/policies/supply-calendar.ts';
import { KEY_COLUMNS, keysJson, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { jsonColumn } from '../sql/columns.ts';
import { json, type Statements } from '../sql/database.ts';

/** A place in the tree of locations, and when it takes goods in. */
export interface Site {
  readonly locationId: string;
  readonly parentId: string | null;
  /** The topmost location that it lies in; itself where it lies in none. */
  readonly root: string;
  readonly receiving: Pick<CalendarTerms, 'receivingWeekdays' | 'receivingClosed'> | undefined;
}

const MAX_LOCATIONS = 10_000;
const MAX_LEVELS = 50;

const Row = z.object({
  location_id: z.string(),
  parent_id: z.string().nullable(),
  weekdays: jsonColumn(z.array(z.int())).nullable(),
  closed: jsonColumn(z.array(DayRange)).nullable(),
});

/** Every active location by its id. */
export async function readSites(db: Statements): Promise<Map<string, Site>> {
  const rows = await db.select(
    Row,
    `SELECT l.location_id, l.parent_id, c.weekdays, c.closed
       FROM location l
       LEFT JOIN receiving_calendar c ON c.location_id = l.location_id
      WHERE l.is_active = 1
      ORDER BY l.location_id
      LIMIT ${MAX_LOCATIONS}`,
  );
  const parents = new Map(rows.map((row) => [row.location_id, row.parent_id]));
  const rootOf = (id: string): string => {
    let at = id;
    for (let level = 0; level < MAX_LEVELS; level++) {
      const parent = parents.get(at) ?? null;
      if (parent === null) break;
      at = parent;
    }
    return at;
  };
  return new Map(
    rows.map(({ location_id: locationId, parent_id: parentId, weekdays, closed }) => [
      locationId,
      {
        locationId,
        parentId,
        root: rootOf(locationId),
        receiving: receivingOf(weekdays ?? [], closed ?? []),
      },
    ]),
  );
}

function receivingOf(weekdays: readonly number[], closed: readonly DayRange[]): Site['receiving'] {
  if (weekdays.length === 0 && closed.length === 0) return undefined;
  return {
    ...(weekdays.length > 0 && { receivingWeekdays: weekdays }),
    ...(closed.length > 0 && { receivingClosed: closed }),
  };
}

/** Units of a product that lie at a location and are promised to nobody. */
export interface FreeStock {
  readonly productId: string;
  readonly locationId: string;
  readonly units: number;
}

const FreeRow = z
  .object({ product_id: z.string(), location_id: z.string(), units: z.int() })
  .transform(
    (row): FreeStock => ({ productId: row.product_id, locationId: row.location_id, units: row.units }),
  );

/** What else is to be known of free stock before it is given away. */
export interface SpokenFor {
  /** Whether the run has a series there, which asks for it itself. */
  readonly isPlanned: boolean;
  /** Units of it in open suggestions to bring them elsewhere. */
  readonly units: number;
}

const SpokenRow = z.object({
  product_id: z.string(),
  location_id: z.string(),
  is_planned: z.int(),
  units: z.int(),
});

/** What is planned with free stock, by `seriesName`. */
export async function readSpokenFor(
  db: Statements,
  runId: string,
  stock: readonly SeriesKey[],
): Promise<Map<string, SpokenFor>> {
  const all = new Map<string, SpokenFor>();
  for (let at = 0; at < stock.length; at += STOCK_PER_READ) {
    const rows = await db.select(
      SpokenRow,
      `SELECT k.product_id, k.location_id,
              EXISTS (SELECT 1
                        FROM forecast f
                       WHERE f.run_id = :runId AND f.product_id = k.product_id
                         AND f.location_id = k.location_id) AS is_planned,
              CAST(COALESCE((SELECT SUM(g.quantity)
                               FROM suggestion g FORCE INDEX (suggestion_series)
                              WHERE g.product_id = k.product_id AND g.kind = 'transfer' AND g.status = 'open'
                                AND g.from_location = k.location_id), 0) AS SIGNED) AS units
         FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k`,
      { runId, keys: keysJson(stock.slice(at, at + STOCK_PER_READ)) },
    );
    for (const row of rows)
      all.set(seriesName({ productId: row.product_id, locationId: row.location_id }), {
        isPlanned: row.is_planned === 1,
        units: row.units,
      });
  }
  return all;
}

/** Positions of one such answer. */
const STOCK_PER_READ = 2_000;
/** Products of one answer, which has a row for each of their locations. */
const PRODUCTS_PER_READ = 250;

/** Where there is free stock of the products, at any location. */
export async function readFreeStock(db: Statements, productIds: readonly string[]): Promise<FreeStock[]> {
  const ids = [...new Set(productIds)];
  const all: FreeStock[] = [];
  for (let at = 0; at < ids.length; at += PRODUCTS_PER_READ) {
    const some = await db.select(
      FreeRow,
      `SELECT STRAIGHT_JOIN s.product_id, s.location_id, s.stock_level - s.committed AS units
         FROM JSON_TABLE(:ids, '$[*]' COLUMNS (product_id VARCHAR(64) PATH '$')) AS k
         JOIN stock s FORCE INDEX (PRIMARY) ON s.product_id = k.product_id
        WHERE s.stock_level > s.committed
        ORDER BY s.product_id, s.location_id`,
      { ids: json(ids.slice(at, at + PRODUCTS_PER_READ)) },
    );
    all.push(...some);
  }
  return all;
}
