-- Whether the data keep their promises, who changed master data, and seals by which a change of the past is found.

CREATE TABLE audit (
  audit_id      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  -- grows with every audit: the larger was asked for later
  audit_no      BIGINT NOT NULL AUTO_INCREMENT,
  -- schedule, api
  cause         VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  asked_by      VARCHAR(100) NULL,
  -- running, done
  status        VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'running',
  -- the newest movement when the audit began; null before
  ledger_cursor BIGINT NULL,
  -- what is checked next, and the last key of it that is checked
  step          VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  after_key     VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  -- ranges that are checked, and the time that took
  ranges        INT NOT NULL DEFAULT 0,
  duration_ms   BIGINT NOT NULL DEFAULT 0,
  -- how it ended: promises that are broken, and the last link of either chain of seals
  broken        INT NULL,
  ledger_chain  CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  changes_chain CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  started_at    DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  finished_at   DATETIME(3) NULL,
  UNIQUE KEY audit_newest (audit_no)
);

-- One row for each promise of an audit, those that hold included.
CREATE TABLE audit_finding (
  audit_id    VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  promise     VARCHAR(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- rows that break it
  violations  BIGINT NOT NULL,
  -- the first of them, as a JSON list
  examples    TEXT NOT NULL,
  duration_ms BIGINT NOT NULL,
  PRIMARY KEY (audit_id, promise),
  CONSTRAINT audit_finding_audit_fk FOREIGN KEY (audit_id) REFERENCES audit (audit_id) ON DELETE CASCADE
);

-- Every change of master data: who, when, what was there before and what after.
CREATE TABLE audit_log (
  entry_id     BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  recorded_at  DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  actor        VARCHAR(100) NOT NULL,
  -- product, supplier, supplier_item, seller, customer, location, ...
  subject      VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  subject_id   VARCHAR(140) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- create, change, remove, erase
  action       VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  reason       VARCHAR(255) NULL,
  -- JSON objects of the fields that differ; null where there was nothing, or is nothing left
  before_state TEXT NULL,
  after_state  TEXT NULL,
  KEY audit_log_subject (subject, subject_id, entry_id),
  KEY audit_log_actor (actor, entry_id),
  KEY audit_log_time (recorded_at)
);

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit_log is append-only';

CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit_log is append-only';

-- Digests of rows that must never change. Each seal holds the chain of those before it.
CREATE TABLE seal (
  -- inventory_log, audit_log
  log_name  VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  seal_no   INT NOT NULL,
  -- every row of these ids
  first_id  BIGINT NOT NULL,
  last_id   BIGINT NOT NULL,
  row_count INT NOT NULL,
  digest    CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- SHA-256 over the chain of the seal before, the range and the digest
  chain     CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  sealed_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (log_name, seal_no)
);

CREATE TRIGGER seal_no_update BEFORE UPDATE ON seal FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'seal is append-only';

CREATE TRIGGER seal_no_delete BEFORE DELETE ON seal FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'seal is append-only';

ALTER TABLE location
  -- warehouse, store, virtual
  ADD COLUMN location_type VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'warehouse',
  ADD COLUMN is_active TINYINT(1) NOT NULL DEFAULT 1;

-- Thresholds of a product at one location, where they differ from those of the product.
CREATE TABLE stock_rule (
  product_id        VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location_id       VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  reorder_threshold INT NULL,
  reorder_quantity  INT NULL,
  PRIMARY KEY (product_id, location_id),
  CONSTRAINT stock_rule_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id),
  CONSTRAINT stock_rule_location_fk FOREIGN KEY (location_id) REFERENCES location (location_id)
);

ALTER TABLE customer
  -- when what names the person was taken out; orders stay
  ADD COLUMN erased_at DATETIME(3) NULL;
