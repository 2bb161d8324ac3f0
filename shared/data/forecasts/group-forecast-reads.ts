import * as z from 'zod';
import { type GroupDetail, GroupSummary } from '../../contracts/api/group-forecast.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { PlanSettings } from '../planning/setting-store.ts';
import { jsonColumn, type Page, type PageAsked, Total, timeColumn } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';
import { GroupDays, type GroupKey, GroupPath } from './group-forecast-store.ts';

const Run = z
  .object({
    run_id: z.string(),
    as_of: z.iso.date(),
    created_at: timeColumn,
    settings: jsonColumn(PlanSettings),
  })
  .transform((row) => ({
    runId: row.run_id,
    asOf: row.as_of,
    createdAt: row.created_at,
    serviceLevel: row.settings.service_level,
    reviewDays: row.settings.review_days,
  }));
export type GroupRun = z.infer<typeof Run>;

/** The newest complete run whose groups are forecast, which is moments after its series. */
export async function findGroupRun(db: Statements): Promise<GroupRun | undefined> {
  const [run] = await db.select(
    Run,
    `SELECT r.run_id, r.as_of, r.created_at, r.settings
       FROM forecast_run r
      WHERE r.status IN ('restocking', 'done')
        AND EXISTS (SELECT 1 FROM group_forecast g WHERE g.run_id = r.run_id AND g.group_level = 'total')
      ORDER BY r.run_no DESC
      LIMIT 1`,
  );
  return run;
}

const Summary = GroupSummary.omit({ run_id: true, as_of: true, total: true }).extend({
  mean: z.number(),
  low95: z.number(),
  high95: z.number(),
});
const COLUMNS = `g.group_level AS level, g.group_key AS \`key\`, g.series, g.forecast_date AS first_day, g.period_days,
  g.summed_periods AS horizon, g.model_used AS model, g.demand_class, g.forecast_qty AS mean,
  g.confidence_low AS low95, g.confidence_high AS high95`;

/** The groups of the newest forecast, the total first, then the largest category. */
export async function listGroups(db: Statements, { skip, limit }: PageAsked): Promise<Page<GroupSummary>> {
  const run = await findGroupRun(db);
  if (!run) return { data: [], pagination: { skip, limit, total: 0 } };
  const { runId } = run;
  const [count] = await db.select(
    Total,
    `SELECT COUNT(*) AS total FROM group_forecast WHERE run_id = :runId`,
    { runId },
  );
  const rows = await db.select(
    Summary,
    `SELECT ${COLUMNS}
       FROM group_forecast g
      WHERE g.run_id = :runId
      ORDER BY g.group_level DESC, g.forecast_qty DESC, g.group_key
      LIMIT :limit OFFSET :skip`,
    { runId, skip, limit },
  );
  return { data: rows.map((row) => summaryOf(row, run)), pagination: { skip, limit, total: count!.total } };
}

function summaryOf({ mean, low95, high95, ...row }: z.infer<typeof Summary>, run: GroupRun): GroupSummary {
  return { ...row, run_id: run.runId, as_of: run.asOf, total: { mean, low95, high95 } };
}

const Detail = Summary.extend({ history: jsonColumn(z.array(z.number())), path: jsonColumn(GroupPath) });

/** One group for a chart: its history, then that many weeks of forecast. */
export async function findGroup(
  db: Statements,
  { level, key }: GroupKey,
  weeks: number,
): Promise<GroupDetail | undefined> {
  const run = await findGroupRun(db);
  if (!run) return undefined;
  const [row] = await db.select(
    Detail,
    `SELECT ${COLUMNS}, g.history, g.path
       FROM group_forecast g
      WHERE g.run_id = :runId AND g.group_level = :level AND g.group_key = :key`,
    { runId: run.runId, level, key },
  );
  if (!row) return undefined;
  const { history, path, ...rest } = row;
  const { first_day: firstDay, period_days: days } = rest;
  return {
    ...summaryOf(rest, run),
    history: history.map((quantity, i) => ({
      date: addDays(firstDay, (i - history.length) * days),
      quantity,
    })),
    forecast: path.mean.slice(0, weeks).map((mean, i) => ({
      date: addDays(firstDay, i * days),
      mean,
      quantiles: Object.fromEntries(
        Object.entries(path.quantiles).map(([quantile, values]) => [quantile, values[i]!]),
      ),
      basis: i < rest.horizon ? 'products' : 'group',
    })),
  };
}

