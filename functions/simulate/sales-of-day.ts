import { addDays, daysBetween } from '../../shared/core/calendar/add-days.ts';
import type { MovementFact } from '../../shared/core/inventory/book-movements.ts';
import { dailySales } from '../../shared/core/simulate/daily-sales.ts';
import { type DemandChange, demandOf } from '../../shared/data/demand/demand-store.ts';
import type { SeriesOutlook } from '../../shared/data/forecasts/forecast-store.ts';
import { seriesName } from '../../shared/data/forecasts/series-store.ts';
import type { OrderRow, SaleRow } from '../../shared/data/orders/order-store.ts';
import { inventedOrder, inventedSale } from './invented-rows.ts';

/** Lines of one invented order. */
const LINES_PER_ORDER = 5;
/** Money in ten-thousandths: 1 where the catalogue has no price. */
const MONEY = 10_000;

export interface DayOfSimulation {
  readonly simulationId: string;
  readonly seed: number;
  readonly startDate: string;
  readonly day: number;
}

export interface InventedDay {
  readonly orders: readonly OrderRow[];
  readonly sales: readonly SaleRow[];
  readonly movements: readonly MovementFact[];
  readonly demand: readonly DemandChange[];
}

/** What is sold on one day of a simulation: a pure function of its id, seed, day and the forecasts. */
export function salesOfDay(outlooks: readonly SeriesOutlook[], simulation: DayOfSimulation): InventedDay {
  const date = addDays(simulation.startDate, simulation.day);
  const time = `${date} 12:00:00.000`;
  const order = `sim-${simulation.simulationId}-${simulation.day}`;
  const orders: OrderRow[] = [];
  const sales: SaleRow[] = [];
  for (const outlook of outlooks) {
    const quantity = dailySales({
      forecast: outlook.path,
      periodDays: outlook.periodDays,
      // A simulation of the past starts with the forecast's first period all the same.
      day: Math.max(0, daysBetween(outlook.firstDay, simulation.startDate)) + simulation.day,
      seed: simulation.seed,
      name: `${simulation.simulationId}/${seriesName(outlook)}`,
    });
    if (quantity === 0) continue;
    if (sales.length % LINES_PER_ORDER === 0)
      orders.push(inventedOrder(`${order}-${orders.length + 1}`, time, 'Completed'));
    const { orderId } = orders.at(-1)!;
    const price = Math.round((outlook.price ?? 1) * MONEY);
    sales.push(
      inventedSale({
        saleId: `${orderId}:${(sales.length % LINES_PER_ORDER) + 1}`,
        orderId,
        productId: outlook.productId,
        locationId: outlook.locationId,
        time,
        quantity,
        price,
      }),
    );
  }
  return {
    orders,
    sales,
    movements: sales.map(movementOf),
    demand: sales.map(demandOf),
  };
}

const movementOf = (sale: SaleRow): MovementFact => ({
  key: `sale:${sale.saleId}`,
  productId: sale.productId,
  locationId: sale.locationId,
  date: sale.date,
  quantityChange: -sale.quantity,
  type: 'sale',
  reason: null,
  referenceId: sale.saleId,
});
