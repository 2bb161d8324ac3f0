-- Purchase orders from draft to closed: who did what when, what was promised, what it costs until it is here.

ALTER TABLE purchase_order
  DROP INDEX purchase_order_draft,
  DROP COLUMN draft_key;

-- draft, submitted, approved, sent, acknowledged, partially_received, received, closed, cancelled, rejected:
-- see shared/core/inventory/purchase-order-states.ts
ALTER TABLE purchase_order
  -- 1: a person made or changed it: it mirrors no suggestions any more
  ADD COLUMN is_own             TINYINT(1) NOT NULL DEFAULT 0,
  ADD COLUMN created_by         VARCHAR(128) NULL,
  ADD COLUMN note               VARCHAR(1000) NULL,
  ADD COLUMN submitted_by       VARCHAR(128) NULL,
  ADD COLUMN submitted_at       DATETIME(3) NULL,
  ADD COLUMN sent_by            VARCHAR(128) NULL,
  ADD COLUMN sent_at            DATETIME(3) NULL,
  ADD COLUMN acknowledged_by    VARCHAR(128) NULL,
  ADD COLUMN acknowledged_at    DATETIME(3) NULL,
  -- what the supplier calls it
  ADD COLUMN supplier_reference VARCHAR(100) NULL,
  -- the business day of its approval, from which lead times count; null for imported orders: the day of approved_at
  ADD COLUMN ordered_on         DATE NULL;

-- At most one draft per supplier and location mirrors suggestions.
ALTER TABLE purchase_order
  ADD COLUMN draft_key VARCHAR(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
             AS (CASE WHEN status = 'draft' AND is_own = 0 THEN CONCAT(supplier_id, '|', location_id) ELSE NULL END) STORED,
  ADD UNIQUE KEY purchase_order_draft (draft_key),
  ADD KEY purchase_order_of_supplier (supplier_id, ordered_on);

ALTER TABLE purchase_order_line
  -- as it was approved; quantity, unit_cost and expected_date are what the supplier has made of it. Null before
  ADD COLUMN ordered_quantity  INT NULL,
  ADD COLUMN ordered_unit_cost DECIMAL(12, 4) NULL,
  ADD COLUMN ordered_date      DATE NULL,
  -- the first day that the supplier promised
  ADD COLUMN promised_date     DATE NULL,
  -- when it is expected instead, once its day is over and nothing came; null while it may still come in time
  ADD COLUMN revised_date      DATE NULL;

ALTER TABLE purchase_receipt
  -- why more was taken than was ordered
  ADD COLUMN accept_reason VARCHAR(255) NULL;

ALTER TABLE purchase_receipt_line
  -- price of a unit, and what it has cost once it is here, by what was known when it came
  ADD COLUMN unit_cost        DECIMAL(12, 4) NULL,
  ADD COLUMN landed_unit_cost DECIMAL(16, 6) NULL,
  -- JSON: [{"lot_code", "expiry_date", "quantity"}], null where nobody said
  ADD COLUMN lots             TEXT NULL;

-- Freight, duty and other charges on an order.
CREATE TABLE purchase_order_charge (
  purchase_order_id BIGINT NOT NULL,
  charge_no         INT NOT NULL,
  -- freight, duty, insurance, other
  kind              VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  amount            DECIMAL(12, 2) NOT NULL,
  -- value, quantity, weight
  basis             VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  note              VARCHAR(255) NULL,
  PRIMARY KEY (purchase_order_id, charge_no),
  CONSTRAINT purchase_order_charge_fk FOREIGN KEY (purchase_order_id)
    REFERENCES purchase_order (purchase_order_id) ON DELETE CASCADE,
  CONSTRAINT purchase_order_charge_amount CHECK (amount >= 0)
);

-- What a unit of a line weighs, for charges by weight.
ALTER TABLE purchase_order_line
  ADD COLUMN unit_weight DECIMAL(12, 4) NULL;

-- Up to which amount a role may approve an order in a currency; null: any. A role without a row in any currency has what
-- shared/core/inventory/approval.ts says.
CREATE TABLE approval_limit (
  role       VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  currency   CHAR(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  max_amount DECIMAL(14, 2) NULL,
  PRIMARY KEY (role, currency)
);

-- Under which circumstances a draft becomes an order without a person. Null conditions hold for everything.
CREATE TABLE auto_restock_rule (
  rule_id         VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  is_active       TINYINT(1) NOT NULL DEFAULT 0,
  -- rules with lower numbers are asked first
  priority        INT NOT NULL DEFAULT 100,
  supplier_id     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  location_id     VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  category        VARCHAR(100) NULL,
  -- value A..C and certainty X..Z, or one of the two
  class           VARCHAR(2) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  currency        CHAR(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  max_order_value DECIMAL(14, 2) NOT NULL,
  max_day_value   DECIMAL(14, 2) NOT NULL,
  usual_only      TINYINT(1) NOT NULL DEFAULT 1,
  due_only        TINYINT(1) NOT NULL DEFAULT 1,
  CONSTRAINT auto_restock_rule_supplier_fk FOREIGN KEY (supplier_id) REFERENCES supplier (supplier_id),
  CONSTRAINT auto_restock_rule_location_fk FOREIGN KEY (location_id) REFERENCES location (location_id),
  CONSTRAINT auto_restock_rule_values CHECK (max_order_value >= 0 AND max_day_value >= 0)
);

-- What a rule has ordered on a business day. No foreign key: what was spent stays known without its rule.
CREATE TABLE auto_restock_day (
  rule_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  day     DATE NOT NULL,
  spent   DECIMAL(14, 2) NOT NULL DEFAULT 0,
  orders  INT NOT NULL DEFAULT 0,
  PRIMARY KEY (rule_id, day)
);
