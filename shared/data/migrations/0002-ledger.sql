-- The truth about stock: inventory_log is append-only; stock is its cached fold.

CREATE TABLE inventory_log (
  log_id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  product_id      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- a location_id; the column keeps the name that the original system gave it
  warehouse       VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- effective time: when it happened
  date            DATETIME(3) NOT NULL,
  quantity_change INT NOT NULL,
  -- level right after this movement, in the order of recording
  stock_level     BIGINT NOT NULL,
  -- opening, receipt, sale, return, adjustment, reversal, ...
  change_type     VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  reason          VARCHAR(255) NULL,
  -- the sale, purchase order or import line behind it
  reference_id    VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  reverses_log_id BIGINT NULL,
  actor           VARCHAR(100) NOT NULL,
  recorded_at     DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  -- the client's name for this movement: the same key is the same movement
  movement_key    VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- invented data of a sample or a simulation
  is_synthetic    TINYINT(1) NOT NULL DEFAULT 0,
  UNIQUE KEY inventory_log_movement_key (movement_key),
  KEY inventory_log_position (product_id, warehouse, date),
  CONSTRAINT inventory_log_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id),
  CONSTRAINT inventory_log_location_fk FOREIGN KEY (warehouse) REFERENCES location (location_id)
);

CREATE TRIGGER inventory_log_no_update BEFORE UPDATE ON inventory_log FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'inventory_log is append-only';

CREATE TRIGGER inventory_log_no_delete BEFORE DELETE ON inventory_log FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'inventory_log is append-only';

CREATE TABLE stock (
  status_id   BIGINT NOT NULL AUTO_INCREMENT,
  product_id  VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location_id VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- units on hand
  stock_level BIGINT NOT NULL DEFAULT 0,
  -- units promised to orders that have not left
  committed   BIGINT NOT NULL DEFAULT 0,
  status_date DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  is_stockout TINYINT(1) AS (CASE WHEN stock_level <= 0 THEN 1 ELSE 0 END) VIRTUAL,
  PRIMARY KEY (product_id, location_id),
  UNIQUE KEY stock_status (status_id),
  CONSTRAINT stock_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id),
  CONSTRAINT stock_location_fk FOREIGN KEY (location_id) REFERENCES location (location_id)
);
