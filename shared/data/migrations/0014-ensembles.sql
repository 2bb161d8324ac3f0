-- Weights of models of a category's own weekly sums, trained on demand.

CREATE TABLE ensemble (
  -- the category as its group of a run is named
  category         VARCHAR(100) NOT NULL PRIMARY KEY,
  -- last day that the training knew, and weeks it had
  as_of            DATE NOT NULL,
  points           INT NOT NULL,
  -- newest weeks that members were judged by, and forecasts of each
  validation_weeks INT NOT NULL,
  judged           INT NOT NULL,
  -- [{"name","weight","errors":{"mae","rmse","wape","smape","bias"}}]; weights sum to 1
  members          JSON NOT NULL,
  -- [{"name","reason"}]
  left_out         JSON NOT NULL,
  trained_at       DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  trained_by       VARCHAR(100) NOT NULL
);
