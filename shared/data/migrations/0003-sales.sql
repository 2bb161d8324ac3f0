-- Orders as they came, and the daily demand folded from their lines.

CREATE TABLE orders (
  order_id       VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  customer_id    VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  seller_id      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  order_date     DATETIME(3) NOT NULL,
  order_status   VARCHAR(20) NOT NULL,
  payment_method VARCHAR(50) NULL,
  city           VARCHAR(100) NULL,
  state          VARCHAR(100) NULL,
  country        VARCHAR(100) NULL,
  -- the import or the API call that brought it
  source         VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  created_at     DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  KEY orders_date (order_date, order_id),
  KEY orders_customer (customer_id, order_date)
);

-- One row per order line. kind says what the line does:
--   sale        leaves stock and is demand
--   return      comes back into stock
--   cancelled   never left: neither stock nor demand
--   service     postage, fees: neither stock nor demand
--   adjustment  a stock correction that the source books as a line
CREATE TABLE sales (
  sale_id       VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  order_id      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  customer_id   VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  product_id    VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location      VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  date          DATETIME(3) NOT NULL,
  kind          VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- units, signed as in the source: returns are negative
  quantity_sold INT NOT NULL,
  -- price per unit
  sale_price    DECIMAL(12, 4) NOT NULL,
  discount      DECIMAL(12, 4) NOT NULL DEFAULT 0,
  tax           DECIMAL(12, 4) NOT NULL DEFAULT 0,
  shipping_cost DECIMAL(12, 4) NOT NULL DEFAULT 0,
  total_amount  DECIMAL(14, 4) NOT NULL,
  refunded      TINYINT(1) NOT NULL DEFAULT 0,
  reason        VARCHAR(255) NULL,
  -- on a sale: the cancellation line that took its demand back
  cancelled_by  VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  -- detects the same line recorded again with other values
  content_hash  CHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  KEY sales_match (customer_id, product_id, quantity_sold, date),
  KEY sales_product (product_id, date),
  CONSTRAINT sales_order_fk FOREIGN KEY (order_id) REFERENCES orders (order_id),
  CONSTRAINT sales_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id)
);

-- Units asked for per day: the fold of sale lines that no cancellation took back.
CREATE TABLE demand (
  product_id  VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location_id VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  date        DATE NOT NULL,
  quantity    BIGINT NOT NULL,
  -- number of lines behind the quantity
  sale_lines  INT NOT NULL,
  revenue     DECIMAL(20, 4) NOT NULL,
  PRIMARY KEY (product_id, location_id, date),
  KEY demand_date (date)
);
