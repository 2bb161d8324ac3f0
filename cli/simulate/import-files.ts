import { join } from 'node:path';
import { toDecimal } from '../../shared/contracts/csv/cells.ts';
import type { DayEvents } from '../../shared/core/simulate/day-events.ts';
import type { SimulationSettings } from '../../shared/core/simulate/settings.ts';
import { csvLine } from '../forecast/write-whole.ts';
import type { WholeFiles } from './whole-files.ts';

/** Templates of the import, in the order in which their files have to be imported. */
const HEADERS = {
  locations: 'location_id,location_name,type',
  products: 'product_id,product_name,category,brand,unit_price,cost,is_synthetic',
  suppliers: 'supplier_id,supplier_name,currency,is_synthetic',
  supplier_items:
    'supplier_id,product_id,unit_cost,lead_time_days,lead_time_deviation,minimum_quantity,order_multiple,is_synthetic',
  movements:
    'movement_id,product_id,date,quantity_change,change_type,location_id,reason,reference_id,is_synthetic',
  sales_lines: 'order_id,line,date,product_id,quantity,unit_price,location_id,status,reason',
} as const;
type Name = keyof typeof HEADERS;

/**
 * Begins the files of a folder that the product's own import takes; each day is then handed to the answer. Goods that
 * came in go before the sales, so that no sale finds too little; goods that vanished follow in a file after the sales.
 */
export function writeForImport(
  files: WholeFiles,
  folder: string,
  { warehouses }: SimulationSettings,
): (events: DayEvents) => void {
  const add = (place: number, name: Name, suffix = '') =>
    files.add(join(folder, `${place}-${name}${suffix}.csv`), HEADERS[name], { onlyWithLines: true });
  const locations = add(1, 'locations');
  const products = add(2, 'products');
  const suppliers = add(3, 'suppliers');
  const supplierItems = add(4, 'supplier_items');
  const incoming = add(5, 'movements');
  const sales = add(6, 'sales_lines');
  const outgoing = add(7, 'movements', '-out');
  for (const { locationId, name } of warehouses) locations.line(csvLine([locationId, name, 'warehouse']));
  return (events) => {
    for (const { productId, name, category, brand, price, cost } of events.products)
      products.line(csvLine([productId, name, category, brand, toDecimal(price), toDecimal(cost), 'true']));
    for (const { supplierId, name } of events.suppliers)
      suppliers.line(csvLine([supplierId, name, 'GBP', 'true']));
    for (const item of events.supplierItems)
      supplierItems.line(
        csvLine([
          item.supplierId,
          item.productId,
          toDecimal(item.unitCost),
          item.leadTimeDays,
          item.leadTimeDeviation,
          item.minimumQuantity,
          item.orderMultiple,
          'true',
        ]),
      );
    for (const movement of events.movements) {
      // told by the lines of sales
      if (movement.type === 'sale' || movement.type === 'return') continue;
      (movement.quantityChange > 0 ? incoming : outgoing).line(
        csvLine([
          movement.key,
          movement.productId,
          movement.date,
          movement.quantityChange,
          movement.type,
          movement.locationId,
          movement.reason ?? '',
          movement.referenceId ?? '',
          'true',
        ]),
      );
    }
    for (const sale of events.sales)
      sales.line(
        `${sale.orderId},${sale.line},${sale.time},${sale.productId},${sale.quantity},${toDecimal(sale.price)},${sale.locationId},delivered,`,
      );
    for (const back of events.returns)
      sales.line(
        `${back.returnId},1,${back.time},${back.productId},${-back.quantity},${toDecimal(back.refund / back.quantity)},${back.locationId},returned,${back.reason}`,
      );
  };
}
