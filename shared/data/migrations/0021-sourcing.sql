-- Products that were found by a search, and how the search went.

CREATE TABLE sourcing (
  sourcing_id   VARCHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  -- what is to be done, with all choices made
  work          JSON NOT NULL,
  requested_by  VARCHAR(128) NOT NULL,
  status        VARCHAR(20) NOT NULL DEFAULT 'running',
  -- calls of the search API; counted before each
  searches      INT NOT NULL DEFAULT 0,
  most_searches INT NOT NULL,
  created_at    DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  finished_at   DATETIME(3) NULL
);

CREATE TABLE sourcing_category (
  sourcing_id VARCHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  position    INT NOT NULL,
  category    VARCHAR(100) NOT NULL,
  -- waiting, done or skipped
  status      VARCHAR(20) NOT NULL DEFAULT 'waiting',
  reason      VARCHAR(500) NULL,
  results     INT NOT NULL DEFAULT 0,
  sponsored   INT NOT NULL DEFAULT 0,
  unusable    INT NOT NULL DEFAULT 0,
  known       INT NOT NULL DEFAULT 0,
  products    INT NOT NULL DEFAULT 0,
  stock       INT NOT NULL DEFAULT 0,
  held_back   INT NOT NULL DEFAULT 0,
  PRIMARY KEY (sourcing_id, position),
  CONSTRAINT sourcing_category_sourcing_fk FOREIGN KEY (sourcing_id) REFERENCES sourcing (sourcing_id)
);

CREATE TABLE sourced_product (
  product_id  VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  sourcing_id VARCHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  position    INT NOT NULL,
  engine      VARCHAR(20) NOT NULL,
  country     CHAR(2) NOT NULL,
  -- its identity in the market where it was found: it is sourced once
  source_id   VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  title       VARCHAR(500) NOT NULL,
  rating      DECIMAL(4, 2) NULL,
  reviews     INT NULL,
  location_id VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  quantity    INT NOT NULL,
  UNIQUE KEY sourced_product_source (engine, country, source_id),
  KEY sourced_product_sourcing (sourcing_id, position, product_id),
  CONSTRAINT sourced_product_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id),
  CONSTRAINT sourced_product_category_fk FOREIGN KEY (sourcing_id, position)
    REFERENCES sourcing_category (sourcing_id, position)
);

-- Last serial number given out in a country on a day; the row's lock is what makes numbers unique.
CREATE TABLE product_serial (
  country     CHAR(2) NOT NULL,
  day         DATE NOT NULL,
  last_serial INT NOT NULL,
  PRIMARY KEY (country, day)
);
