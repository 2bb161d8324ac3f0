import type { KpiFacts } from '../../core/analytics/kpis/kpi-facts.ts';
import { daysBetween } from '../../core/calendar/add-days.ts';
import { readShrinkage } from '../ledger/shrinkage-reads.ts';
import { readPlanSettings } from '../planning/setting-store.ts';
import type { Statements } from '../sql/database.ts';
import { readAccuracyFacts, readOutlookFacts } from './kpi-outlook-reads.ts';
import { readRequestFacts, readSalesFacts } from './kpi-sales-reads.ts';
import { type KpiScope, type ScopeSql, scopeSql } from './kpi-scope.ts';
import { readMovementFacts, readStockFacts } from './kpi-stock-reads.ts';
import { readSupplyFacts } from './kpi-supply-reads.ts';

/** All that the key figures of a period are made of; a dozen reads, several at a time. */
export async function readKpiFacts(db: Statements, asked: KpiScope): Promise<KpiFacts> {
  const scope = scopeSql(asked);
  const [stock, sales, requests, movements, supply, outlook, accuracy, counts, settings] = await Promise.all([
    readStockFacts(db, asked, scope),
    readSalesFacts(db, scope),
    readRequestFacts(db, scope),
    readMovementFacts(db, scope),
    readSupplyFacts(db, scope),
    readOutlookFacts(db, scope),
    readAccuracyFacts(db, asked, scope),
    readCountFacts(db, asked, scope),
    readPlanSettings(db),
  ]);
  return {
    days: daysBetween(asked.from, asked.to) + 1,
    sales,
    requests,
    stock,
    movements,
    counts,
    supply,
    outlook,
    accuracy,
    holdingRate: settings.holding_rate,
  };
}

async function readCountFacts(
  db: Statements,
  { from, to }: KpiScope,
  { product, location, placeParams }: ScopeSql,
): Promise<KpiFacts['counts']> {
  const { total } = await readShrinkage(
    db,
    { from, to, by: 'category' },
    { skip: 0, limit: 1 },
    { product, location, params: placeParams },
  );
  const money = (text: string) => Math.round(Number(text) * 10_000);
  return {
    linesCounted: total.lines_counted,
    linesAccurate: total.lines_accurate,
    lostCost: money(total.lost_cost),
    gainedCost: money(total.gained_cost),
    soldCost: money(total.sold_cost),
  };
}
