-- Imports that can be checked first, watched, judged and undone; and files whose columns somebody explained.

ALTER TABLE import_job
  -- short enough to stand on every line that the import brought
  ADD COLUMN import_no   INT NOT NULL AUTO_INCREMENT UNIQUE,
  -- 1: nothing was written but this job and its rejects
  ADD COLUMN dry_run     TINYINT(1) NOT NULL DEFAULT 0,
  -- of a file that no format fits: its headers, to make a mapping of
  ADD COLUMN headers     JSON NULL,
  -- what a person said about the file: encoding and style
  ADD COLUMN options     JSON NULL,
  -- surveying, importing, undoing; null once it has ended
  ADD COLUMN stage       VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  -- bytes of the object and rows of the file that are done
  ADD COLUMN bytes_done  BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN rows_done   INT NOT NULL DEFAULT 0,
  -- what the rows were worth, by rule
  ADD COLUMN quality     JSON NULL,
  -- the newest movement of the ledger when the import began: its own are later
  ADD COLUMN log_before  BIGINT NULL,
  -- movements from here on are taken back; null before the undo comes to them
  ADD COLUMN undo_below  BIGINT NULL,
  ADD COLUMN undone_by   VARCHAR(100) NULL,
  ADD COLUMN undo_reason VARCHAR(255) NULL,
  ADD COLUMN undone_at   DATETIME(3) NULL;

ALTER TABLE import_chunk
  -- the newest movement of the ledger at its end: its own are not later
  ADD COLUMN log_upto BIGINT NULL;

-- kind 'undone': a line whose import was undone; it may be imported again
ALTER TABLE sales
  -- the import that brought the values that the line has now; null for lines from elsewhere
  ADD COLUMN import_no  INT NULL,
  -- how often the line was booked: the second time its movements have keys that end in #2
  ADD COLUMN generation SMALLINT NOT NULL DEFAULT 1,
  ADD KEY sales_import (import_no, sale_id);

-- What a line said before an import of a later state of its order replaced it.
CREATE TABLE sales_revision (
  sale_id     VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  revision_no INT NOT NULL AUTO_INCREMENT UNIQUE,
  -- whose values these were
  import_no   INT NULL,
  line        JSON NOT NULL,
  replaced_by INT NOT NULL,
  replaced_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (sale_id, revision_no),
  CONSTRAINT sales_revision_sale_fk FOREIGN KEY (sale_id) REFERENCES sales (sale_id)
);

-- How the columns of files of other systems are read.
CREATE TABLE import_mapping (
  mapping_id  CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  name        VARCHAR(100) NOT NULL,
  -- of the set of headers, whatever their order and letter case
  fingerprint CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  headers     JSON NOT NULL,
  template    VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- template column -> a header of the file, or a value
  columns     JSON NOT NULL,
  -- what is known of decimal mark, order of dates and time zone; the rest is found in each file
  style       JSON NOT NULL,
  encoding    VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  created_by  VARCHAR(100) NOT NULL,
  created_at  DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  UNIQUE KEY import_mapping_headers (fingerprint)
);
