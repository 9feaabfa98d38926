-- What was changed in the platform itself. Two tables, so that nothing is ever updated: a change that has no end is under way.
CREATE TABLE data.change (
    id           uuid PRIMARY KEY,
    what         text NOT NULL,
    from_version text,
    to_version   text NOT NULL,
    planned_from timestamptz,
    planned_to   timestamptz,
    begun        timestamptz NOT NULL,
    backup       text,
    actor_kind   text NOT NULL,
    actor        text NOT NULL,
    CHECK ((planned_from IS NULL) = (planned_to IS NULL))
);
CREATE INDEX ON data.change (begun, id);
SELECT kit.captured('data.change');

CREATE TABLE data.change_end (
    change  uuid PRIMARY KEY REFERENCES data.change,
    ended   timestamptz NOT NULL,
    outcome text NOT NULL,
    reason  text
);
SELECT kit.captured('data.change_end');

-- When each backup was complete, as backup-service told: "after a backup" is not taken from whoever reports the change.
CREATE TABLE data.backup_seen (
    backup       text PRIMARY KEY,
    completed_at timestamptz NOT NULL
);
SELECT kit.captured('data.backup_seen');

REVOKE UPDATE, DELETE ON data.change, data.change_end, data.backup_seen FROM audit_service;
