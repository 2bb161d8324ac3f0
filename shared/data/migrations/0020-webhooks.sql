-- Shops that tell us what happens, systems that we tell, and the feed of stock that can be resumed.

CREATE TABLE webhook_connection (
  -- part of the address to which the shop posts, and of the ids of its orders
  connection_id    VARCHAR(24) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  -- shopify, woocommerce, square
  source_system    VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  name             VARCHAR(100) NOT NULL,
  -- where orders leave from that name no location of ours
  location_id      VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- {"id of the shop's location": location_id}
  locations        JSON NOT NULL,
  -- encrypted with a key that only Secrets Manager holds
  sealed_secret    VARCHAR(600) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- the address as the shop knows it, where its signature covers it and it is not the one we see
  notification_url VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  created_by       VARCHAR(100) NOT NULL,
  created_at       DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  CONSTRAINT webhook_connection_location_fk FOREIGN KEY (location_id) REFERENCES location (location_id)
);

-- What came in with a right signature. The payload holds the fields that we read, never who bought.
CREATE TABLE webhook_event (
  connection_id  VARCHAR(24) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  event_id       VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  topic          VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- applied, waiting (for what it speaks of), stale (something newer was here), ignored (not ours to follow)
  status         VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  detail         VARCHAR(255) NULL,
  payload        MEDIUMTEXT NULL,
  -- of the bytes as they came
  payload_sha256 CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  received_at    DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (connection_id, event_id),
  KEY webhook_event_received (received_at),
  CONSTRAINT webhook_event_connection_fk FOREIGN KEY (connection_id) REFERENCES webhook_connection (connection_id)
);

-- An order of a shop: all that its events have said together, in whatever order they came.
CREATE TABLE channel_order (
  connection_id VARCHAR(24) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  external_id   VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  state         MEDIUMTEXT NOT NULL,
  updated_at    DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (connection_id, external_id)
);

-- Which product a shop means by an id of its own.
CREATE TABLE channel_item (
  connection_id VARCHAR(24) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  external_id   VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- null: levels of it have come, its product is not known yet
  product_id    VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  -- of the statement that named the product: an older one does not replace it
  named_at      DATETIME(3) NULL,
  PRIMARY KEY (connection_id, external_id),
  KEY channel_item_product (product_id)
);

-- The newest level that a shop stated for an item at a location. Movements that come late and happened before it are
-- made up for, so that the ledger always says at that time what was stated.
CREATE TABLE channel_level (
  connection_id VARCHAR(24) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  external_id   VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location_id   VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  quantity      INT NOT NULL,
  stated_at     DATETIME(3) NOT NULL,
  PRIMARY KEY (connection_id, external_id, location_id),
  CONSTRAINT channel_level_location_fk FOREIGN KEY (location_id) REFERENCES location (location_id)
);

-- Who hears of our events by webhook.
CREATE TABLE webhook_subscription (
  subscription_id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  url             VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- ["stock.updated", ...]; ["*"] is every type
  event_types     JSON NOT NULL,
  sealed_secret   VARCHAR(600) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- active, suspended (it failed for too long), deleted
  status          VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'active',
  -- deliveries given up one after the other
  dead_in_a_row   INT NOT NULL DEFAULT 0,
  created_by      VARCHAR(100) NOT NULL,
  created_at      DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
);

-- One event for one subscriber, and what became of it.
CREATE TABLE webhook_delivery (
  delivery_id     BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  subscription_id BIGINT NOT NULL,
  event_id        CHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  event_type      VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- the envelope, byte for byte as it is sent
  body            MEDIUMTEXT NOT NULL,
  -- pending, delivered, dead
  status          VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'pending',
  attempts        INT NOT NULL DEFAULT 0,
  -- HTTP status of the last attempt; null where none came
  last_status     INT NULL,
  last_error      VARCHAR(255) NULL,
  next_attempt_at DATETIME(3) NULL,
  created_at      DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  ended_at        DATETIME(3) NULL,
  UNIQUE KEY webhook_delivery_event (subscription_id, event_id),
  KEY webhook_delivery_created (created_at),
  CONSTRAINT webhook_delivery_subscription_fk FOREIGN KEY (subscription_id)
    REFERENCES webhook_subscription (subscription_id)
);

-- Positions whose stock a transaction changed, written by that transaction. The feed numbers them after the commit:
-- numbers that were handed out before it would come out of order, and who reads on from the highest would miss some.
CREATE TABLE stock_change (
  change_id  BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  -- [[product_id, location_id, level before, level after], ...]
  positions  MEDIUMTEXT NOT NULL,
  changed_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  -- place in the feed; null until somebody reads it
  feed_no    BIGINT NULL,
  -- not unique: the check would lock the gap into which writers insert; whoever holds stock_feed keeps them apart
  KEY stock_change_feed (feed_no),
  KEY stock_change_age (changed_at)
);

-- One row: whoever holds it numbers the feed.
CREATE TABLE stock_feed (
  feed_id      INT NOT NULL PRIMARY KEY,
  last_no      BIGINT NOT NULL,
  -- changes up to here are forgotten
  forgotten_no BIGINT NOT NULL
);

INSERT INTO stock_feed (feed_id, last_no, forgotten_no) VALUES (1, 0, 0);
