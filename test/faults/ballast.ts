import { type Database, json } from '../../shared/data/sql/database.ts';

const ROWS = 3_000;
/** Numbers of one statement. */
const PAGE = 1_000;

/**
 * Fills the tables with rows of nobody, so that the server's plans, and with them the locks that a statement takes, are
 * those of a database in use, and the same whether a schedule is the first or the thousandth in it.
 */
export async function plantBallast(database: Database): Promise<void> {
  for (let from = 0; from < ROWS; from += PAGE) {
    const rows = json(Array.from({ length: PAGE }, (_, i) => String(from + i).padStart(6, '0')));
    const numbers = `JSON_TABLE(:rows, '$[*]' COLUMNS (id CHAR(6) PATH '$')) AS j`;
    for (const statement of STATEMENTS) await database.write(`${statement} FROM ${numbers}`, { rows });
  }
}

const STATEMENTS = [
  `INSERT INTO products (product_id, product_name) SELECT CONCAT('!', j.id), j.id`,
  `INSERT INTO customer (customer_id, name) SELECT CONCAT('!', j.id), j.id`,
  `INSERT INTO stock (product_id, location_id, stock_level) SELECT CONCAT('!', j.id), 'MAIN', 0`,
  `INSERT INTO orders (order_id, order_date, order_status, source)
   SELECT CONCAT('!', j.id), '2011-01-01', 'Delivered', 'ballast'`,
  `INSERT INTO sales (sale_id, order_id, product_id, location, date, kind, quantity_sold, sale_price, total_amount,
                      content_hash)
   SELECT CONCAT('!', j.id, ':1'), CONCAT('!', j.id), CONCAT('!', j.id), 'MAIN', '2011-01-01', 'sale', 1, 1, 1, '-'`,
  `INSERT INTO inventory_log (product_id, warehouse, date, quantity_change, stock_level, change_type, actor,
                              movement_key)
   SELECT CONCAT('!', j.id), 'MAIN', '2011-01-01', 1, 1, 'opening', 'ballast', CONCAT('opening:!', j.id)`,
  `INSERT INTO inventory_log (product_id, warehouse, date, quantity_change, stock_level, change_type, actor,
                              movement_key, reference_id)
   SELECT CONCAT('!', j.id), 'MAIN', '2011-01-01', -1, 0, 'sale', 'ballast', CONCAT('sale:!', j.id, ':1'),
          CONCAT('!', j.id, ':1')`,
  `INSERT INTO demand (product_id, location_id, date, quantity, sale_lines, revenue)
   SELECT CONCAT('!', j.id), 'MAIN', '2011-01-01', 1, 1, 1`,
  `INSERT INTO import_job (import_id, object_key, object_etag, object_size, content_sha256, status)
   SELECT CONCAT('!', j.id), j.id, j.id, 1, j.id, 'failed'`,
  `INSERT INTO import_chunk (import_id, chunk_no, counts, rejects) SELECT CONCAT('!', j.id), 0, '{}', '[]'`,
  `INSERT INTO inbox (consumer, message_key) SELECT 'ballast', j.id`,
  `INSERT INTO idempotency (username, idempotency_key, request_hash, status_code, body)
   SELECT 'ballast', j.id, j.id, 200, ''`,
];
