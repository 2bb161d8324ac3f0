import * as z from 'zod';
import { SIGNAL_FUTURES } from '../../contracts/api/signal.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { SIGNAL_KINDS, type SignalPeriods } from '../../core/forecast/calendar/signal-regressor.ts';
import { KEY_COLUMNS, keysJson, PERIOD_DAYS, type SeriesKey, seriesName } from '../forecasts/series-store.ts';
import { date, json, type Statements } from '../sql/database.ts';
import { MOST_NAMES } from './signal-store.ts';

/** Series, and signals, of one read: an answer has at most 1 MiB, and a series up to ten names in four scopes. */
const SERIES_A_READ = 40;
const SIGNALS_A_READ = 80;

const Name = z.object({
  name: z.string(),
  kind: z.enum(SIGNAL_KINDS),
  future: z.enum(SIGNAL_FUTURES),
  /** Signals of that name, and the newest of them. Numbers are not used again. */
  signals: z.int(),
  newest: z.int(),
});
/** One input: what signals of one name have in common. */
export type SignalName = z.infer<typeof Name>;

/** The inputs that signals make, by name. */
export function readSignalNames(db: Statements): Promise<SignalName[]> {
  return db.select(
    Name,
    `SELECT name, kind, future, COUNT(*) AS signals, MAX(signal_id) AS newest
       FROM demand_signal
      GROUP BY name, kind, future
      ORDER BY name
      LIMIT ${MOST_NAMES}`,
  );
}

/** One input in a line, by which `haveStayed` finds out whether all its signals are still there. */
export const sourceOf = ({ name, kind, future, signals, newest }: SignalName): string =>
  `signal ${name}: ${kind}, ${future}, ${signals} up to ${newest}`;

/** Whether no signal behind these lines has been removed since they were written; others may have come. */
export async function haveStayed(db: Statements, sources: readonly string[]): Promise<boolean> {
  const newest = sources.map((source) => Number(/^signal .* up to (\d+)$/.exec(source)?.[1] ?? Number.NaN));
  if (newest.some(Number.isNaN)) return false;
  const names = await db.select(
    Name,
    `SELECT s.name, s.kind, s.future, COUNT(*) AS signals, j.newest
       FROM JSON_TABLE(:newest, '$[*]' COLUMNS (newest BIGINT PATH '$')) AS j
       JOIN demand_signal s ON s.signal_id <= j.newest
      GROUP BY s.name, s.kind, s.future, j.newest`,
    { newest: json([...new Set(newest)]) },
  );
  const then = new Set(names.map(sourceOf));
  return sources.every((source) => then.has(source));
}

const Attached = z.object({
  product_id: z.string(),
  location_id: z.string(),
  signal_id: z.int(),
  name: z.string(),
  place: z.int(),
});

/** Which signal of each name counts for each series: that of its product before its category, its location, and all. */
async function readAttached(
  db: Statements,
  keys: readonly SeriesKey[],
): Promise<Map<string, Map<string, number>>> {
  const found = new Map<string, { readonly id: number; readonly place: number; readonly name: string }[]>();
  const series = `FROM JSON_TABLE(:keys, '$[*]' COLUMNS (${KEY_COLUMNS})) AS k`;
  const columns = 'k.product_id, k.location_id, s.signal_id, s.name';
  const rows = await db.select(
    Attached,
    `SELECT ${columns}, 1 AS place ${series}
       JOIN demand_signal s ON s.scope = 'product' AND s.scope_key = k.product_id
      UNION ALL
     SELECT ${columns}, 2 AS place ${series}
       JOIN products p ON p.product_id = k.product_id
       JOIN demand_signal s ON s.scope = 'category' AND s.scope_key = p.category
      UNION ALL
     SELECT ${columns}, 3 AS place ${series}
       JOIN demand_signal s ON s.scope = 'location' AND s.scope_key = k.location_id
      UNION ALL
     SELECT ${columns}, 4 AS place ${series}
       JOIN demand_signal s ON s.scope = 'all'`,
    { keys: keysJson(keys) },
  );
  for (const row of rows) {
    const series = seriesName({ productId: row.product_id, locationId: row.location_id });
    found.set(series, [
      ...(found.get(series) ?? []),
      { id: row.signal_id, place: row.place, name: row.name },
    ]);
  }
  // The most specific last, so that it stays.
  return new Map(
    [...found].map(([series, signals]) => [
      series,
      new Map(signals.sort((a, b) => b.place - a.place).map(({ name, id }) => [name, id])),
    ]),
  );
}

