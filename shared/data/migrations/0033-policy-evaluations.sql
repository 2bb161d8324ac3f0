-- What policies would have cost, class by class, and why a class has the policy that it has.

ALTER TABLE class_policy
  -- null: a person set it by hand
  ADD COLUMN why VARCHAR(255) NULL;

CREATE TABLE policy_evaluation (
  evaluation_id CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  -- running, done
  status        VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'running',
  -- see PolicyEvaluationOrder in shared/contracts/messages.ts
  ordered       JSON NOT NULL,
  requested_by  VARCHAR(128) NOT NULL,
  created_at    DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  finished_at   DATETIME(3) NULL,
  KEY policy_evaluation_created (created_at, evaluation_id)
);

-- One class of an evaluation, written once when it is judged.
CREATE TABLE policy_evaluation_class (
  evaluation_id CHAR(22) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  class         CHAR(2) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- see ClassEvaluation in shared/contracts/api/policy-evaluation.ts
  result        JSON NOT NULL,
  applied_by    VARCHAR(128) NULL,
  applied_at    DATETIME(3) NULL,
  PRIMARY KEY (evaluation_id, class),
  CONSTRAINT policy_evaluation_class_fk FOREIGN KEY (evaluation_id) REFERENCES policy_evaluation (evaluation_id)
    ON DELETE CASCADE
);
