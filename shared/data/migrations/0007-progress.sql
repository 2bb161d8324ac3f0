-- How far a run is, alerts that end, and suggestions in the order in which they are shown.

ALTER TABLE forecast_run
  -- when a chunk was forecast or restocked last: a run that stands still for hours has lost a message
  ADD COLUMN progress_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  -- chunks whose suggestions are made, always in order
  ADD COLUMN chunks_restocked INT NOT NULL DEFAULT 0;

ALTER TABLE alert
  -- null while its reason lasts
  ADD COLUMN closed_at DATETIME(3) NULL,
  -- the person who closed it; null when its reason went away
  ADD COLUMN closed_by VARCHAR(100) NULL;

-- The rows carry kilobytes of explanation: without an index in their order a page reads them all.
ALTER TABLE suggestion
  ADD COLUMN cost DECIMAL(24, 4) AS (quantity * unit_cost) STORED;

CREATE INDEX suggestion_urgency ON suggestion (order_by, cost DESC, suggestion_id);

CREATE INDEX suggestion_status_urgency ON suggestion (status, order_by, cost DESC, suggestion_id);

-- whether anything is open for a product, and the newest suggestion of a series
CREATE INDEX suggestion_series ON suggestion (product_id, location_id, status);

CREATE INDEX suggestion_run ON suggestion (run_id, status);