const Outlook = z
  .object({
    key: z.string(),
    first_day: z.iso.date(),
    period_days: z.int(),
    summed_periods: z.int(),
    model: z.string(),
    path: jsonColumn(GroupPath),
    days: jsonColumn(GroupDays),
  })
  .transform(({ path, days, ...row }) => ({ ...row, ...path, ...days }));
export type StoredOutlook = z.infer<typeof Outlook>;

/** Everything that is stored of one group of a run. */
export async function findOutlook(
  db: Statements,
  runId: string,
  { level, key }: GroupKey,
): Promise<StoredOutlook | undefined> {
  const [row] = await db.select(
    Outlook,
    `SELECT group_key AS \`key\`, forecast_date AS first_day, period_days, summed_periods, model_used AS model, path,
            days
       FROM group_forecast
      WHERE run_id = :runId AND group_level = :level AND group_key = :key`,
    { runId, level, key },
  );
  return row;
}

/** Groups of one read: less than 2 KB each of what a sum needs. */
const GROUPS_PER_READ = 400;
const MOST_READS = 50;
const numbers = jsonColumn(z.array(z.number()));
const Sums = z
  .object({ level: z.string(), key: z.string(), mean: numbers, low: numbers, high: numbers, shares: numbers })
  .transform(({ low, high, ...row }) => ({ ...row, sums: { '0.025': low, '0.975': high } }));
export type GroupSums = z.infer<typeof Sums>;

/** What sums over days are made of, for all groups of a run: categories by name, then the total. */
export async function readGroupSums(db: Statements, runId: string): Promise<GroupSums[]> {
  const groups: GroupSums[] = [];
  for (let read = 0; read < MOST_READS; read++) {
    const rows = await db.select(
      Sums,
      `SELECT group_level AS level, group_key AS \`key\`, JSON_EXTRACT(path, '$.mean') AS mean,
              JSON_EXTRACT(path, '$.sums."0.025"') AS low, JSON_EXTRACT(path, '$.sums."0.975"') AS high,
              JSON_EXTRACT(days, '$.shares') AS shares
         FROM group_forecast
        WHERE run_id = :runId
        ORDER BY group_level, group_key
        LIMIT ${GROUPS_PER_READ} OFFSET :skip`,
      { runId, skip: read * GROUPS_PER_READ },
    );
    groups.push(...rows);
    if (rows.length < GROUPS_PER_READ) return groups;
  }
  throw new RangeError(`more than ${MOST_READS * GROUPS_PER_READ} groups in one run`);
}

const STATES_PER_READ = 150;
const States = z.object({
  key: z.string(),
  state: jsonColumn(z.looseObject({ model: z.string() })),
  mean: numbers,
  history: numbers,
});
export type GroupState = z.infer<typeof States>;

/** Models, means and histories of a run's largest categories: less than 4 KB each, a bounded number of them a read. */
export async function readGroupStates(
  db: Statements,
  runId: string,
  most: number,
): Promise<{ readonly groups: GroupState[]; readonly total: number }> {
  const ofRun = `FROM group_forecast WHERE run_id = :runId AND group_level = 'category'`;
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total ${ofRun}`, { runId });
  const groups: GroupState[] = [];
  while (groups.length < Math.min(most, count!.total)) {
    const rows = await db.select(
      States,
      `SELECT group_key AS \`key\`, state, JSON_EXTRACT(path, '$.mean') AS mean, history ${ofRun}
        ORDER BY forecast_qty DESC, group_key
        LIMIT :limit OFFSET :skip`,
      { runId, skip: groups.length, limit: Math.min(STATES_PER_READ, most - groups.length) },
    );
    if (rows.length === 0) break;
    groups.push(...rows);
  }
  return { groups, total: count!.total };
}
