-- A ledger that is read by two times, takes each movement back at most once, and knows what is promised and under way.

ALTER TABLE stock
  -- when the newest movement of the position was recorded: no later one is recorded before it
  ADD COLUMN recorded_at DATETIME(3) NOT NULL DEFAULT '1970-01-01 00:00:00.000';

UPDATE stock s
  JOIN (SELECT product_id, warehouse, MAX(recorded_at) AS recorded_at
          FROM inventory_log
         GROUP BY product_id, warehouse) AS l
    ON l.product_id = s.product_id AND l.warehouse = s.location_id
   SET s.recorded_at = l.recorded_at;

-- At most one reversal takes a movement back, and what it takes back exists.
ALTER TABLE inventory_log
  ADD UNIQUE KEY inventory_log_reverses (reverses_log_id),
  ADD CONSTRAINT inventory_log_reverses_fk FOREIGN KEY (reverses_log_id) REFERENCES inventory_log (log_id);

-- All movements of a transfer, an order line or a count.
ALTER TABLE inventory_log
  ADD KEY inventory_log_reference (reference_id);

-- Counts and arrivals from elsewhere tell the ledger what is there, as openings and receipts do.
ALTER TABLE inventory_log
  MODIFY COLUMN knowledge TINYINT AS (
    CASE WHEN change_type IN ('opening', 'receipt', 'count', 'transfer_in') THEN 1
         WHEN change_type = 'adjustment' AND reason = 'stock count' THEN 1
         WHEN change_type = 'adjustment' AND reason = 'unexplained shortage' THEN 2
         ELSE 0 END) VIRTUAL;

-- Goods on their way from one location to another.
CREATE TABLE transfer (
  transfer_id   VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  from_location VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  to_location   VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- in_transit, received, cancelled (the rest went back), closed (the rest is lost)
  status        VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  reason        VARCHAR(255) NULL,
  -- why it was cancelled or closed short
  end_reason    VARCHAR(255) NULL,
  -- when the goods left
  shipped_at    DATETIME(3) NOT NULL,
  -- arrivals so far: names their movements
  arrivals      INT NOT NULL DEFAULT 0,
  created_by    VARCHAR(100) NOT NULL,
  created_at    DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  ended_by      VARCHAR(100) NULL,
  ended_at      DATETIME(3) NULL,
  KEY transfer_status (status, transfer_id),
  KEY transfer_created (created_at, transfer_id),
  CONSTRAINT transfer_from_fk FOREIGN KEY (from_location) REFERENCES location (location_id),
  CONSTRAINT transfer_to_fk FOREIGN KEY (to_location) REFERENCES location (location_id)
);

-- Of what left, units that arrived, went back or were lost; what remains is in transit.
CREATE TABLE transfer_line (
  transfer_id       VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  product_id        VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- names the movements
  line              INT NOT NULL,
  quantity          INT NOT NULL,
  quantity_received INT NOT NULL DEFAULT 0,
  quantity_returned INT NOT NULL DEFAULT 0,
  quantity_lost     INT NOT NULL DEFAULT 0,
  PRIMARY KEY (transfer_id, product_id),
  KEY transfer_line_product (product_id, transfer_id),
  CONSTRAINT transfer_line_transfer_fk FOREIGN KEY (transfer_id) REFERENCES transfer (transfer_id),
  CONSTRAINT transfer_line_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id),
  CONSTRAINT transfer_line_whole CHECK (quantity > 0 AND quantity_received >= 0 AND quantity_returned >= 0
    AND quantity_lost >= 0 AND quantity_received + quantity_returned + quantity_lost <= quantity)
);

-- Units promised and not yet taken: stock.committed is the sum of quantity_open.
CREATE TABLE reservation (
  reservation_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  product_id     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location_id    VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  quantity       INT NOT NULL,
  -- 0 once it is not open any more
  quantity_open  INT NOT NULL,
  quantity_taken INT NOT NULL DEFAULT 0,
  -- open, consumed, released, expired
  status         VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- for whom, or what: an order to come, a cart
  reference      VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  -- by the database's clock; null never
  expires_at     DATETIME(3) NULL,
  created_by     VARCHAR(100) NOT NULL,
  created_at     DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  ended_by       VARCHAR(100) NULL,
  ended_at       DATETIME(3) NULL,
  KEY reservation_position (product_id, location_id, status),
  KEY reservation_expiry (status, expires_at),
  KEY reservation_created (created_at, reservation_id),
  CONSTRAINT reservation_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id),
  CONSTRAINT reservation_location_fk FOREIGN KEY (location_id) REFERENCES location (location_id),
  CONSTRAINT reservation_whole CHECK (quantity > 0 AND quantity_open >= 0 AND quantity_taken >= 0
    AND quantity_open + quantity_taken <= quantity)
);
