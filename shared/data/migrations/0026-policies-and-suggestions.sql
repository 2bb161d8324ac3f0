-- How much to keep of what, on which terms and days it comes, and what planners say to suggestions.

-- Policies of classes that people have set; the others have those of the code. Class: value A..C, certainty X..Z.
CREATE TABLE class_policy (
  class        CHAR(2) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  -- see shared/core/inventory/policies/policy-rule.ts
  kind         VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- cycle-service, fill-rate, cost
  target_kind  VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  target_value DECIMAL(10, 6) NOT NULL,
  review_days  INT NOT NULL,
  CONSTRAINT class_policy_days CHECK (review_days >= 1)
);

-- What differs from that for one product at one location, from a day on; null leaves it to the class.
CREATE TABLE item_policy (
  product_id       VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location_id      VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  starts_on        DATE NOT NULL DEFAULT '1000-01-01',
  -- last day on which it holds
  ends_on          DATE NULL,
  kind             VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  target_kind      VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  target_value     DECIMAL(10, 6) NULL,
  review_days      INT NULL,
  -- the reorder point is never below the one, the order-up-to level never above the other
  minimum          INT NULL,
  maximum          INT NULL,
  -- days that are added to the lead time for safety
  safety_lead_days DECIMAL(8, 2) NULL,
  reason           VARCHAR(255) NULL,
  PRIMARY KEY (product_id, location_id, starts_on),
  CONSTRAINT item_policy_product_fk FOREIGN KEY (product_id) REFERENCES products (product_id),
  CONSTRAINT item_policy_location_fk FOREIGN KEY (location_id) REFERENCES location (location_id)
);

ALTER TABLE supplier_item
  -- units of one order at most; null: as many as wanted
  ADD COLUMN maximum_quantity INT NULL,
  -- [[from units, "price of a unit"], ...]: below the first of them, unit_cost
  ADD COLUMN price_breaks VARCHAR(1000) NULL,
  -- money that ordering it once costs, however many units
  ADD COLUMN order_cost DECIMAL(12, 4) NOT NULL DEFAULT 0;

-- When a supplier takes orders. Without a row: every day.
CREATE TABLE supplier_calendar (
  supplier_id    VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  -- JSON list of ISO weekdays, Monday 1; empty: all
  order_weekdays VARCHAR(30) NOT NULL DEFAULT '[]',
  -- JSON list of {"from": first day, "to": last day} on which nothing is taken, made or sent
  shutdowns      TEXT NOT NULL,
  CONSTRAINT supplier_calendar_fk FOREIGN KEY (supplier_id) REFERENCES supplier (supplier_id)
);

-- When a location takes goods in. Without a row: every day.
CREATE TABLE receiving_calendar (
  location_id VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  weekdays    VARCHAR(30) NOT NULL DEFAULT '[]',
  closed      TEXT NOT NULL,
  CONSTRAINT receiving_calendar_fk FOREIGN KEY (location_id) REFERENCES location (location_id)
);

-- Lead times as receipts and open orders have shown them; product '' is all of the supplier.
CREATE TABLE learnt_lead_time (
  supplier_id    VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  product_id     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- deliveries it was learnt from, and open orders that are late already
  observations   INT NOT NULL,
  late_open      INT NOT NULL,
  mean_days      DECIMAL(8, 2) NOT NULL,
  deviation_days DECIMAL(8, 2) NOT NULL,
  -- JSON: what was stated, what the supplier shows, and the newest deliveries
  evidence       TEXT NOT NULL,
  updated_at     DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (supplier_id, product_id),
  KEY learnt_lead_time_product (product_id)
);

-- The class of each series by the newest plan.
CREATE TABLE series_class (
  product_id   VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  location_id  VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  class        CHAR(2) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- revenue of the year up to the plan's day, and the forecast's error as a share of it
  yearly_value DECIMAL(20, 4) NOT NULL,
  error_share  DOUBLE NULL,
  -- since when it is in this class, and in which before
  since        DATE NOT NULL,
  previous     CHAR(2) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  PRIMARY KEY (product_id, location_id),
  KEY series_class_class (class, product_id, location_id)
);

ALTER TABLE suggestion
  DROP INDEX suggestion_need,
  DROP COLUMN open_key;

ALTER TABLE suggestion
  MODIFY supplier_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  -- purchase, or transfer from another location; then supplier_id is null
  ADD COLUMN kind VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'purchase',
  ADD COLUMN from_location VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  -- what the planner itself would order; quantity is what a person made of it
  ADD COLUMN need_quantity INT NULL,
  ADD COLUMN edited_by VARCHAR(128) NULL,
  -- the need that a person's quantity answers, and the day from which on it does not bind
  ADD COLUMN edited_need INT NULL,
  ADD COLUMN edited_until DATE NULL,
  -- units that lift the order to its supplier's minimum, part of quantity
  ADD COLUMN top_up INT NOT NULL DEFAULT 0,
  -- with status snoozed: the day on which it is open again
  ADD COLUMN snoozed_until DATE NULL,
  -- who edited, snoozed, dismissed or reopened it last, and why
  ADD COLUMN decided_by VARCHAR(128) NULL,
  ADD COLUMN decided_at DATETIME(3) NULL,
  ADD COLUMN decided_why VARCHAR(255) NULL,
  -- expected sales lost by the end of the protection interval if nothing is ordered
  ADD COLUMN money_at_risk DECIMAL(20, 4) NOT NULL DEFAULT 0,
  -- before an order placed now arrives
  ADD COLUMN stockout_probability DOUBLE NULL,
  -- on which stock and what is to come in time are used up by the mean forecast
  ADD COLUMN stockout_date DATE NULL,
  ADD COLUMN class CHAR(2) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  -- of all that the planner says: a need of the same hash is the same need, and its row stays as it is
  ADD COLUMN need_hash CHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL;

-- One open suggestion per need, and one per way of meeting it where goods lie elsewhere.
ALTER TABLE suggestion
  ADD COLUMN open_key VARCHAR(180) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
             AS (CASE WHEN status <> 'open' THEN NULL
                      WHEN kind = 'transfer' THEN CONCAT(product_id, '|', location_id, '<', from_location)
                      ELSE CONCAT(product_id, '|', location_id) END) STORED,
  ADD UNIQUE KEY suggestion_need (open_key);

CREATE INDEX suggestion_status_risk ON suggestion (status, money_at_risk DESC, suggestion_id);

CREATE INDEX suggestion_risk ON suggestion (money_at_risk DESC, suggestion_id);
