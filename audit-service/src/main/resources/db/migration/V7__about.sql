-- What else an entry is found by, beside its actor and its resource: the grant it was done under, the records somebody
-- looked at. Few entries have any. Blind indexes, as in the entry itself.
CREATE TABLE data.about (
    value    bytea NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (value, event_id)
);
CREATE INDEX ON data.about (event_id);
SELECT kit.captured('data.about');
REVOKE UPDATE, DELETE ON data.about FROM audit_service;
