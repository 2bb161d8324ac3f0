import * as z from 'zod';
import { Ensemble } from '../../contracts/api/ensemble.ts';
import { jsonColumn, type Page, type PageAsked, Total, timeColumn } from '../sql/columns.ts';
import { date, json, type Statements } from '../sql/database.ts';
import { jsonChunks } from '../sql/json-chunks.ts';

const Errors = Ensemble.shape.errors.valueType;
const Member = z.object({ name: z.string(), weight: z.number(), errors: Errors });
const LeftOut = Ensemble.shape.left_out;

/** What is kept of a training. */
export interface NewEnsemble {
  readonly category: string;
  readonly asOf: string;
  readonly points: number;
  readonly validation: number;
  readonly judged: number;
  readonly members: readonly z.infer<typeof Member>[];
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

const Row = z
  .object({
    category: z.string(),
    as_of: z.iso.date(),
    points: z.int(),
    validation_weeks: z.int(),
    judged: z.int(),
    members: jsonColumn(z.array(Member)),
    left_out: jsonColumn(LeftOut),
    trained_at: timeColumn,
    trained_by: z.string(),
  })
  .transform(
    ({ members, points, ...row }): Ensemble => ({
      ...row,
      data_points: points,
      weights: Object.fromEntries(members.map(({ name, weight }) => [name, weight])),
      errors: Object.fromEntries(members.map(({ name, errors }) => [name, errors])),
    }),
  );
const COLUMNS = `g.group_key AS category, e.as_of, e.points, e.validation_weeks, e.judged, e.members, e.left_out, e.trained_at,
  e.trained_by`;

/** Ensembles count while their category is one of the run's. */
const OF_RUN = `FROM ensemble e
       JOIN group_forecast g ON g.run_id = :runId AND g.group_level = 'category' AND g.group_key = e.category`;

/** Stores trained ensembles in the place of the ones before. */
export async function saveEnsembles(
  tx: Statements,
  ensembles: readonly NewEnsemble[],
  trainedBy: string,
): Promise<void> {
  const rows = ensembles.map((one) => [
    one.category,
    one.asOf,
    one.points,
    one.validation,
    one.judged,
    JSON.stringify(one.members),
    JSON.stringify(one.leftOut),
  ]);
  for (const text of jsonChunks(rows)) {
    await tx.write(
      `INSERT INTO ensemble (category, as_of, points, validation_weeks, judged, members, left_out, trained_at, trained_by)
       SELECT j.category, j.as_of, j.points, j.validation_weeks, j.judged, j.members, j.left_out, UTC_TIMESTAMP(3),
              :trainedBy
         FROM JSON_TABLE(:rows, '$[*]' COLUMNS (
                category VARCHAR(100) PATH '$[0]',
                as_of DATE PATH '$[1]',
                points INT PATH '$[2]',
                validation_weeks INT PATH '$[3]',
                judged INT PATH '$[4]',
                members LONGTEXT PATH '$[5]',
                left_out LONGTEXT PATH '$[6]')) AS j
           ON DUPLICATE KEY UPDATE as_of = j.as_of, points = j.points, validation_weeks = j.validation_weeks,
              judged = j.judged, members = j.members, left_out = j.left_out, trained_at = UTC_TIMESTAMP(3),
              trained_by = :trainedBy`,
      { rows: text, trainedBy: trainedBy.slice(0, 100) },
    );
  }
}

/** The ensemble of one of a run's categories. */
export async function findEnsemble(
  db: Statements,
  runId: string,
  category: string,
): Promise<Ensemble | undefined> {
  const [row] = await db.select(Row, `SELECT ${COLUMNS} ${OF_RUN} WHERE e.category = :category`, {
    runId,
    category,
  });
  return row;
}

/** The ensembles of a run's categories, the largest category first. */
export async function listEnsembles(
  db: Statements,
  runId: string,
  { skip, limit }: PageAsked,
): Promise<Page<Ensemble>> {
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total ${OF_RUN}`, { runId });
  const data = await db.select(
    Row,
    `SELECT ${COLUMNS} ${OF_RUN} ORDER BY g.forecast_qty DESC, e.category LIMIT :limit OFFSET :skip`,
    { runId, skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

const Average = z.object({ name: z.string(), weight: z.number() });

/** The mean weight of each member over the ensembles of a run's categories. */
export async function readMeanWeights(db: Statements, runId: string): Promise<Record<string, number>> {
  const rows = await db.select(
    Average,
    `SELECT j.name, SUM(j.weight) / (SELECT COUNT(*) ${OF_RUN}) AS weight
       ${OF_RUN}
       JOIN JSON_TABLE(e.members, '$[*]' COLUMNS (name VARCHAR(40) PATH '$.name', weight DOUBLE PATH '$.weight')) AS j
      GROUP BY j.name
      ORDER BY weight DESC`,
    { runId },
  );
  return Object.fromEntries(rows.map(({ name, weight }) => [name, weight]));
}

const Counts = z.object({
  total: z.int(),
  able: z.coerce.number(),
  trained: z.int(),
  current: z.coerce.number(),
});

/** How many categories a run has, how many with so many weeks, and of those how many trained ones, at all or as of the day. */
export async function countEnsembles(
  db: Statements,
  runId: string,
  { asOf, validation, needed }: { asOf: string; validation?: number | undefined; needed: number },
): Promise<z.infer<typeof Counts>> {
  const [row] = await db.select(
    Counts,
    `SELECT COUNT(*) AS total, COALESCE(SUM(JSON_LENGTH(g.history) >= :needed), 0) AS able, COUNT(e.category) AS trained,
            COALESCE(SUM(e.as_of = :asOf ${validation === undefined ? '' : 'AND e.validation_weeks = :validation'}
                         AND JSON_LENGTH(g.history) >= :needed), 0) AS current
       FROM group_forecast g
       LEFT JOIN ensemble e ON e.category = g.group_key
      WHERE g.run_id = :runId AND g.group_level = 'category'`,
    { runId, asOf: date(asOf), needed, ...(validation !== undefined && { validation }) },
  );
  return row!;
}

const Histories = z.object({ category: z.string(), history: jsonColumn(z.array(z.number())) });
/** A category's units per week, oldest first, up to the run's last day. */
export type CategoryHistory = z.infer<typeof Histories>;

/** Histories of a run's categories to train on: those without an ensemble of the day first, then the largest. */
export function readUntrained(
  db: Statements,
  runId: string,
  { asOf, validation, needed, limit }: { asOf: string; validation: number; needed: number; limit: number },
): Promise<CategoryHistory[]> {
  return db.select(
    Histories,
    `SELECT g.group_key AS category, g.history
       FROM group_forecast g
       LEFT JOIN ensemble e ON e.category = g.group_key AND e.as_of = :asOf AND e.validation_weeks = :validation
      WHERE g.run_id = :runId AND g.group_level = 'category'
      ORDER BY (e.category IS NULL AND JSON_LENGTH(g.history) >= :needed) DESC, g.forecast_qty DESC, g.group_key
      LIMIT :limit`,
    { runId, asOf: date(asOf), validation, needed, limit },
  );
}

/** Histories of those of a run's categories that are named. */
export function readCategoryHistories(
  db: Statements,
  runId: string,
  categories: readonly string[],
): Promise<CategoryHistory[]> {
  return db.select(
    Histories,
    `SELECT g.group_key AS category, g.history
       FROM JSON_TABLE(:categories, '$[*]' COLUMNS (category VARCHAR(100) PATH '$')) AS j
       JOIN group_forecast g ON g.run_id = :runId AND g.group_level = 'category' AND g.group_key = j.category`,
    { runId, categories: json(categories) },
  );
}
