-- What is sold, where it lies, who sells it to us and who buys it.

CREATE TABLE setting (
  name  VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  value VARCHAR(255) NOT NULL
);

CREATE TABLE location (
  location_id VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  name        VARCHAR(100) NOT NULL,
  parent_id   VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  CONSTRAINT location_parent_fk FOREIGN KEY (parent_id) REFERENCES location (location_id)
);

INSERT INTO location (location_id, name) VALUES ('MAIN', 'Main warehouse');

INSERT INTO setting (name, value) VALUES ('default_location', 'MAIN');

CREATE TABLE products (
  product_id         VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  product_name       VARCHAR(255) NOT NULL,
  category           VARCHAR(100) NULL,
  brand              VARCHAR(100) NULL,
  unit_price         DECIMAL(12, 4) NULL,
  cost               DECIMAL(12, 4) NULL,
  -- services (postage, fees) are sold but never stocked nor forecast
  is_service         TINYINT(1) NOT NULL DEFAULT 0,
  backorders_allowed TINYINT(1) NOT NULL DEFAULT 0,
  reorder_threshold  INT NULL,
  reorder_quantity   INT NULL,
  is_active          TINYINT(1) NOT NULL DEFAULT 1,
  is_synthetic       TINYINT(1) NOT NULL DEFAULT 0,
  created_at         DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at         DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  KEY products_category (category, product_id)
);

CREATE TABLE supplier (
  supplier_id   VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  supplier_name VARCHAR(255) NOT NULL,
  currency      CHAR(3) NOT NULL DEFAULT 'GBP',
  minimum_order DECIMAL(12, 2) NOT NULL DEFAULT 0,
  is_active     TINYINT(1) NOT NULL DEFAULT 1,
  is_synthetic  TINYINT(1) NOT NULL DEFAULT 0,
  created_at    DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
);

CREATE TABLE supplier_item (
  supplier_id         VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  product_id          VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  unit_cost           DECIMAL(12, 4) NOT NULL,
  lead_time_days      DECIMAL(8, 2) NOT NULL,
  lead_time_deviation DECIMAL(8, 2) NOT NULL DEFAULT 0,
  minimum_quantity    INT NOT NULL DEFAULT 1,
  order_multiple      INT NOT NULL DEFAULT 1,
  -- the supplier with the lowest priority number supplies
  priority            INT NOT NULL DEFAULT 1,
  is_synthetic        TINYINT(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (supplier_id, product_id),
  KEY supplier_item_product (product_id, priority, supplier_id),
  CONSTRAINT supplier_item_supplier_fk FOREIGN KEY (supplier_id) REFERENCES supplier (supplier_id),
  CONSTRAINT supplier_item_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id),
  CONSTRAINT supplier_item_multiple CHECK (order_multiple >= 1 AND minimum_quantity >= 0 AND lead_time_days >= 0)
);

CREATE TABLE seller (
  seller_id  VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  name       VARCHAR(255) NOT NULL,
  is_active  TINYINT(1) NOT NULL DEFAULT 1,
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
);

CREATE TABLE customer (
  customer_id   VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  name          VARCHAR(255) NOT NULL,
  customer_type VARCHAR(20) NOT NULL DEFAULT 'New',
  city          VARCHAR(100) NULL,
  state         VARCHAR(100) NULL,
  country       VARCHAR(100) NULL,
  is_active     TINYINT(1) NOT NULL DEFAULT 1,
  created_at    DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
);
