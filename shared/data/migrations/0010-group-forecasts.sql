-- Forecasts of what products add up to: each category, and all together.

CREATE TABLE group_forecast (
  run_id          CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- category, total
  group_level     VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- the category as products write it; empty for the total
  group_key       VARCHAR(100) NOT NULL,
  -- members: product x location
  series          INT NOT NULL,
  -- first day of the first period forecast
  forecast_date   DATE NOT NULL,
  -- days per period, number of periods, and the first of them in which means are sums of the members' means
  period_days     INT NOT NULL,
  horizon         INT NOT NULL,
  summed_periods  INT NOT NULL,
  -- mean of the sum over the summed periods, and its 95 % interval
  forecast_qty    DOUBLE NOT NULL,
  confidence_low  DOUBLE NOT NULL,
  confidence_high DOUBLE NOT NULL,
  model_used      VARCHAR(40) NOT NULL,
  demand_class    VARCHAR(16) NOT NULL,
  -- units of past periods, oldest first, the last one ends on the day before the forecast
  history         JSON NOT NULL,
  -- {"mean":[...],"quantiles":{"0.025":[...],...},"sums":{...}} per period; sums run from the first period on
  path            JSON NOT NULL,
  -- {"shares":[7],"low95":[...],"high95":[...]}: of a period's mean, and the interval of each day
  days            JSON NOT NULL,
  -- the fitted model of the group itself, at most 2 KB
  state           JSON NOT NULL,
  mae             DOUBLE NULL,
  rmse            DOUBLE NULL,
  PRIMARY KEY (run_id, group_level, group_key),
  CONSTRAINT group_forecast_run_fk FOREIGN KEY (run_id) REFERENCES forecast_run (run_id) ON DELETE CASCADE
);
