-- Who set the policy of an item: explanations name them. Of policies that stand the audit log knows it.

ALTER TABLE item_policy
  ADD COLUMN set_by VARCHAR(100) NULL;

UPDATE item_policy i
   SET i.set_by = (SELECT a.actor
                     FROM audit_log a
                    WHERE a.subject = 'item_policy' AND a.subject_id = CONCAT(i.product_id, '|', i.location_id)
                      AND a.after_state IS NOT NULL
                    ORDER BY a.entry_id DESC
                    LIMIT 1);
