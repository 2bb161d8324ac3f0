-- Secrets of shops that are as long as the API takes them, and shops that may tell us nothing any more.

ALTER TABLE webhook_connection
  -- encrypted with a key that only Secrets Manager holds
  MODIFY COLUMN sealed_secret VARCHAR(4000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- 0: whatever comes by it is refused
  ADD COLUMN is_active TINYINT NOT NULL DEFAULT 1;
