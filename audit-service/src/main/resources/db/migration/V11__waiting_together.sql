-- What came together waits together: one row for all of it, which is found by its first entry. With a row for each entry,
-- those that had gone were so many that to look for what waits, and to take it away, cost more than to log it.
ALTER TABLE data.waiting ADD COLUMN entries bigint[];
ALTER TABLE data.waiting
    ALTER COLUMN entries TYPE bigint[] USING ARRAY[entry_id],
    ALTER COLUMN entries SET NOT NULL;
ALTER TABLE data.waiting RENAME COLUMN entry_id TO first_entry;
