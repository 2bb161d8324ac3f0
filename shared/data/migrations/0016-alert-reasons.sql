-- What an alert is about beyond its key, for those whose words hold figures that change.

ALTER TABLE alert
  -- as the week and the faults of forecasts that have drifted: a person who closed it has dealt with those. Null for none
  ADD COLUMN reason VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;
