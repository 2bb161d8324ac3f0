import * as z from 'zod';
import type { Recommendation } from '../../contracts/api/recommendation.ts';
import { meanOfDays } from '../../core/forecast/hierarchy/group-days.ts';
import { intervalOf, shown, stockFigures } from '../forecasts/category-forecast-reads.ts';
import { findGroupRun } from '../forecasts/group-forecast-reads.ts';
import { readRiskLimits } from '../planning/risk-settings.ts';
import { jsonColumn, type Page, type PageAsked, Total } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';
import { readCategoryNeeds, readCategoryStock } from './category-stock-reads.ts';

const DAYS = 90;

const numbers = z.array(z.number());
const Outlook = z
  .object({
    key: z.string(),
    period_days: z.int(),
    mean: jsonColumn(numbers),
    sums: jsonColumn(z.record(z.string(), numbers)),
    shares: jsonColumn(numbers),
  })
  .readonly();

/** What the forecasts of categories mean for their stock, the largest first; an empty page before the first forecast. */
export async function listRecommendations(
  db: Statements,
  { skip, limit }: PageAsked,
): Promise<Page<Recommendation>> {
  const run = await findGroupRun(db);
  if (!run) return { data: [], pagination: { skip, limit, total: 0 } };
  const { runId } = run;
  const [count] = await db.select(
    Total,
    `SELECT COUNT(*) AS total FROM group_forecast WHERE run_id = :runId AND group_level = 'category'`,
    { runId },
  );
  const outlooks = await db.select(
    Outlook,
    `SELECT g.group_key AS \`key\`, g.period_days, JSON_EXTRACT(g.path, '$.mean') AS mean,
            JSON_EXTRACT(g.path, '$.sums') AS sums, JSON_EXTRACT(g.days, '$.shares') AS shares
       FROM group_forecast g
      WHERE g.run_id = :runId AND g.group_level = 'category'
      ORDER BY g.forecast_qty DESC, g.group_key
      LIMIT :limit OFFSET :skip`,
    { runId, skip, limit },
  );
  const needs = await readCategoryNeeds(
    db,
    outlooks.map(({ key }) => key),
  );
  const limits = await readRiskLimits(db);
  const data: Recommendation[] = [];
  for (const outlook of outlooks) {
    const stock = await readCategoryStock(db, outlook.key);
    const need = needs.get(outlook.key) ?? { suggestions: 0, units: 0 };
    const mean = meanOfDays(outlook, DAYS);
    data.push({
      category: outlook.key,
      run_id: runId,
      as_of: run.asOf,
      forecast_90_day: shown(mean),
      confidence_interval: intervalOf(outlook, DAYS),
      daily_average: shown(mean / DAYS),
      ...stockFigures(run, outlook, stock, limits),
      products: stock.products,
      products_supplied: stock.supplied,
      on_order: stock.coming,
      suggestions: need.suggestions,
      recommended_order_quantity: stock.supplied === 0 ? null : need.units,
      method: stock.supplied === 0 ? 'no_supplier' : 'suggestions',
    });
  }
  return { data, pagination: { skip, limit, total: count!.total } };
}
