-- What came in, what was done about it, and what is still to be announced.

CREATE TABLE import_job (
  -- derived from bucket, key and ETag: the same object is the same import
  import_id      CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  object_key     VARCHAR(1024) NOT NULL,
  object_etag    VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  object_size    BIGINT NOT NULL,
  content_sha256 CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  encoding       VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  format         VARCHAR(40) NULL,
  -- running, done, failed (nothing usable in the file), duplicate (same content as an earlier import)
  status         VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- why it failed, or which import it repeats
  detail         VARCHAR(1000) NULL,
  -- chunks committed so far, always in order: what is to be done next after an interruption
  chunks_done    INT NOT NULL DEFAULT 0,
  total_rows     INT NOT NULL DEFAULT 0,
  imported_rows  INT NOT NULL DEFAULT 0,
  -- rows already recorded by an earlier import
  duplicate_rows INT NOT NULL DEFAULT 0,
  -- kept as orders but neither stock nor demand
  excluded_rows  INT NOT NULL DEFAULT 0,
  rejected_rows  INT NOT NULL DEFAULT 0,
  -- lines that sold more than the ledger knew of
  shortages      INT NOT NULL DEFAULT 0,
  -- further counts by kind, as JSON
  counts         JSON NULL,
  rejects_key    VARCHAR(1024) NULL,
  first_date     DATE NULL,
  last_date      DATE NULL,
  started_at     DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at     DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  finished_at    DATETIME(3) NULL,
  KEY import_job_content (content_sha256),
  KEY import_job_started (started_at)
);

-- A chunk of an import and what it did; written in the transaction that did it.
CREATE TABLE import_chunk (
  import_id CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  chunk_no  INT NOT NULL,
  counts    JSON NOT NULL,
  -- rejections that only the database could know, for a report that is right after a resume too
  rejects   JSON NOT NULL,
  PRIMARY KEY (import_id, chunk_no),
  CONSTRAINT import_chunk_job_fk FOREIGN KEY (import_id) REFERENCES import_job (import_id)
);

-- Messages whose effect is committed: (consumer, key) is done once.
CREATE TABLE inbox (
  consumer     VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  message_key  VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  processed_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (consumer, message_key)
);

-- Events to announce after the commit that caused them.
CREATE TABLE outbox (
  outbox_id    BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  event_id     CHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  envelope     JSON NOT NULL,
  created_at   DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  UNIQUE KEY outbox_event (event_id)
);

-- Answers to POSTs that carried an Idempotency-Key.
CREATE TABLE idempotency (
  username        VARCHAR(100) NOT NULL,
  idempotency_key VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  request_hash    CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  status_code     INT NOT NULL,
  body            MEDIUMTEXT NOT NULL,
  created_at      DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (username, idempotency_key)
);

CREATE TABLE alert (
  alert_id   BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  -- one open alert per cause
  alert_key  VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  alert_type VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  level      VARCHAR(10) NOT NULL,
  title      VARCHAR(200) NOT NULL,
  message    VARCHAR(1000) NOT NULL,
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  UNIQUE KEY alert_cause (alert_key)
);

-- Browsers that listen.
CREATE TABLE stream_connection (
  connection_id VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  username      VARCHAR(100) NOT NULL,
  channels      VARCHAR(200) NOT NULL,
  connected_at  DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
);

-- A one-time pass to open a WebSocket, so that no token travels in an address.
CREATE TABLE stream_ticket (
  ticket     CHAR(43) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  username   VARCHAR(100) NOT NULL,
  expires_at DATETIME(3) NOT NULL
);
