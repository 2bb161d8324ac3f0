-- A user's name may have 128 characters wherever it is kept, and two names are one only when every character is.

ALTER TABLE inventory_log
  MODIFY actor VARCHAR(128) NOT NULL;

ALTER TABLE idempotency
  MODIFY username VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL;

ALTER TABLE stream_connection
  MODIFY username VARCHAR(128) NOT NULL;

ALTER TABLE stream_ticket
  MODIFY username VARCHAR(128) NOT NULL;

ALTER TABLE purchase_order
  MODIFY approved_by VARCHAR(128) NULL,
  MODIFY closed_by VARCHAR(128) NULL;

ALTER TABLE alert
  MODIFY closed_by VARCHAR(128) NULL;

ALTER TABLE demand_signal
  MODIFY created_by VARCHAR(128) NULL;

ALTER TABLE ensemble
  MODIFY trained_by VARCHAR(128) NOT NULL;

ALTER TABLE transfer
  MODIFY created_by VARCHAR(128) NOT NULL,
  MODIFY ended_by VARCHAR(128) NULL;

ALTER TABLE reservation
  MODIFY created_by VARCHAR(128) NOT NULL,
  MODIFY ended_by VARCHAR(128) NULL;

ALTER TABLE lost_sale
  MODIFY actor VARCHAR(128) NOT NULL;

ALTER TABLE order_return
  MODIFY actor VARCHAR(128) NOT NULL;

ALTER TABLE stock_count
  MODIFY opened_by VARCHAR(128) NOT NULL,
  MODIFY closed_by VARCHAR(128) NULL;

ALTER TABLE stock_count_line
  MODIFY counted_by VARCHAR(128) NULL;

ALTER TABLE purchase_receipt
  MODIFY actor VARCHAR(128) NOT NULL;

ALTER TABLE import_job
  MODIFY undone_by VARCHAR(128) NULL;

ALTER TABLE import_mapping
  MODIFY created_by VARCHAR(128) NOT NULL;

ALTER TABLE webhook_connection
  MODIFY created_by VARCHAR(128) NOT NULL;

ALTER TABLE webhook_subscription
  MODIFY created_by VARCHAR(128) NOT NULL;

ALTER TABLE audit
  MODIFY asked_by VARCHAR(128) NULL;

ALTER TABLE audit_log
  MODIFY actor VARCHAR(128) NOT NULL;
