-- For how long the quantity of a suggestion lasts, and why a person made it another one.

ALTER TABLE suggestion
  -- units that are there or come anyway, and mean units a day by the forecast of the plan; null before it was known
  ADD COLUMN cover_from DOUBLE NULL,
  ADD COLUMN daily_demand DOUBLE NULL,
  -- with edited_by
  ADD COLUMN edited_why VARCHAR(255) NULL;

-- Days for which these and the quantity last, whoever has changed it since.
ALTER TABLE suggestion
  ADD COLUMN cover_days DOUBLE AS ((cover_from + quantity) / NULLIF(daily_demand, 0)) STORED;

UPDATE suggestion SET edited_why = decided_why, updated_at = updated_at WHERE edited_by IS NOT NULL AND edited_by = decided_by;

CREATE INDEX suggestion_cover ON suggestion (cover_days DESC, suggestion_id);

CREATE INDEX suggestion_status_cover ON suggestion (status, cover_days DESC, suggestion_id);
