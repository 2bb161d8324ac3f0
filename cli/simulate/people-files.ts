import { join } from 'node:path';
import { toDecimal } from '../../shared/contracts/csv/cells.ts';
import type { DayEvents } from '../../shared/core/simulate/day-events.ts';
import type { SimulationSettings } from '../../shared/core/simulate/settings.ts';
import { csvLine } from '../forecast/write-whole.ts';
import type { WholeFiles } from './whole-files.ts';

const SALES = 'sale_id,order_id,date,product_id,location_id,customer_id,quantity,price,refunded,reason';
const PRODUCTS = 'product_id,product_name,category,brand,unit_price,cost';
const SUPPLY = 'reference,supplier_id,product_id,location_id,ordered_on,arrived_on,quantity';
const LOST = 'lost_id,date,product_id,location_id,quantity,price';

/** Begins the files of a folder that tell what happened; each day is then handed to the answer. */
export function writeForPeople(
  files: WholeFiles,
  folder: string,
  settings: SimulationSettings,
): (events: DayEvents) => void {
  const sales = files.add(join(folder, 'sales.csv'), SALES);
  const products = files.add(join(folder, 'products.csv'), PRODUCTS);
  const supply = files.add(join(folder, 'supply.csv'), SUPPLY);
  const lost = files.add(join(folder, 'lost.csv'), LOST);
  return (events) => {
    for (const { productId, name, category, brand, price, cost } of events.products)
      products.line(csvLine([productId, name, category, brand, toDecimal(price), toDecimal(cost)]));
    for (const sale of events.sales) {
      // what comes back after the last day has not come back
      const back = sale.comesBack && sale.comesBack.day < settings.days ? sale.comesBack.reason : undefined;
      sales.line(
        `${sale.saleId},${sale.orderId},${sale.time},${sale.productId},${sale.locationId},,${sale.quantity},${toDecimal(sale.price)},${back !== undefined},${back ?? ''}`,
      );
    }
    for (const one of events.supplies)
      supply.line(
        csvLine([
          one.reference,
          one.supplierId,
          one.productId,
          one.locationId,
          one.orderedOn,
          one.arrivedOn,
          one.quantity,
        ]),
      );
    for (const { lossId, productId, locationId, quantity, price } of events.losses)
      lost.line(csvLine([lossId, events.date, productId, locationId, quantity, toDecimal(price)]));
  };
}
