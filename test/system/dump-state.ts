import { createHash } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { startDatabase } from '../../infra/local/database/start-database.ts';

/**
 * What must be the same after a disturbed and an undisturbed run. Left out: numbers that the database counts up,
 * times of recording, and names of runs, which come from the messages that asked for them.
 */
const STATE: Readonly<Record<string, string>> = {
  products:
    'SELECT product_id, product_name, category, unit_price, cost, is_service, is_active FROM products ORDER BY product_id',
  supplierItems: 'SELECT * FROM supplier_item ORDER BY supplier_id, product_id',
  orders:
    'SELECT order_id, customer_id, order_date, order_status, country, source FROM orders ORDER BY order_id',
  sales: 'SELECT * FROM sales ORDER BY sale_id',
  ledger: `SELECT movement_key, product_id, warehouse, date, quantity_change, stock_level, change_type, reason, reference_id
             FROM inventory_log ORDER BY movement_key`,
  stock: 'SELECT product_id, location_id, stock_level, committed FROM stock ORDER BY product_id, location_id',
  demand: 'SELECT * FROM demand ORDER BY product_id, location_id, date',
  imports: `SELECT object_etag, format, status, total_rows, imported_rows, duplicate_rows, excluded_rows, rejected_rows, shortages
              FROM import_job WHERE status <> 'duplicate' ORDER BY object_etag`,
  forecasts: `SELECT product_id, location_id, forecast_date, horizon, forecast_qty, confidence_low, confidence_high, model_used, path
                FROM forecast
               WHERE run_id = (SELECT run_id FROM forecast_run WHERE status = 'done' ORDER BY run_no DESC LIMIT 1)
               ORDER BY product_id, location_id`,
  groups: `SELECT group_level, group_key, series, forecast_date, horizon, model_used, history, path, days
             FROM group_forecast
            WHERE run_id = (SELECT run_id FROM forecast_run WHERE status = 'done' ORDER BY run_no DESC LIMIT 1)
            ORDER BY group_level, group_key`,
  suggestions: `SELECT product_id, location_id, supplier_id, quantity, unit_cost, order_by, explanation
                  FROM suggestion WHERE status = 'open' ORDER BY product_id, location_id`,
  purchaseOrders: `SELECT p.supplier_id, p.location_id, p.status, l.product_id, l.quantity, l.unit_cost
                     FROM purchase_order p JOIN purchase_order_line l ON l.purchase_order_id = p.purchase_order_id
                    ORDER BY p.supplier_id, p.location_id, l.product_id`,
};

/** Rows and hash of each part of the state. */
export type State = Readonly<Record<string, { readonly rows: number; readonly hash: string }>>;

/** Reads the state that a stopped stack has left in its home. */
export async function dumpState(home: string): Promise<State> {
  const server = await startDatabase({ home });
  try {
    const connection = await createConnection({
      host: '127.0.0.1',
      port: server.port,
      user: server.admin.user,
      password: server.admin.password,
      database: 'inventory',
      rowsAsArray: true,
      dateStrings: true,
      decimalNumbers: false,
    });
    const state: Record<string, { rows: number; hash: string }> = {};
    for (const [name, sql] of Object.entries(STATE)) {
      const [rows] = await connection.query<import('mysql2').RowDataPacket[]>(sql);
      state[name] = {
        rows: rows.length,
        hash: createHash('sha256').update(JSON.stringify(rows)).digest('hex'),
      };
    }
    await connection.end();
    return state;
  } finally {
    await server.stop();
  }
}
