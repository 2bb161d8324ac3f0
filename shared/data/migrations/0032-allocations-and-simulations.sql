-- Which allocation decided a suggestion last, in a column of its own: reasons are people's words.
ALTER TABLE suggestion
  -- null: a person or a rule did
  ADD COLUMN decided_by_allocation CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;

UPDATE suggestion s
  JOIN allocation a ON a.status = 'applied' AND s.decided_why = CONCAT('allocation ', a.allocation_id)
   SET s.decided_by_allocation = a.allocation_id;

ALTER TABLE simulation
  -- why a simulation is failed
  ADD COLUMN failed_why VARCHAR(500) NULL;
