import * as z from 'zod';
import { Shrinkage, type ShrinkageReport } from '../../contracts/api/stock-count.ts';
import { addDays } from '../../core/calendar/add-days.ts';
import { shrinkageAnomaly } from '../../core/inventory/shrinkage-anomaly.ts';
import { readBusinessDay } from '../planning/business-day.ts';
import { moneyColumn, type PageAsked } from '../sql/columns.ts';
import { date, type Params, type Statements } from '../sql/database.ts';
import { IS_ACCURATE } from './stock-count-reads.ts';

/** Days that are looked at when nobody names the first one. */
const USUAL_DAYS = 90;

const units = z.coerce.number();
const Row = Shrinkage.omit({ anomaly: true }).extend({
  lines_counted: units,
  lines_accurate: units,
  lost_units: units,
  lost_cost: moneyColumn,
  gained_units: units,
  gained_cost: moneyColumn,
  sold_units: units,
  sold_cost: moneyColumn,
  rate: units.nullable(),
  groups: z.int(),
  all_lost: units,
  all_sold: units,
});

/** What a row is about. `g` = the rows of counted items. */
const GROUPS: Readonly<Record<ShrinkageReport['by'], string>> = {
  item: 'g.product_id, g.product_name, g.location_id, g.category',
  product: 'g.product_id, g.product_name, g.category',
  location: 'g.location_id',
  category: 'g.category',
};

/**
 * Shrinkage of the items that were counted in a period: what was missing at cost, what was too many beside it, and the
 * rate to what was sold of the same items in the period, at the cost of today. Items that nobody counted are in none
 * of the sums. Most money lost first.
 */
export async function readShrinkage(
  db: Statements,
  asked: { from?: string | undefined; to?: string | undefined; by: ShrinkageReport['by'] },
  { skip, limit }: PageAsked,
  /** Conditions on a product id and on a location id that narrow what is counted, with their parameters. */
  only: ShrinkageScope = EVERYTHING,
): Promise<ShrinkageReport> {
  const to = asked.to ?? (await readBusinessDay(db)) ?? '1970-01-01';
  const from = asked.from ?? addDays(to, 1 - USUAL_DAYS);
  const read = async (group: string | null, page: PageAsked) => {
    const rows = await db.select(Row, query(group, only), {
      ...only.params,
      from: date(from),
      to: date(to),
      ...page,
    });
    return rows.map(({ groups, all_lost, all_sold, ...row }) => ({
      groups,
      row: {
        ...row,
        anomaly: shrinkageAnomaly(row.lost_units, all_sold > 0 ? (all_lost * row.sold_units) / all_sold : 0),
      },
    }));
  };
  const [total] = await read(null, { skip: 0, limit: 1 });
  const rows = await read(GROUPS[asked.by], { skip, limit });
  return {
    from,
    to,
    by: asked.by,
    total: { ...total!.row, anomaly: 0 },
    data: rows.map(({ row }) => row),
    pagination: { skip, limit, total: rows[0]?.groups ?? 0 },
  };
}

export interface ShrinkageScope {
  readonly product: (column: string) => string;
  readonly location: (column: string) => string;
  readonly params: Params;
}
const EVERYTHING: ShrinkageScope = { product: () => 'TRUE', location: () => 'TRUE', params: {} };

function query(group: string | null, only: ShrinkageScope): string {
  const has = (column: string) => group?.split(', ').includes(`g.${column}`);
  const column = (name: string) => (has(name) ? `g.${name}` : `NULL AS ${name}`);
  return `
SELECT ${['product_id', 'product_name', 'location_id', 'category'].map(column).join(', ')},
       COALESCE(SUM(g.lines_counted), 0) AS lines_counted, COALESCE(SUM(g.lines_accurate), 0) AS lines_accurate,
       COALESCE(SUM(g.lost), 0) AS lost_units, COALESCE(SUM(g.lost_cost), 0) AS lost_cost,
       COALESCE(SUM(g.gained), 0) AS gained_units, COALESCE(SUM(g.gained_cost), 0) AS gained_cost,
       COALESCE(SUM(g.sold), 0) AS sold_units, COALESCE(SUM(g.sold_cost), 0) AS sold_cost,
       SUM(g.lost_cost) / NULLIF(SUM(g.sold_cost), 0) AS rate, COUNT(*) OVER () AS \`groups\`,
       COALESCE(SUM(SUM(g.lost)) OVER (), 0) AS all_lost, COALESCE(SUM(SUM(g.sold)) OVER (), 0) AS all_sold
  FROM (SELECT v.*, p.product_name, p.category, COALESCE(d.sold, 0) AS sold,
               COALESCE(d.sold, 0) * COALESCE(p.cost, 0) AS sold_cost
          FROM (SELECT l.product_id, c.location_id, COUNT(*) AS lines_counted,
                       SUM(CASE WHEN ${IS_ACCURATE} THEN 1 ELSE 0 END) AS lines_accurate,
                       SUM(GREATEST(l.expected - l.counted, 0)) AS lost,
                       SUM(GREATEST(l.expected - l.counted, 0) * l.unit_cost) AS lost_cost,
                       SUM(GREATEST(l.counted - l.expected, 0)) AS gained,
                       SUM(GREATEST(l.counted - l.expected, 0) * l.unit_cost) AS gained_cost
                  FROM stock_count_line l
                  JOIN stock_count c ON c.count_id = l.count_id AND c.status = 'closed'
                 WHERE l.expected IS NOT NULL AND ${only.product('l.product_id')} AND ${only.location('c.location_id')}
                   AND l.counted_at >= :from AND l.counted_at < DATE_ADD(:to, INTERVAL 1 DAY)
                 GROUP BY l.product_id, c.location_id) AS v
          JOIN products p ON p.product_id = v.product_id
          LEFT JOIN (SELECT product_id, location_id, SUM(quantity) AS sold
                       FROM demand
                      WHERE date BETWEEN :from AND :to
                      GROUP BY product_id, location_id) AS d ON d.product_id = v.product_id AND d.location_id = v.location_id) AS g
 ${group === null ? '' : `GROUP BY ${group}`}
 ORDER BY lost_cost DESC, lost_units DESC${group === null ? '' : `, ${group}`}
 LIMIT :limit OFFSET :skip`;
}
