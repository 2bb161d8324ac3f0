-- When items were out of stock is read from the ledger day by day: from an index that says all that is needed.

ALTER TABLE inventory_log
  -- 1: the ledger learnt how much there is, or that more came; 2: something was taken that it did not know of
  ADD COLUMN knowledge TINYINT AS (
    CASE WHEN change_type IN ('opening', 'receipt') THEN 1
         WHEN change_type = 'adjustment' AND reason = 'stock count' THEN 1
         WHEN change_type = 'adjustment' AND reason = 'unexplained shortage' THEN 2
         ELSE 0 END) VIRTUAL,
  DROP KEY inventory_log_position,
  ADD KEY inventory_log_position (product_id, warehouse, date, quantity_change, knowledge);
