-- Forecasts of a run in the order in which they are listed: the rows carry kilobytes of model and path.

CREATE INDEX forecast_largest ON forecast (run_id, forecast_qty DESC, product_id, location_id);
