-- Lots: goods that came together and may be sold until the same day. What is left of them follows from the ledger.

CREATE TABLE stock_lot (
  lot_id        BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  product_id    VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location_id   VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  lot_code      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- the last day on which it may be sold; null when it keeps
  expiry_date   DATE NULL,
  -- of its first delivery
  received_date DATE NOT NULL,
  unit_cost     DECIMAL(12, 4) NULL,
  created_by    VARCHAR(100) NOT NULL,
  created_at    DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  UNIQUE KEY stock_lot_code (product_id, location_id, lot_code),
  KEY stock_lot_expiry (expiry_date, lot_id),
  CONSTRAINT stock_lot_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id),
  CONSTRAINT stock_lot_location_fk FOREIGN KEY (location_id) REFERENCES location (location_id)
);

-- Movements that name their lot: what brought it, and what was written off. All others take by first expired, first out.
CREATE TABLE lot_movement (
  log_id BIGINT NOT NULL PRIMARY KEY,
  lot_id BIGINT NOT NULL,
  KEY lot_movement_lot (lot_id, log_id),
  CONSTRAINT lot_movement_log_fk FOREIGN KEY (log_id) REFERENCES inventory_log (log_id),
  CONSTRAINT lot_movement_lot_fk FOREIGN KEY (lot_id) REFERENCES stock_lot (lot_id)
);
