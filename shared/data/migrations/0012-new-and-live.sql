-- How sure a forecast is, and what is learnt between two plans.

ALTER TABLE forecast
  -- usual, low
  ADD COLUMN confidence VARCHAR(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'usual',
  -- {"basis":"category","analogs":37,"own_weight":0.2,"initial_stock":40}; null when usual
  ADD COLUMN confidence_reason JSON NULL;

-- What is learnt of a series between two plans, from its daily demand. Only series with events of their own have a row.
CREATE TABLE live_forecast (
  product_id     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location_id    VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- first and last day that it has learnt
  first_day      DATE NOT NULL,
  closed_through DATE NOT NULL,
  -- weighted sum of the demand of those days: another sum, and they are learnt again
  fingerprint    VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- online (the model below speaks) or nightly (the newest plan does)
  choice         VARCHAR(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- the model, at most 2 KB
  state          JSON NOT NULL,
  updated_at     DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (product_id, location_id),
  KEY live_forecast_closed (closed_through),
  CONSTRAINT live_forecast_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id)
);
