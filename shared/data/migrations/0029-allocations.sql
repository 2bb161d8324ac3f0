-- Who divided what among what, by which rule, and what came of it; and what of space and load a unit takes.

ALTER TABLE products
  -- cubic metres and kilograms of one unit, or other measures, the same for all products; null: nobody said
  ADD COLUMN unit_volume DECIMAL(14, 6) NULL,
  ADD COLUMN unit_weight DECIMAL(14, 6) NULL;

CREATE TABLE allocation (
  allocation_id CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  allocation_no BIGINT NOT NULL AUTO_INCREMENT,
  -- suggestions, products
  of_what       VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  strategy      VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- proposed, applied
  status        VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- the request with all its defaults, and the sums that it led to
  asked         JSON NOT NULL,
  outcome       JSON NOT NULL,
  line_count    INT NOT NULL,
  as_of         DATE NULL,
  -- whose forecasts were used
  run_id        CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  created_by    VARCHAR(128) NOT NULL,
  created_at    DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  applied_by    VARCHAR(128) NULL,
  applied_at    DATETIME(3) NULL,
  UNIQUE KEY allocation_newest (allocation_no)
);

-- No foreign keys: a line tells what was decided, whatever becomes of its suggestion.
CREATE TABLE allocation_line (
  allocation_id   CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- place in the ranking, from 1
  line_no         INT NOT NULL,
  suggestion_id   BIGINT NULL,
  product_id      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location_id     VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  supplier_id     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  -- null where there was no suggestion
  wanted          INT NULL,
  quantity        INT NOT NULL,
  unit_cost       DECIMAL(12, 4) NULL,
  -- what the gains stand on: forecast, need; null for shares
  basis           VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  is_margin_known TINYINT(1) NOT NULL DEFAULT 1,
  -- money: of the quantity, of what was wanted, of the last unit given and of the next
  gain            DOUBLE NULL,
  wanted_gain     DOUBLE NULL,
  last_gain       DOUBLE NULL,
  next_gain       DOUBLE NULL,
  -- gain of the first step for what it uses of the limits at their prices; 1 is at the cut
  worth           DOUBLE NULL,
  -- edited, postponed, unchanged, skipped; null before it is applied
  applied         VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  PRIMARY KEY (allocation_id, line_no),
  CONSTRAINT allocation_line_fk FOREIGN KEY (allocation_id) REFERENCES allocation (allocation_id) ON DELETE CASCADE
);
