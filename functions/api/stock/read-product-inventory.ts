import type { ProductInventory } from '../../../shared/contracts/api/stock-risk.ts';
import {
  daysOfStock,
  type RiskLimits,
  STOCKOUT_RISKS,
} from '../../../shared/core/inventory/stockout-risk.ts';
import { findProduct } from '../../../shared/data/catalogue/product-reads.ts';
import { shown } from '../../../shared/data/forecasts/category-forecast-reads.ts';
import { findNewestCompleteRun } from '../../../shared/data/forecasts/forecast-run-store.ts';
import { readSeriesOfProduct } from '../../../shared/data/forecasts/series-of-product.ts';
import { readStockLevels, type StockLevel } from '../../../shared/data/metrics/stock-level-reads.ts';
import { alertOf, riskOf } from '../../../shared/data/metrics/stock-risk-reads.ts';
import { readBusinessDay } from '../../../shared/data/planning/business-day.ts';
import { readRiskLimits } from '../../../shared/data/planning/risk-settings.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { judgeProductNow } from '../forecasts/judge-product-now.ts';
import { found } from '../http/found.ts';

type Place = ProductInventory['locations'][number];

/** How much of a product is there, for how long it lasts, and what the plan's policy makes of it, by location and in all. */
export async function readProductInventory(db: Statements, productId: string): Promise<ProductInventory> {
  const product = found(await findProduct(db, productId), 'product', productId);
  const run = await findNewestCompleteRun(db);
  const asOf = (await readBusinessDay(db)) ?? run?.asOf ?? null;
  const levels = await readStockLevels(db, asOf ?? '1970-01-01', { productId: product.id });
  const limits = await readRiskLimits(db);
  const points =
    run && asOf ? await reorderPoints(db, { runId: run.runId, asOf }, product.id) : new Map<string, number>();
  const locations = levels.map((level) => placeOf(level, limits, points.get(level.locationId) ?? null));
  const sum = (of: (place: Place) => number) => locations.reduce((total, place) => total + of(place), 0);
  const perDay = levels.reduce((total, { expected }) => total + expected.perDay, 0);
  const available = sum((place) => place.available);
  const days = daysOfStock(available, perDay);
  return {
    product_id: product.id,
    product_name: product.name,
    category: product.category,
    as_of: asOf,
    current_stock: sum((place) => place.current_stock),
    available,
    on_order: sum((place) => place.on_order),
    reorder_point: locations.every((place) => place.reorder_point === null)
      ? null
      : sum((place) => place.reorder_point ?? 0),
    stock_velocity: shown(perDay),
    days_until_stockout: days === null ? null : shown(days),
    low_stock_alert: locations.some(({ status }) => status !== 'in'),
    stockout_risk:
      STOCKOUT_RISKS.find((risk) => locations.some((place) => place.stockout_risk === risk)) ?? null,
    recommended_reorder_quantity: sum((place) => place.recommended_reorder_quantity),
    locations,
  };
}

function placeOf(level: StockLevel, limits: RiskLimits, planned: number | null): Place {
  const { product_id: _, product_name: __, category: ___, ...risk } = riskOf(level, limits);
  const { status, priority } = alertOf(level);
  return {
    ...risk,
    status,
    priority,
    reorder_threshold: level.threshold,
    reorder_point: planned,
    recommended_reorder_quantity: level.suggested?.quantity ?? 0,
  };
}

/** By location, of the policy that holds now; without those that have none. */
async function reorderPoints(
  db: Statements,
  run: { readonly runId: string; readonly asOf: string },
  productId: string,
): Promise<Map<string, number>> {
  const keys = await readSeriesOfProduct(db, run.runId, productId);
  if (keys.length === 0) return new Map();
  const { verdicts } = await judgeProductNow(db, run, keys);
  return new Map(
    [...verdicts].flatMap(([locationId, { purchase }]) => {
      const { reorderPoint } = purchase.assessment;
      return reorderPoint === null ? [] : [[locationId, reorderPoint] as const];
    }),
  );
}
