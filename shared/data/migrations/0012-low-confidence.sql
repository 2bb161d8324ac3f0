-- Forecasts of products that have just begun, or were never sold: how sure they are, and what they come from.

ALTER TABLE forecast
  -- usual, low
  ADD COLUMN confidence VARCHAR(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'usual',
  -- {"basis":"category","analogs":37,"own_weight":0.2,"initial_stock":40}; null when usual
  ADD COLUMN confidence_reason JSON NULL;