const Periods = z.object({
  signal_id: z.int(),
  before_all: z.number().nullable(),
  sums: z
    .string()
    .nullable()
    .transform((text) =>
      z.array(z.tuple([z.int(), z.number(), z.int()])).parse(text === null ? [] : JSON.parse(text)),
    ),
});

export interface SignalReach {
  readonly asOf: string;
  /** Periods of history, and ahead. */
  readonly periods: number;
  readonly horizon: number;
}

/**
 * What the signals of series said, by `seriesName` and name of the signal, in buckets as those of `readHistories`. After
 * `asOf` only signals whose future is known are read.
 */
export async function readSignals(
  db: Statements,
  keys: readonly SeriesKey[],
  { asOf, periods, horizon }: SignalReach,
): Promise<Map<string, Map<string, SignalPeriods>>> {
  const attached = new Map<string, Map<string, number>>();
  for (let i = 0; i < keys.length; i += SERIES_A_READ) {
    for (const [series, signals] of await readAttached(db, keys.slice(i, i + SERIES_A_READ)))
      attached.set(series, signals);
  }
  const ids = [...new Set([...attached.values()].flatMap((signals) => [...signals.values()]))].sort(
    (a, b) => a - b,
  );
  const said = new Map<number, SignalPeriods>();
  for (let i = 0; i < ids.length; i += SIGNALS_A_READ) {
    const rows = await db.select(
      Periods,
      `SELECT s.signal_id, a.sums,
              (SELECT v.value
                 FROM demand_signal_value v
                WHERE v.signal_id = s.signal_id AND v.day <= :after
                ORDER BY v.day DESC
                LIMIT 1) AS before_all
         FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS k
         JOIN demand_signal s ON s.signal_id = k.id
         LEFT JOIN (SELECT b.signal_id, JSON_ARRAYAGG(JSON_ARRAY(b.age, b.total, b.n)) AS sums
                      FROM (SELECT v.signal_id, FLOOR(DATEDIFF(:asOf, v.day) / ${PERIOD_DAYS}) AS age,
                                   SUM(v.value) AS total, COUNT(*) AS n
                              FROM JSON_TABLE(:ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS j
                              JOIN demand_signal t ON t.signal_id = j.id
                              JOIN demand_signal_value v ON v.signal_id = t.signal_id
                             WHERE v.day > :after
                               AND v.day <= CASE WHEN t.future = 'known' THEN :until ELSE :asOf END
                             GROUP BY v.signal_id, age) AS b
                     GROUP BY b.signal_id) AS a ON a.signal_id = s.signal_id`,
      {
        ids: json(ids.slice(i, i + SIGNALS_A_READ)),
        asOf: date(asOf),
        after: date(addDays(asOf, -PERIOD_DAYS * periods)),
        until: date(addDays(asOf, PERIOD_DAYS * horizon)),
      },
    );
    for (const row of rows) said.set(row.signal_id, { sums: row.sums, before: row.before_all });
  }
  return new Map(
    [...attached].map(([series, signals]) => [
      series,
      new Map([...signals].map(([name, id]) => [name, said.get(id)!])),
    ]),
  );
}

const Digest = z.object({ digest: z.string() });

/** All that signals tell a plan as of that day, in short; undefined without any. */
export async function digestSignals(
  db: Statements,
  asOf: string,
  horizonDays: number,
): Promise<string | undefined> {
  const [row] = await db.select(
    Digest,
    `SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(CONCAT_WS('|', s.name, s.kind, s.scope, s.scope_key, s.future, v.day, v.value)))) AS digest
       FROM demand_signal s
       LEFT JOIN demand_signal_value v
         ON v.signal_id = s.signal_id AND v.day <= CASE WHEN s.future = 'known' THEN :until ELSE :asOf END
     HAVING COUNT(*) > 0`,
    { asOf: date(asOf), until: date(addDays(asOf, horizonDays)) },
  );
  return row?.digest;
}
