-- How good forecasts were: what was forecast a while ago beside what came, week by week.

-- The runs whose forecasts are kept until their weeks are over: of each week the newest one of its first day.
CREATE TABLE accuracy_origin (
  -- last day that the forecasts knew
  as_of   DATE NOT NULL PRIMARY KEY,
  -- Monday of the week of as_of
  week    DATE NOT NULL,
  run_id  CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  run_no  BIGINT NOT NULL,
  series  INT NOT NULL,
  kept_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  UNIQUE KEY accuracy_origin_week (week)
);

-- The series of an origin, some thousand a row, in the order of (product_id, location_id).
CREATE TABLE accuracy_part (
  as_of          DATE NOT NULL,
  part           INT NOT NULL,
  first_product  VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  first_location VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- [[product, location, category, class of demand, model], ...]
  series         JSON NOT NULL,
  PRIMARY KEY (as_of, part),
  CONSTRAINT accuracy_part_origin_fk FOREIGN KEY (as_of) REFERENCES accuracy_origin (as_of) ON DELETE CASCADE
);

-- What an origin forecast for one of its weeks, for the series of one part and in their order.
CREATE TABLE accuracy_sheet (
  as_of      DATE NOT NULL,
  -- weeks ahead
  lag        INT NOT NULL,
  part       INT NOT NULL,
  -- last day of the week
  bucket_end DATE NOT NULL,
  -- {"mean":[...],"naive":[...],"quantiles":{"0.1":[...],...}}
  forecasts  JSON NOT NULL,
  -- [units, ...], null where the series was out of stock; no value until the week is closed
  actuals    JSON NULL,
  PRIMARY KEY (as_of, lag, part),
  KEY accuracy_sheet_bucket (bucket_end, lag, part),
  CONSTRAINT accuracy_sheet_part_fk FOREIGN KEY (as_of, part) REFERENCES accuracy_part (as_of, part) ON DELETE CASCADE
);

-- The weeks that were closed, by their last day.
CREATE TABLE accuracy_bucket (
  bucket_end DATE NOT NULL PRIMARY KEY,
  -- Monday of the week of bucket_end
  week       DATE NOT NULL,
  -- of the demand that it was closed with: another one closes it again. Null while it is closed for the first time
  digest     VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  -- its sheets are gone, so that it cannot be closed again
  is_settled TINYINT(1) NOT NULL DEFAULT 0,
  closed_at  DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  KEY accuracy_bucket_week (week)
);

-- Sums over the series of a closed week that were forecast so many weeks ahead: once by category, once by class of demand
-- and once by model, so that the rows are as many as there are names. Units, losses and counts.
CREATE TABLE accuracy_cell (
  bucket_end     DATE NOT NULL,
  lag            INT NOT NULL,
  -- category, class, model
  kind           VARCHAR(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- an empty category is none
  name           VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- series that were judged, and those that were not because they were out of stock
  scored         INT NOT NULL,
  censored       INT NOT NULL,
  actual         DOUBLE NOT NULL,
  -- forecast less actual
  error          DOUBLE NOT NULL,
  absolute_error DOUBLE NOT NULL,
  naive_error    DOUBLE NOT NULL,
  quantile_loss  DOUBLE NOT NULL,
  inside80       INT NOT NULL,
  inside95       INT NOT NULL,
  PRIMARY KEY (bucket_end, lag, kind, name),
  KEY accuracy_cell_lag (kind, lag, bucket_end)
);
