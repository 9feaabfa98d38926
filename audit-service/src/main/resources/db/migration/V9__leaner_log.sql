-- An event is in the log once because its entry is unique and a leaf is of one entry. A second index over the events'
-- ids cost more than any other: they are in no order, so that each leaf changed another page of it.
ALTER TABLE data.leaf DROP CONSTRAINT leaf_event_id_key;
