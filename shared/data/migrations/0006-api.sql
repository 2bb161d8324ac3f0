-- What the API keeps of its callers.

-- Requests of one caller in one window of time.
CREATE TABLE request_window (
  -- an address or a user, with the length of the window
  subject      VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  window_start DATETIME(3) NOT NULL,
  requests     INT NOT NULL,
  PRIMARY KEY (subject, window_start),
  KEY request_window_start (window_start)
);

-- Old answers are forgotten by age.
CREATE INDEX idempotency_created ON idempotency (created_at);
