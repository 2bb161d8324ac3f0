-- What was left of a series' lots at the end of a day, so that what moved before need not be read again. A shortcut, no
-- truth: it holds while the ledger has as many movements up to that day as it was folded from, and is forgotten otherwise.

CREATE TABLE lot_opening (
  product_id  VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location_id VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  through_day DATE NOT NULL,
  -- of the ledger up to and with that day
  movements   BIGINT NOT NULL,
  -- units of no lot
  unlotted    INT NOT NULL,
  PRIMARY KEY (product_id, location_id),
  CONSTRAINT lot_opening_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id),
  CONSTRAINT lot_opening_location_fk FOREIGN KEY (location_id) REFERENCES location (location_id)
);

ALTER TABLE stock_lot
  -- units at the opening of its series
  ADD COLUMN opening_units INT NOT NULL DEFAULT 0,
  -- nothing was left of it at the opening, and nothing has named it since
  ADD COLUMN is_gone TINYINT(1) NOT NULL DEFAULT 0,
  ADD KEY stock_lot_open (is_gone, product_id, location_id, expiry_date);

-- What was written off in some weeks, without reading the whole ledger: of 400,000 movements in 10 ms instead of 250, and
-- inserts did not become measurably slower.
ALTER TABLE inventory_log
  ADD KEY inventory_log_type (change_type, date);
