import type {
  InventoryAlerts,
  LowStockList,
  OutOfStockList,
  StockoutRiskList,
  StockoutRiskRow,
} from '../../contracts/api/stock-risk.ts';
import { type StockAlert, stockAlert } from '../../core/inventory/low-stock.ts';
import {
  daysOfStock,
  type RiskLimits,
  STOCKOUT_RISKS,
  type StockoutRisk,
  stockoutRisk,
} from '../../core/inventory/stockout-risk.ts';
import { shown } from '../forecasts/category-forecast-reads.ts';
import { readBusinessDay } from '../planning/business-day.ts';
import { readRiskLimits } from '../planning/risk-settings.ts';
import type { PageAsked } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';
import { type LevelFilter, readStockLevels, type StockLevel } from './stock-level-reads.ts';

/** Where nothing was ever sold there is no business day: nothing is known of demand then, whatever the day. */
const NO_DAY = '1970-01-01';

const levelsOf = async (db: Statements, filter: LevelFilter) => {
  const asOf = (await readBusinessDay(db)) ?? null;
  return { asOf, levels: await readStockLevels(db, asOf ?? NO_DAY, filter) };
};

export interface RiskAsked extends LevelFilter {
  readonly risk?: StockoutRisk | 'unknown' | undefined;
}

/** How soon goods run out at each location beside how long an order takes, the worst first. */
export async function listStockoutRisks(
  db: Statements,
  { risk, ...filter }: RiskAsked,
  { skip, limit }: PageAsked,
): Promise<StockoutRiskList> {
  const limits = await readRiskLimits(db);
  const { asOf, levels } = await levelsOf(db, filter);
  const all = levels.map((level) => riskOf(level, limits)).sort(worstFirst);
  const counts: StockoutRiskList['counts'] = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
  for (const row of all) counts[row.stockout_risk ?? 'unknown']++;
  const asked = risk === undefined ? all : all.filter((row) => (row.stockout_risk ?? 'unknown') === risk);
  return {
    as_of: asOf,
    limits,
    counts,
    data: asked.slice(skip, skip + limit),
    pagination: { skip, limit, total: asked.length },
  };
}

/** What a position of stock means: how long it lasts, and what that is a risk of. */
export function riskOf(level: StockLevel, limits: RiskLimits): StockoutRiskRow {
  const days = daysOfStock(level.onHand - level.committed, level.expected.perDay, level.arrivals);
  return {
    ...lastOf(level),
    days_of_stock: days === null ? null : shown(days),
    lead_time_days: level.leadTimeDays,
    stockout_risk: stockoutRisk(days, level.leadTimeDays, limits),
  };
}

function lastOf(level: StockLevel) {
  const { onHand, committed, expected } = level;
  const days = daysOfStock(onHand - committed, expected.perDay);
  return {
    product_id: level.productId,
    product_name: level.productName,
    category: level.category,
    location_id: level.locationId,
    current_stock: onHand,
    available: onHand - committed,
    on_order: level.onOrder,
    stock_velocity: shown(expected.perDay),
    days_until_stockout: days === null ? null : shown(days),
  };
}

/** What nobody knows the risk of comes after what is known to be at risk. */
const rankOf = ({ stockout_risk: risk }: StockoutRiskRow): number =>
  risk === null ? STOCKOUT_RISKS.length - 1.5 : STOCKOUT_RISKS.indexOf(risk);

const worstFirst = (a: StockoutRiskRow, b: StockoutRiskRow): number =>
  rankOf(a) - rankOf(b) ||
  soonestFirst(a.days_of_stock, b.days_of_stock) ||
  b.stock_velocity - a.stock_velocity ||
  byName(a, b);

/** What is never used up comes last. */
const soonestFirst = (a: number | null, b: number | null): number =>
  a === b ? 0 : (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY);

const byName = (a: PositionName, b: PositionName): number =>
  compare(a.product_id, b.product_id) || compare(a.location_id, b.location_id);
interface PositionName {
  readonly product_id: string;
  readonly location_id: string;
}
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export interface LowAsked extends LevelFilter {
  /** In place of people's thresholds and of plans. */
  readonly threshold?: number | undefined;
}

/** Whether a position is low or out, and by what. */
export const alertOf = (level: StockLevel, threshold?: number): StockAlert =>
  stockAlert({
    onHand: level.onHand,
    position: level.onHand - level.committed + level.onOrder,
    threshold: threshold ?? level.threshold,
    planned: threshold === undefined ? (level.suggested?.reorderPoint ?? null) : null,
  });

async function readAlerts(db: Statements, { threshold, ...filter }: LowAsked) {
  const { asOf, levels } = await levelsOf(db, filter);
  const rows = levels.map((level) => {
    const { status, priority, reorderPoint, source } = alertOf(level, threshold);
    return {
      status,
      priority: priority ?? ('Medium' as const),
      row: { ...lastOf(level), reorder_point: reorderPoint, reorder_point_source: source },
    };
  });
  const out = rows.flatMap(({ status, row }) => (status === 'out' ? [row] : []));
  const low = rows.flatMap(({ status, priority, row }) => (status === 'low' ? [{ ...row, priority }] : []));
  return {
    asOf,
    out: out.sort((a, b) => b.stock_velocity - a.stock_velocity || byName(a, b)),
    low: low.sort(
      (a, b) =>
        compare(a.priority, b.priority) ||
        soonestFirst(a.days_until_stockout, b.days_until_stockout) ||
        byName(a, b),
    ),
  };
}

/** What runs low at each location, most urgent first. */
export async function listLowStock(
  db: Statements,
  asked: LowAsked,
  { skip, limit }: PageAsked,
): Promise<LowStockList> {
  const { asOf, low, out } = await readAlerts(db, asked);
  return {
    as_of: asOf,
    low_stock_products: low.slice(skip, skip + limit),
    count: low.length,
    out_of_stock_count: out.length,
    pagination: { skip, limit, total: low.length },
  };
}

/** What has no unit left at each location, what is asked for most first. */
export async function listOutOfStock(
  db: Statements,
  filter: LevelFilter,
  { skip, limit }: PageAsked,
): Promise<OutOfStockList> {
  const { asOf, out } = await readAlerts(db, filter);
  return {
    as_of: asOf,
    out_of_stock_products: out.slice(skip, skip + limit),
    count: out.length,
    pagination: { skip, limit, total: out.length },
  };
}

/** Both lists as the original tells them. */
export async function listInventoryAlerts(
  db: Statements,
  filter: LevelFilter,
  { skip, limit }: PageAsked,
): Promise<InventoryAlerts> {
  const { low, out } = await readAlerts(db, filter);
  const alerts = [
    ...out.map((row) => ({ ...row, alert_type: 'out_of_stock' as const })),
    ...low.map((row) => ({ ...row, alert_type: 'low_stock' as const })),
  ];
  return {
    alerts: alerts.slice(skip, skip + limit).map((row) => ({
      product_id: row.product_id,
      product_name: row.product_name,
      location_id: row.location_id,
      current_stock: row.current_stock,
      reorder_threshold: row.reorder_point,
      alert_type: row.alert_type,
    })),
    pagination: { skip, limit, total: alerts.length },
  };
}
