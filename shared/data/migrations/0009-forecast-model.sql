-- Models that were learnt from many series at once, and which of them a run forecasts with.

CREATE TABLE forecast_model (
  -- hash of what it was trained on and how: the same data and settings give the same version
  version      CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  -- grows with every model: the larger was begun later
  model_no     BIGINT NOT NULL AUTO_INCREMENT,
  -- training, ready
  status       VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- the message that trains it, and since when: another may take over what stands still
  claimed_by   VARCHAR(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  claimed_at   DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  -- of the code that trains and reads models: another code's are not forecast with
  train_version INT NOT NULL,
  -- last day whose demand it has seen
  as_of        DATE NOT NULL,
  -- series that it was trained on, and their weeks together
  series       INT NOT NULL,
  series_weeks INT NOT NULL,
  -- weeks ahead
  horizon      INT NOT NULL,
  created_at   DATETIME(3) NULL,
  -- weights of its members and factors of its spread, by kind of demand
  weights      JSON NULL,
  -- where the file lies in the data bucket, its bytes there, and the SHA-256 of what it holds unpacked
  object_key   VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  size_bytes   INT NULL,
  content_hash CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  UNIQUE KEY forecast_model_no (model_no),
  KEY forecast_model_newest (status, train_version, as_of, model_no)
);

ALTER TABLE forecast_run
  -- null: every series is forecast from its own history alone
  ADD COLUMN model_version CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;
