import type { BookedMovement } from '../../shared/core/inventory/book-movements.ts';
import type { DayEvents, SimulatedSale } from '../../shared/core/simulate/day-events.ts';
import type { SimulationSettings } from '../../shared/core/simulate/settings.ts';
import { insertLocationStubs } from '../../shared/data/catalogue/location-store.ts';
import { upsertProducts } from '../../shared/data/catalogue/product-store.ts';
import { addDemand, demandOf } from '../../shared/data/demand/demand-store.ts';
import { lockStock, recordMovements } from '../../shared/data/ledger/ledger-store.ts';
import { announce } from '../../shared/data/messages/outbox-store.ts';
import { recordLostSales } from '../../shared/data/orders/lost-sale-store.ts';
import { insertOrders, insertSales, type OrderRow } from '../../shared/data/orders/order-store.ts';
import { insertSimulatedReturns } from '../../shared/data/orders/simulated-return-store.ts';
import { upsertSupplierItems, upsertSuppliers } from '../../shared/data/purchasing/supplier-store.ts';
import { noteDays, takeDays } from '../../shared/data/simulation/simulation-store.ts';
import type { Statements } from '../../shared/data/sql/database.ts';
import { chainLedger } from './chain-ledger.ts';
import { inventedOrder, inventedSale } from './invented-rows.ts';

const ACTOR = 'simulation';

/**
 * Writes days that follow each other, all in one transaction, into the tables that imports and orders fill as well:
 * products, orders, sales, refunds, what was lost, the ledger with its levels, and demand. `chain` is that of the days
 * before; answers that of these days, or undefined when they are there already or the simulation was cancelled.
 */
export async function recordDays(
  tx: Statements,
  settings: SimulationSettings,
  days: readonly DayEvents[],
  chain: string,
): Promise<string | undefined> {
  const simulationId = settings.name;
  const from = days[0]!.day;
  const to = from + days.length;
  if (!(await takeDays(tx, simulationId, { from, to }))) return undefined;
  await makeCatalogue(tx, settings, days);
  const movements = days.flatMap((day) => day.movements);
  // Before the lines, which hold their products too, or two writers at once wait for each other.
  const stock = await lockStock(tx, movements);
  const sales = days.flatMap((day) => day.sales);
  const orders = ordersOf(sales);
  const saleRows = sales.map(inventedSale);
  await insertOrders(tx, `simulation:${simulationId}`, orders);
  await insertSales(tx, saleRows);
  const returns = days.flatMap((day) => day.returns);
  if (returns.length > 0) await insertSimulatedReturns(tx, ACTOR, returns);
  const booked = await recordMovements(tx, movements, { actor: ACTOR, isSynthetic: true }, stock);
  await addDemand(tx, saleRows.map(demandOf));
  const lost = days.flatMap((day) => lostLinesOf(day));
  if (lost.length > 0)
    await recordLostSales(tx, lost, { source: `simulation:${simulationId}`, actor: ACTOR });
  const ledgerChain = chainOf(chain, days, booked.movements);
  await noteDays(
    tx,
    simulationId,
    {
      products: sum(days, (day) => day.products.length),
      orders: orders.length,
      sales: sales.length,
      units: sum(sales, ({ quantity }) => quantity),
      refunds: returns.length,
      lostUnits: sum(lost, ({ asked }) => asked),
      movements: booked.movements.length,
    },
    ledgerChain,
  );
  if (to === settings.days)
    await announce(
      tx,
      'simulation.completed',
      { simulationId, firstDay: settings.startDate, lastDay: days.at(-1)!.date },
      { correlationId: simulationId },
    );
  return ledgerChain;
}

/** The chain over each of the days; what was booked for a shortage stands before the movement that was short. */
function chainOf(before: string, days: readonly DayEvents[], booked: readonly BookedMovement[]): string {
  let chain = before;
  let at = 0;
  for (const { movements } of days) {
    const first = at;
    const left = new Set(movements.map(({ key }) => key));
    while (left.size > 0) left.delete(booked[at++]!.key);
    chain = chainLedger(chain, booked.slice(first, at));
  }
  return chain;
}

async function makeCatalogue(
  tx: Statements,
  { warehouses }: SimulationSettings,
  days: readonly DayEvents[],
): Promise<void> {
  const products = days.flatMap((day) => day.products);
  if (products.length === 0) return;
  const places = new Set(days.flatMap((day) => day.movements.map(({ locationId }) => locationId)));
  await insertLocationStubs(
    tx,
    warehouses.filter(({ locationId }) => places.has(locationId)),
  );
  await upsertProducts(
    tx,
    products.map(({ name, price, ...product }) => ({
      ...product,
      productName: name,
      unitPrice: price,
      isService: false,
      isSynthetic: true,
    })),
  );
  const suppliers = days.flatMap((day) => day.suppliers);
  if (suppliers.length === 0) return;
  await upsertSuppliers(
    tx,
    suppliers.map(({ supplierId, name }) => ({
      supplierId,
      supplierName: name,
      currency: 'GBP',
      minimumOrder: 0,
      isSynthetic: true,
    })),
  );
  await upsertSupplierItems(
    tx,
    days.flatMap((day) => day.supplierItems).map((item) => ({ ...item, priority: 1, isSynthetic: true })),
  );
}

/** An order of each run of lines that name the same one. */
function ordersOf(sales: readonly SimulatedSale[]): OrderRow[] {
  const orders: OrderRow[] = [];
  for (const { orderId, time } of sales)
    if (orders.at(-1)?.orderId !== orderId) orders.push(inventedOrder(orderId, time, 'Delivered'));
  return orders;
}

const lostLinesOf = ({ date, losses }: DayEvents) =>
  losses.map(({ lossId, productId, locationId, quantity, price }) => ({
    orderId: lossId,
    lineNo: 1,
    productId,
    locationId,
    day: date,
    asked: quantity,
    available: 0,
    price,
  }));

const sum = <T>(rows: readonly T[], of: (row: T) => number): number =>
  rows.reduce((all, row) => all + of(row), 0);
