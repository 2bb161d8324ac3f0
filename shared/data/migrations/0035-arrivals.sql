-- How old stock is, and what was bought and sold, from the index alone: of 1.4 million movements in 0.4 s of the database's
-- time instead of 5, most of which went into looking up what kind of movement each is.
ALTER TABLE inventory_log
  DROP KEY inventory_log_position,
  ADD KEY inventory_log_position (product_id, warehouse, date, quantity_change, knowledge, change_type);
