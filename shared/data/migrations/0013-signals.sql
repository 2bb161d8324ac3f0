-- What moves demand from outside: prices, promotions, events, weather, markets. Inputs of the model of many series.

CREATE TABLE demand_signal (
  signal_id  BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  -- signals of one name are one input: the most specific one of a series counts
  name       VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- promotion, event: 0 on days without a value; price, weather, market, other: the newest value goes on
  kind       VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- all, location, category, product; and which one, empty for all
  scope      VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  scope_key  VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- what is known of it after the planning day: known, carried, lagged, none
  future     VARCHAR(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  created_by VARCHAR(100) NULL,
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  UNIQUE KEY demand_signal_name (name, scope, scope_key),
  KEY demand_signal_scope (scope, scope_key)
);

CREATE TABLE demand_signal_value (
  signal_id BIGINT NOT NULL,
  day       DATE NOT NULL,
  value     DOUBLE NOT NULL,
  PRIMARY KEY (signal_id, day),
  CONSTRAINT demand_signal_value_fk FOREIGN KEY (signal_id) REFERENCES demand_signal (signal_id) ON DELETE CASCADE
);

ALTER TABLE forecast_model
  -- where its known inputs came from, as a JSON list: a plan uses a model only while it has all of them
  ADD COLUMN inputs VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '[]';
