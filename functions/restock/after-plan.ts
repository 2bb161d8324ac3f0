import { findNewestCompleteRun } from '../../shared/data/forecasts/forecast-run-store.ts';
import { orderDay } from '../../shared/data/planning/business-day.ts';
import { checkPurchaseOrders } from '../../shared/data/purchasing/purchase-alert-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import { autoRestock } from './auto-restock.ts';

/**
 * What follows a plan: orders that the rules allow without a person, and a look at those that are late. Each again orders
 * nothing twice and raises no second alert, so that after a crash it is done again.
 */
export async function afterPlan(
  database: Database,
  now = new Date(),
): Promise<{ readonly autoOrders: number; readonly lateOrders: number }> {
  const { orders } = await database.transaction((tx) => autoRestock(tx, now));
  const { late } = await database.transaction(async (tx) =>
    checkPurchaseOrders(tx, { today: await orderDay(tx, now), hasPlanned: true }),
  );
  return { autoOrders: orders.filter((order) => order.refused === null).length, lateOrders: late };
}

/** Makes up for what follows a plan, should a crash have come between its end and that; nothing where a newer one is complete. */
export async function afterPlanAgain(database: Database, runId: string, now = new Date()) {
  const newest = await findNewestCompleteRun(database);
  return newest?.runId === runId && newest.status === 'done' ? await afterPlan(database, now) : {};
}
