-- Businesses that are invented day by day into the same ledger.

CREATE TABLE simulation (
  -- begins the ids of all that it makes
  simulation_id  VARCHAR(24) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  -- as it was asked for; defaults are the program's
  config         JSON NOT NULL,
  days           INT NOT NULL,
  -- days that are in the ledger; what is asked for again goes on from here
  days_done      INT NOT NULL DEFAULT 0,
  -- running, done, cancelled (what is in the ledger stays)
  status         VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'running',
  -- at most one runs
  running_key    TINYINT AS (CASE WHEN status = 'running' THEN 1 END) VIRTUAL,
  -- the state after so many days, gzip and base64; only saves doing them again
  checkpoint_day INT NOT NULL DEFAULT 0,
  checkpoint     MEDIUMTEXT NULL,
  products       INT NOT NULL DEFAULT 0,
  orders         INT NOT NULL DEFAULT 0,
  sales          INT NOT NULL DEFAULT 0,
  units          BIGINT NOT NULL DEFAULT 0,
  refunds        INT NOT NULL DEFAULT 0,
  lost_units     BIGINT NOT NULL DEFAULT 0,
  movements      INT NOT NULL DEFAULT 0,
  -- of each day with the one before it; empty before the first
  ledger_chain   CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  requested_by   VARCHAR(128) NOT NULL,
  created_at     DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at     DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  finished_at    DATETIME(3) NULL,
  UNIQUE KEY simulation_running (running_key),
  KEY simulation_created (created_at, simulation_id)
);
