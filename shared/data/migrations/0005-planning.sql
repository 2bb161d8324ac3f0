-- Plans: runs, forecasts, what to order, and the orders themselves.

CREATE TABLE forecast_run (
  run_id         CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  -- grows with every run: the larger is the newer
  run_no         BIGINT NOT NULL AUTO_INCREMENT,
  -- schedule, import, api
  cause          VARCHAR(12) NOT NULL,
  -- last day whose demand the run may know
  as_of          DATE NOT NULL,
  -- hash of ledger position, configuration, code version and seed: equal hashes give equal plans
  plan_hash      CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  settings       JSON NOT NULL,
  series         INT NOT NULL,
  chunks         INT NOT NULL,
  chunks_done    INT NOT NULL DEFAULT 0,
  -- forecasting, restocking, done, superseded (a newer run finished first)
  status         VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  created_at     DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  finished_at    DATETIME(3) NULL,
  UNIQUE KEY forecast_run_no (run_no)
);

-- The series of one message: first and last inclusive, in the order of (product_id, location_id).
CREATE TABLE forecast_chunk (
  run_id      CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  chunk_no    INT NOT NULL,
  series_keys JSON NOT NULL,
  is_done     TINYINT(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, chunk_no),
  CONSTRAINT forecast_chunk_run_fk FOREIGN KEY (run_id) REFERENCES forecast_run (run_id) ON DELETE CASCADE
);

-- One row per series and run; quantities in units, money nowhere.
CREATE TABLE forecast (
  forecast_id     BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  run_id          CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  product_id      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location_id     VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- first day of the first period forecast
  forecast_date   DATE NOT NULL,
  -- days per period, and number of periods
  period_days     INT NOT NULL,
  horizon         INT NOT NULL,
  -- mean of the sum over the horizon, and its 95 % interval
  forecast_qty    DOUBLE NOT NULL,
  confidence_low  DOUBLE NOT NULL,
  confidence_high DOUBLE NOT NULL,
  model_used      VARCHAR(40) NOT NULL,
  demand_class    VARCHAR(16) NOT NULL,
  -- {"mean":[...],"quantiles":{"0.025":[...],...}} per period
  path            JSON NOT NULL,
  -- the fitted model, at most 2 KB
  state           JSON NOT NULL,
  mae             DOUBLE NULL,
  rmse            DOUBLE NULL,
  UNIQUE KEY forecast_series (run_id, product_id, location_id),
  KEY forecast_product (product_id, location_id, run_id),
  CONSTRAINT forecast_run_of_fk FOREIGN KEY (run_id) REFERENCES forecast_run (run_id) ON DELETE CASCADE,
  CONSTRAINT forecast_product_of_fk FOREIGN KEY (product_id) REFERENCES products (product_id)
);

CREATE TABLE purchase_order (
  purchase_order_id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  supplier_id       VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location_id       VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- draft, approved, cancelled
  status            VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- at most one draft per supplier and location
  draft_key         VARCHAR(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                    AS (CASE WHEN status = 'draft' THEN CONCAT(supplier_id, '|', location_id) ELSE NULL END) STORED,
  created_at        DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  expected_date     DATE NULL,
  approved_by       VARCHAR(100) NULL,
  approved_at       DATETIME(3) NULL,
  UNIQUE KEY purchase_order_draft (draft_key),
  KEY purchase_order_status (status, purchase_order_id),
  CONSTRAINT purchase_order_supplier_fk FOREIGN KEY (supplier_id) REFERENCES supplier (supplier_id),
  CONSTRAINT purchase_order_location_fk FOREIGN KEY (location_id) REFERENCES location (location_id)
);

CREATE TABLE purchase_order_line (
  purchase_order_id BIGINT NOT NULL,
  product_id        VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  quantity          INT NOT NULL,
  quantity_received INT NOT NULL DEFAULT 0,
  unit_cost         DECIMAL(12, 4) NOT NULL,
  PRIMARY KEY (purchase_order_id, product_id),
  KEY purchase_order_line_product (product_id),
  CONSTRAINT purchase_order_line_order_fk FOREIGN KEY (purchase_order_id) REFERENCES purchase_order (purchase_order_id) ON DELETE CASCADE,
  CONSTRAINT purchase_order_line_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id),
  CONSTRAINT purchase_order_line_quantity CHECK (quantity > 0)
);

CREATE TABLE suggestion (
  suggestion_id     BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  run_id            CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  product_id        VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location_id       VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  supplier_id       VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- open, ordered, withdrawn (the need went away), dismissed
  status            VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- one open suggestion per need
  open_key          VARCHAR(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                    AS (CASE WHEN status = 'open' THEN CONCAT(product_id, '|', location_id) ELSE NULL END) STORED,
  quantity          INT NOT NULL,
  unit_cost         DECIMAL(12, 4) NOT NULL,
  order_by          DATE NOT NULL,
  purchase_order_id BIGINT NULL,
  -- every number behind the quantity, with its source
  explanation       JSON NOT NULL,
  created_at        DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at        DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  UNIQUE KEY suggestion_need (open_key),
  KEY suggestion_supplier (status, supplier_id, suggestion_id),
  KEY suggestion_order (purchase_order_id),
  CONSTRAINT suggestion_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id),
  CONSTRAINT suggestion_supplier_fk FOREIGN KEY (supplier_id) REFERENCES supplier (supplier_id),
  CONSTRAINT suggestion_purchase_order_fk FOREIGN KEY (purchase_order_id) REFERENCES purchase_order (purchase_order_id) ON DELETE SET NULL,
  CONSTRAINT suggestion_quantity CHECK (quantity > 0)
);
