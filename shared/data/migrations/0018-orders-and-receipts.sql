-- What comes of orders: refused, cancelled, brought back; stock counted; goods that were ordered and came.

ALTER TABLE orders
  -- of the request that made it, so that the same request again is known; null for imported orders
  ADD COLUMN content_hash CHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;

-- Order lines that were refused because stock was short: asked for, and sold to nobody.
CREATE TABLE lost_sale (
  order_id    VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  line_no     INT NOT NULL,
  product_id  VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location_id VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  day         DATE NOT NULL,
  -- units of the line, and how many there were for all lines of the order with this product
  asked       INT NOT NULL,
  available   BIGINT NOT NULL,
  price       DECIMAL(12, 4) NOT NULL,
  source      VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  actor       VARCHAR(100) NOT NULL,
  recorded_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (order_id, line_no),
  KEY lost_sale_day (day),
  KEY lost_sale_product (product_id, day),
  CONSTRAINT lost_sale_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id),
  CONSTRAINT lost_sale_location_fk FOREIGN KEY (location_id) REFERENCES location (location_id),
  CONSTRAINT lost_sale_asked CHECK (asked > 0)
);

CREATE TABLE order_return (
  return_id    VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  order_id     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  returned_at  DATETIME(3) NOT NULL,
  actor        VARCHAR(100) NOT NULL,
  content_hash CHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  recorded_at  DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  KEY order_return_order (order_id),
  CONSTRAINT order_return_order_fk FOREIGN KEY (order_id) REFERENCES orders (order_id)
);

CREATE TABLE order_return_line (
  return_id      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  line_no        INT NOT NULL,
  sale_id        VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  product_id     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location_id    VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- of returned_at
  day            DATE NOT NULL,
  quantity       INT NOT NULL,
  -- one of eight; see shared/core/inventory/return-reasons.ts
  reason         VARCHAR(24) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- resellable, damaged
  item_condition VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  refund_amount  DECIMAL(14, 4) NOT NULL,
  PRIMARY KEY (return_id, line_no),
  KEY order_return_line_sale (sale_id),
  KEY order_return_line_day (day, refund_amount, quantity),
  CONSTRAINT order_return_line_fk FOREIGN KEY (return_id) REFERENCES order_return (return_id),
  CONSTRAINT order_return_line_quantity CHECK (quantity > 0 AND refund_amount >= 0)
);

-- A sheet of products to count at one location.
CREATE TABLE stock_count (
  count_id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  location_id       VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- 1: who counts does not see what should be there
  is_blind          TINYINT(1) NOT NULL,
  -- open, closed, cancelled
  status            VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- a line that differs by at most this share of what should be there counts as accurate
  tolerance_percent DECIMAL(5, 2) NOT NULL,
  opened_by         VARCHAR(100) NOT NULL,
  opened_at         DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  closed_by         VARCHAR(100) NULL,
  closed_at         DATETIME(3) NULL,
  reason            VARCHAR(255) NULL,
  KEY stock_count_status (status, count_id),
  CONSTRAINT stock_count_location_fk FOREIGN KEY (location_id) REFERENCES location (location_id)
);

CREATE TABLE stock_count_line (
  count_id   BIGINT NOT NULL,
  product_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  counted    BIGINT NULL,
  counted_at DATETIME(3) NULL,
  counted_by VARCHAR(100) NULL,
  -- set when the sheet is closed: the ledger's level at counted_at, and the cost of a unit
  expected   BIGINT NULL,
  unit_cost  DECIMAL(12, 4) NULL,
  PRIMARY KEY (count_id, product_id),
  KEY stock_count_line_day (counted_at, product_id),
  CONSTRAINT stock_count_line_count_fk FOREIGN KEY (count_id) REFERENCES stock_count (count_id),
  CONSTRAINT stock_count_line_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id),
  CONSTRAINT stock_count_line_counted CHECK (counted >= 0)
);

-- Goods that came for a purchase order. Only a receipt changes stock.
CREATE TABLE purchase_receipt (
  receipt_id        VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  purchase_order_id BIGINT NOT NULL,
  received_at       DATETIME(3) NOT NULL,
  actor             VARCHAR(100) NOT NULL,
  -- 1: more than was ordered came, and the receiver took it knowingly
  accept_over       TINYINT(1) NOT NULL DEFAULT 0,
  content_hash      CHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  recorded_at       DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  KEY purchase_receipt_order (purchase_order_id),
  CONSTRAINT purchase_receipt_order_fk FOREIGN KEY (purchase_order_id) REFERENCES purchase_order (purchase_order_id)
);

CREATE TABLE purchase_receipt_line (
  receipt_id        VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  product_id        VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  purchase_order_id BIGINT NOT NULL,
  -- what came, the damaged units among it
  quantity          INT NOT NULL,
  damaged           INT NOT NULL DEFAULT 0,
  PRIMARY KEY (receipt_id, product_id),
  KEY purchase_receipt_line_order (purchase_order_id, product_id),
  CONSTRAINT purchase_receipt_line_fk FOREIGN KEY (receipt_id) REFERENCES purchase_receipt (receipt_id),
  CONSTRAINT purchase_receipt_line_order_fk FOREIGN KEY (purchase_order_id, product_id)
    REFERENCES purchase_order_line (purchase_order_id, product_id),
  CONSTRAINT purchase_receipt_line_quantity CHECK (quantity > 0 AND damaged >= 0 AND damaged <= quantity)
);

ALTER TABLE purchase_order_line
  -- units beyond the quantity that the tolerance or a person allowed to come
  ADD COLUMN quantity_over INT NOT NULL DEFAULT 0;

ALTER TABLE purchase_order
  -- draft, approved, partially_received, received, closed (nothing more is expected), cancelled
  ADD COLUMN closed_by VARCHAR(100) NULL,
  ADD COLUMN closed_at DATETIME(3) NULL,
  ADD COLUMN close_reason VARCHAR(255) NULL;
