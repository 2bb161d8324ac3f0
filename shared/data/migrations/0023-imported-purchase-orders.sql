-- Purchase orders that another system made and files tell of; goods that files say came back.

ALTER TABLE purchase_order
  -- its name there; null for orders of ours
  ADD COLUMN reference VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  ADD UNIQUE KEY purchase_order_reference (reference);

ALTER TABLE purchase_order_line
  -- open, or why nothing more of it is expected: closed, cancelled, undone (the import that brought it was)
  ADD COLUMN line_status   VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'open',
  -- of imported orders, which may come line by line; that of the order is the last of them
  ADD COLUMN expected_date DATE NULL,
  -- the import that brought the values that the line has now
  ADD COLUMN import_no     INT NULL,
  ADD KEY purchase_order_line_import (import_no);

-- What a line said before an import of a later state of its order replaced it.
CREATE TABLE purchase_order_revision (
  revision_no       BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  purchase_order_id BIGINT NOT NULL,
  product_id        VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- whose values these were
  import_no         INT NOT NULL,
  quantity          INT NOT NULL,
  unit_cost         DECIMAL(12, 4) NOT NULL,
  expected_date     DATE NULL,
  line_status       VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  replaced_by       INT NOT NULL,
  replaced_at       DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  KEY purchase_order_revision_line (purchase_order_id, product_id, revision_no),
  CONSTRAINT purchase_order_revision_line_fk FOREIGN KEY (purchase_order_id, product_id)
    REFERENCES purchase_order_line (purchase_order_id, product_id) ON DELETE CASCADE
);

ALTER TABLE sales
  -- the day on which goods came back, as the line itself says: see shared/data/net-sales.ts; null for all other lines
  ADD COLUMN back_day DATE
             AS (CASE WHEN kind = 'return'
                        OR (kind = 'sale' AND refunded = 1 AND import_no IS NOT NULL AND cancelled_by IS NULL)
                      THEN CAST(date AS DATE) ELSE NULL END) STORED,
  ADD KEY sales_back (back_day);
