-- Where a resource stands in the log. Blind indexes are in no order: in one index over the whole log each leaf changed
-- another page of it. In stretches of 65,536 leaves only the newest stretch is written to; whoever looks for a resource looks
-- into each of them (PostgreSQL 18 skips from one to the next by itself).
CREATE INDEX leaf_resource ON data.leaf ((index >> 16), resource_index, index);
DROP INDEX data.leaf_resource_index_index_idx;
